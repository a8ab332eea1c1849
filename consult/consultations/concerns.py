"""Protection concerns: contributions in which somebody saw abuse or danger, and what the focal point did.

Where staff flag a contribution it leaves the public flow at once: their names stand in the trail. Where a participant
does it stays in its place, at the head of the queue, until a moderator or the focal point has looked: otherwise
anybody could silence everybody. What was written about it, the focal point alone reads.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations import queries, sealing
from consult.consultations.models.contributed import State
from consult.consultations.models.moderated import Act, Concern
from consult.consultations.moderating import KINDS, MOVES, Which, move
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import clean
from consult.participation.service import day
from consult.processes import queries as processes
from consult.processes.models import Activity, Seat

LONGEST: Final = 2000
"""Characters of what somebody writes to the focal point, and of what that writes down."""
KEPT: Final = 50
"""Notes of participants about one contribution: more would tell the focal point nothing new."""


def readers(session: Session, activity: Activity, today: dt.date) -> Sequence[User]:
    """Who reads concerns: the focal point while they run the process, else its leads, else whoever runs it."""
    running = processes.running(session, activity.process, today)
    focal_id = queries.consultation(session, activity.id).focal_id
    named = [user for user in running if user.id == focal_id]
    leads = {member.user_id for member in processes.members(session, activity.process_id) if member.seat == Seat.LEAD}
    return named or [user for user in running if user.id in leads] or running


def reads(session: Session, activity: Activity, by: Actor, today: dt.date) -> bool:
    """Whether somebody is one of them."""
    return any(user.id == by.id for user in readers(session, activity, today))


def flag(
    session: Session,
    activity: Activity,
    kind: str,
    object_id: uuid.UUID,
    words: str,
    *,
    seen: State,
    by: Actor,
    now: dt.datetime,
) -> None:
    """Staff hand a contribution to the focal point; nobody else sees it then.

    Refuses `consultations.concern.words` and `consultations.moderate.moved`.
    """
    said = _said(words)
    taken = 0
    if seen in MOVES[Act.CONCERN][1]:
        which = Which(kind, [object_id])
        taken = move(session, activity, which, Act.CONCERN, seen=seen, to=State.CONCERN, by=by, now=now)
    if not taken:
        raise Refused.because("consultations.moderate.moved")
    session.add(
        Concern(
            activity_id=activity.id,
            object=kind,
            object_id=object_id,
            before=seen,
            words=said,
            day=day(now, activity.time_zone),
        )
    )
    session.flush()


def flag_as_participant(
    session: Session, activity_id: uuid.UUID, kind: str, object_id: uuid.UUID, words: str, *, today: dt.date
) -> None:
    """A participant tells the focal point of something that is shown; it stays in its place until somebody has looked.

    Refuses `consultations.concern.words`, and `consultations.concern.gone` where it is not shown any more.
    """
    said = _said(words)
    model = KINDS[kind]
    shown = select(model.id).where(model.activity_id == activity_id, model.id == object_id, model.state == State.SHOWN)
    if session.scalar(shown) is None:
        raise Refused.because("consultations.concern.gone")
    told = select(func.count()).where(Concern.activity_id == activity_id, Concern.object_id == object_id)
    if (session.scalar(told.where(Concern.done == "", Concern.before == "")) or 0) < KEPT:
        session.add(Concern(activity_id=activity_id, object=kind, object_id=object_id, words=said, day=today))
        session.flush()
        sealing.unseal(session, activity_id)


def let_stand(
    session: Session, activity: Activity, kind: str, object_id: uuid.UUID, *, by: Actor, now: dt.datetime
) -> None:
    """A moderator has looked at what a participant flagged and leaves it in its place; the focal point decides."""
    open_ = Concern.activity_id == activity.id, Concern.object_id == object_id, Concern.done == ""
    fresh = update(Concern).where(*open_, Concern.before == "", Concern.looked.is_(False))
    looked = session.execute(fresh.values(looked=True).returning(Concern.id)).all()
    if looked:
        note(session, activity, "let_stand", {"kind": kind, "ids": [str(object_id)]}, by, now)


def unlooked(
    session: Session, activity_id: uuid.UUID, *, among: Collection[uuid.UUID] = (), limit: int = 1
) -> list[tuple[str, uuid.UUID]]:
    """Kinds and ids of what participants flagged and no moderator has looked at; `among` some, if any are given."""
    wanted = select(Concern.object, Concern.object_id).where(Concern.activity_id == activity_id)
    wanted = wanted.where(Concern.done == "", Concern.before == "", Concern.looked.is_(False)).distinct()
    if among:
        wanted = wanted.where(Concern.object_id.in_(among))
    return [(kind, object_id) for kind, object_id in session.execute(wanted.order_by(Concern.object_id).limit(limit))]


def listed(
    session: Session, activity_id: uuid.UUID, *, settled: bool, after: uuid.UUID | None, limit: int
) -> Sequence[tuple[str, uuid.UUID, int]]:
    """Contributions with concerns that are open, or with settled ones alone: kind, id, number of concerns; by key."""
    still = func.sum(case((Concern.done == "", 1), else_=0))
    wanted = select(Concern.object, Concern.object_id, func.count()).where(Concern.activity_id == activity_id)
    if after is not None:
        wanted = wanted.where(Concern.object_id > after)
    wanted = wanted.group_by(Concern.object, Concern.object_id).having(still == 0 if settled else still > 0)
    rows = session.execute(wanted.order_by(Concern.object_id).limit(limit))
    return [(kind, object_id, number) for kind, object_id, number in rows]


def of(session: Session, activity_id: uuid.UUID, object_id: uuid.UUID) -> Sequence[Concern]:
    """Everything that was said about one contribution."""
    wanted = select(Concern).where(Concern.activity_id == activity_id, Concern.object_id == object_id)
    return session.scalars(wanted.order_by(Concern.day, Concern.id)).all()


def settle(
    session: Session,
    activity: Activity,
    kind: str,
    object_id: uuid.UUID,
    done: str,
    *,
    away: bool,
    seen: State,
    by: Actor,
    now: dt.datetime,
) -> None:
    """The focal point writes down what was done, and keeps the contribution away or gives it back to where it was.

    Refuses `consultations.concern.words` and `consultations.moderate.moved`.
    """
    said = _said(done)
    found = of(session, activity.id, object_id)
    origin = next((concern.before for concern in found if concern.before), "")
    which = Which(kind, [object_id])
    model = KINDS[kind]
    held = session.scalar(select(model.state).where(model.activity_id == activity.id, model.id == object_id))
    if not found or held != seen:
        raise Refused.because("consultations.moderate.moved")
    moved = 1
    if seen == State.CONCERN and not away:
        moved = move(session, activity, which, Act.GIVE_BACK, seen=seen, to=State(origin), by=by, now=now)
        origin = ""
    elif seen in MOVES[Act.CONCERN][1] and away:
        moved = move(session, activity, which, Act.CONCERN, seen=seen, to=State.CONCERN, by=by, now=now)
        origin = seen
    if not moved:
        raise Refused.because("consultations.moderate.moved")
    for concern in found:
        concern.done = f"{concern.done}\n\n{said}".strip()
        concern.done_by, concern.before = by.id, origin
    session.flush()
    outcome = "away" if away else "back"
    note(session, activity, "settle_concern", {"kind": kind, "ids": [str(object_id)], "outcome": outcome}, by, now)


def untold(session: Session) -> Collection[uuid.UUID]:
    """Consultations with concerns that their focal points were not written about."""
    return session.scalars(select(Concern.activity_id).where(Concern.told.is_(False)).distinct()).all()


def told(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether there was anything to tell; it counts as told then."""
    fresh = update(Concern).where(Concern.activity_id == activity_id, Concern.told.is_(False)).values(told=True)
    return session.execute(fresh.returning(Concern.id)).first() is not None


def _said(words: str) -> str:
    said = clean(words).strip()
    if not 0 < len(said) <= LONGEST:
        raise Refused(Problem("consultations.concern.words", {"max": LONGEST}, Place(field="words")))
    return said
