"""Who may enter answers of people who cannot do it themselves: named for an activity, for an institution."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.participation.models import Interviewer
from consult.processes.models import Activity
from consult.processes.service import lock


def add(
    session: Session,
    activity: Activity,
    *,
    user_id: uuid.UUID,
    institution_id: uuid.UUID,
    by: Actor | None,
    now: dt.datetime,
) -> Interviewer:
    """Let a person enter answers of others in an activity, for an institution whose interviewer they are."""
    lock(session, activity)
    named = session.get(Interviewer, (activity.id, user_id)) or Interviewer(activity_id=activity.id, user_id=user_id)
    named.institution_id = institution_id
    session.add(named)
    session.flush()
    _note(session, activity, named, "participation.interviewer", by, now)
    return named


def remove(session: Session, activity: Activity, user_id: uuid.UUID, *, by: Actor | None, now: dt.datetime) -> None:
    """Let a person enter no more answers of others in an activity. Refuses `participation.interviewer.missing`."""
    named = session.get(Interviewer, (activity.id, user_id))
    if named is None:
        raise Refused.because("participation.interviewer.missing")
    session.delete(named)
    session.flush()
    _note(session, activity, named, "participation.remove_interviewer", by, now)


def _note(
    session: Session, activity: Activity, named: Interviewer, action: str, by: Actor | None, now: dt.datetime
) -> None:
    record(
        session,
        actor=by,
        action=action,
        subject=str(named.user_id),
        now=now,
        process_id=activity.process_id,
        details={"activity": activity.slug, "institution": str(named.institution_id)},
    )
