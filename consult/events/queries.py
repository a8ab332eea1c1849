"""What of events can be seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.events.models.planned import Event, Occasion, Target
from consult.events.models.signed import SignUp


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


def sign_up(session: Session, activity_id: uuid.UUID, digest: bytes) -> SignUp | None:
    """What somebody signed up for, by the HMAC of their code, as it is now."""
    mine = select(SignUp).where(SignUp.activity_id == activity_id, SignUp.code == digest)
    return session.scalar(mine.execution_options(populate_existing=True))


def counted(session: Session, activity_id: uuid.UUID) -> frozenset[str]:
    """The questions of the screening that the profile grid counts."""
    cells = session.scalars(select(Target.cell).where(Target.activity_id == activity_id))
    return frozenset(question for cell in cells for question in cell)
