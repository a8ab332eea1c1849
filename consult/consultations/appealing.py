"""Appeals: authors ask for a second look with their code, and another moderator gives it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from consult.consultations import sealing
from consult.consultations.models.contributed import State
from consult.consultations.models.moderated import Act, Decision
from consult.consultations.moderating import KINDS, MOVES, Which, move
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import clean
from consult.processes.models import Activity

APPEALABLE: Final = (Act.REFUSE, Act.REDACT, Act.SET_APART)
LONGEST: Final = 2000
"""Characters of an appeal."""


def own_decision(session: Session, activity_id: uuid.UUID, digest: bytes, decision_id: uuid.UUID) -> Decision | None:
    """A decision about a contribution of whoever has this code; of anybody else's there is none."""
    wanted = select(Decision).where(Decision.activity_id == activity_id, Decision.id == decision_id)
    found = session.scalar(wanted.where(Decision.act.in_(APPEALABLE)))
    if found is None:
        return None
    model = KINDS[found.object]
    author = select(model.code).where(model.activity_id == activity_id, model.id == found.object_id)
    return found if session.scalar(author) == digest else None


def appeal(session: Session, activity_id: uuid.UUID, digest: bytes, decision_id: uuid.UUID, words: str) -> None:
    """The author asks for a second look, once for each decision.

    Refuses `consultations.appeal.words` without any or with too many, `consultations.appeal.gone` where the decision is
    not theirs, no longer holds or was appealed already.
    """
    said = clean(words).strip()
    if not 0 < len(said) <= LONGEST:
        raise Refused(Problem("consultations.appeal.words", {"max": LONGEST}, Place(field="words")))
    if own_decision(session, activity_id, digest, decision_id) is None:
        raise Refused.because("consultations.appeal.gone")
    still = Decision.id == decision_id, Decision.appeal == "", Decision.current
    opened = session.execute(
        update(Decision).where(*still).values(appeal="open", appeal_words=said).returning(Decision.id)
    )
    if opened.first() is None:
        raise Refused.because("consultations.appeal.gone")
    sealing.unseal(session, activity_id)


def forget(session: Session, activity_id: uuid.UUID, objects: Collection[uuid.UUID]) -> None:
    """Nothing of what authors wrote in appeals is kept once they take back what these were about."""
    theirs = Decision.activity_id == activity_id, Decision.object_id.in_(objects)
    session.execute(update(Decision).where(*theirs, Decision.appeal == "open").values(appeal=""))
    session.execute(update(Decision).where(*theirs).values(appeal_words=""))


def waiting(session: Session, activity_id: uuid.UUID, after: uuid.UUID | None, limit: int) -> Sequence[Decision]:
    """Decisions whose authors wait for a second look, paged by key."""
    wanted = select(Decision).where(Decision.activity_id == activity_id, Decision.appeal == "open")
    if after is not None:
        wanted = wanted.where(Decision.id > after)
    return session.scalars(wanted.order_by(Decision.id).limit(limit)).all()


def settle(
    session: Session, activity: Activity, decision_id: uuid.UUID, *, upheld: bool, by: Actor, now: dt.datetime
) -> None:
    """Look a second time: the decision holds, or the contribution is shown whole.

    Refuses `consultations.appeal.same` to whoever decided first, `consultations.moderate.moved` where somebody else has
    looked already.
    """
    found = session.scalar(select(Decision).where(Decision.activity_id == activity.id, Decision.id == decision_id))
    if found is None or found.appeal != "open":
        raise Refused.because("consultations.moderate.moved")
    if found.by_id == by.id:
        raise Refused.because("consultations.appeal.same")
    outcome = "upheld" if upheld else "overturned"
    still = (
        Decision.id == decision_id,
        Decision.appeal == "open",
        or_(Decision.by_id.is_(None), Decision.by_id != by.id),
    )
    settled = session.execute(
        update(Decision).where(*still).values(appeal=outcome, appeal_by=by.id).returning(Decision.id)
    )
    if settled.first() is None:
        raise Refused.because("consultations.moderate.moved")
    details = {"kind": found.object, "ids": [str(found.object_id)], "act": found.act, "outcome": outcome}
    note(session, activity, "settle_appeal", details, by, now)
    if upheld or not found.current:
        return
    redacted = Act(found.act) is Act.REDACT
    move(
        session,
        activity,
        Which(found.object, [found.object_id]),
        Act.SHOW,
        seen=MOVES[Act(found.act)][0],
        to=State.SHOWN,
        by=by,
        now=now,
        values={"redacted": []} if redacted else {},
    )
