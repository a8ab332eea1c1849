"""What of events can be seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consult.events.models.planned import Event, Occasion
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


def with_feedback(session: Session, process_id: uuid.UUID) -> Sequence[Event]:
    """The events of a process that have a feedback questionnaire, by their addresses."""
    wanted = select(Event).join(Activity, Activity.id == Event.activity_id).options(joinedload(Event.activity))
    found = wanted.where(Activity.process_id == process_id, Event.feedback_id.is_not(None))
    return session.scalars(found.order_by(Activity.slug)).all()
