"""Which institutions are asked to answer, and who of them are the hands."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.db.insert import insert
from consult.privacy import queries as privacy
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.responses.joint.models import Hand, Joint
from consult.responses.joint.queries import Of, of


def invite(
    session: Session, activity: Activity, institution_id: uuid.UUID, *, by: Actor | None, now: dt.datetime
) -> Of:
    """Ask an institution to answer; asked twice, it is asked once. Refuses `questionnaires.erased` once data of the
    activity were erased."""
    lock(session, activity)
    if privacy.erased_at_all(session, activity.id):
        raise Refused.because("questionnaires.erased")
    which = Of(activity.id, institution_id)
    asked = insert(session, Joint).values(
        **which._asdict(), state="open", version=0, context={}, answers="{}", complete=False
    )
    session.execute(asked.on_conflict_do_nothing())
    note(session, activity, which, "invite_institution", by, now)
    return which


def uninvite(session: Session, activity: Activity, which: Of, *, by: Actor | None, now: dt.datetime) -> None:
    """Ask it no more. Refuses `responses.joint.begun` once its hands have written something."""
    gone = session.execute(delete(Joint).where(which.own(Joint), Joint.version == 0))
    if not cast(CursorResult[tuple[()]], gone).rowcount:
        raise Refused.because("responses.joint.begun")
    note(session, activity, which, "uninvite_institution", by, now)


def name_hand(
    session: Session, joint: Joint, user_id: uuid.UUID, *, signs: bool, by: Actor | None, now: dt.datetime
) -> None:
    """Let a respondent of the institution answer, and sign or not."""
    session.merge(Hand(**of(joint)._asdict(), user_id=user_id, signs=signs))
    session.flush()
    note(session, joint.activity, of(joint), "name_hand", by, now, user=str(user_id), signs=signs)


def remove_hand(session: Session, joint: Joint, user_id: uuid.UUID, *, by: Actor | None, now: dt.datetime) -> None:
    """Let a person answer no more; what they wrote stays."""
    session.execute(delete(Hand).where(of(joint).own(Hand), Hand.user_id == user_id))
    note(session, joint.activity, of(joint), "remove_hand", by, now, user=str(user_id))


def note(
    session: Session,
    activity: Activity,
    which: Of,
    verb: str,
    by: Actor | None,
    now: dt.datetime,
    *,
    inside: bool = False,
    **details: object,
) -> None:
    """Write down what was done. What happens `inside` an institution is in its own trail alone."""
    record(
        session,
        actor=by,
        action=f"responses.{verb}",
        subject=activity.slug,
        now=now,
        process_id=None if inside else activity.process_id,
        institution_id=which.institution_id,
        details={"institution": str(which.institution_id), **details},
    )
