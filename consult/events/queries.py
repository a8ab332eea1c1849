"""What of events can be seen."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consult.events.models.planned import Event, Handout, Occasion, Slot, Target
from consult.events.models.signed import SignUp
from consult.processes.models import Activity

_LARGEST: Final = 2**31 - 1


def event(session: Session, activity_id: uuid.UUID) -> Event:
    """What an activity is about; nothing yet where nothing was decided."""
    return session.get(Event, activity_id) or Event.unset(activity_id)


def events(session: Session) -> Sequence[uuid.UUID]:
    """The activities of which anything was decided."""
    return session.scalars(select(Event.activity_id)).all()


def occasions(session: Session, activity_id: uuid.UUID) -> Sequence[Occasion]:
    """The occasions on which an event is held, in the order of their numbers."""
    wanted = select(Occasion).where(Occasion.activity_id == activity_id)
    return session.scalars(wanted.order_by(Occasion.number)).all()


def occasion(session: Session, activity_id: uuid.UUID, number: int) -> Occasion | None:
    """One of them; `number` as an address names it, which may be more, or less, than the column holds."""
    known = max(0, min(number, _LARGEST))
    wanted = select(Occasion).where(Occasion.activity_id == activity_id, Occasion.number == known)
    return session.scalar(wanted)


def slots(session: Session, occasion_id: uuid.UUID) -> Sequence[Slot]:
    """The programme of an occasion, in its order."""
    wanted = select(Slot).where(Slot.occasion_id == occasion_id)
    return session.scalars(wanted.order_by(Slot.position, Slot.id)).all()


def handouts(session: Session, activity_id: uuid.UUID) -> Sequence[Handout]:
    """The documents for those who take part, by their names as files."""
    wanted = select(Handout).where(Handout.activity_id == activity_id)
    return session.scalars(wanted.order_by(Handout.filename, Handout.id)).all()


def targets(session: Session, activity_id: uuid.UUID) -> Sequence[Target]:
    """The profile grid, in its order."""
    wanted = select(Target).where(Target.activity_id == activity_id)
    return session.scalars(wanted.order_by(Target.position, Target.id)).all()


def sign_up(session: Session, activity_id: uuid.UUID, digest: bytes) -> SignUp | None:
    """What somebody signed up for, by the HMAC of their code, as it is now."""
    mine = select(SignUp).where(SignUp.activity_id == activity_id, SignUp.code == digest)
    return session.scalar(mine.execution_options(populate_existing=True))


def counted(session: Session, activity_id: uuid.UUID) -> frozenset[str]:
    """The questions of the screening that the profile grid counts."""
    return frozenset(question for target in targets(session, activity_id) for question in target.cell)


def sign_up_ends(activity: Activity, occasion: Occasion) -> dt.datetime:
    """From when on nobody can sign up for an occasion: its own end, the activity's or its start, what comes first."""
    return min(_ends(occasion), activity.closes_at or occasion.starts_at)


def takes(occasion: Occasion, now: dt.datetime) -> bool:
    """Whether one can still sign up for an occasion, as far as that lies with it and not with its activity."""
    return occasion.state == "planned" and now < _ends(occasion)


def _ends(occasion: Occasion) -> dt.datetime:
    return min(occasion.starts_at, occasion.sign_up_until or occasion.starts_at)


def with_feedback(session: Session, process_id: uuid.UUID) -> Sequence[Event]:
    """The events of a process that have a feedback questionnaire, by their addresses."""
    wanted = select(Event).join(Activity, Activity.id == Event.activity_id).options(joinedload(Event.activity))
    found = wanted.where(Activity.process_id == process_id, Event.feedback_id.is_not(None))
    return session.scalars(found.order_by(Activity.slug)).all()
