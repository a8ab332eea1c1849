"""What of consultations can be seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models.asked import Consultation, OpenQuestion, TextVersion


def consultation(session: Session, activity_id: uuid.UUID) -> Consultation:
    """What an activity asks; nothing yet where nothing was decided."""
    return session.get(Consultation, activity_id) or Consultation.unset(activity_id)


def consultations(session: Session) -> Sequence[uuid.UUID]:
    """The activities that ask something."""
    return session.scalars(select(Consultation.activity_id)).all()


def questions(session: Session, activity_id: uuid.UUID) -> Sequence[OpenQuestion]:
    """The open questions of a consultation in their order."""
    wanted = select(OpenQuestion).where(OpenQuestion.activity_id == activity_id)
    return session.scalars(wanted.order_by(OpenQuestion.position, OpenQuestion.id)).all()


def latest_version(session: Session, activity_id: uuid.UUID) -> TextVersion | None:
    """The latest edition of the draft text."""
    wanted = select(TextVersion).where(TextVersion.activity_id == activity_id)
    return session.scalar(wanted.order_by(TextVersion.number.desc()).limit(1))
