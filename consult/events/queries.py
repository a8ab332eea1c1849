"""What of events can be seen."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.events.models.planned import Event, Occasion, Target
from consult.processes.models import Activity


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
    """One of them."""
    wanted = select(Occasion).where(Occasion.activity_id == activity_id, Occasion.number == number)
    return session.scalar(wanted)


def targets(session: Session, activity_id: uuid.UUID) -> Sequence[Target]:
    """The profile grid, in its order."""
    wanted = select(Target).where(Target.activity_id == activity_id)
    return session.scalars(wanted.order_by(Target.position, Target.id)).all()


def sign_up_ends(activity: Activity, occasion: Occasion) -> dt.datetime:
    """From when on nobody can sign up for an occasion: its own end, the activity's or its start, what comes first."""
    ends = (occasion.sign_up_until, activity.closes_at, occasion.starts_at)
    return min(end for end in ends if end is not None)
