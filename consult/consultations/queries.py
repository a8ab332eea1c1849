"""What of consultations can be seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.models.asked import Consultation, DraftText, OpenQuestion, TextVersion
from consult.consultations.models.contributed import Comment, State
from consult.consultations.models.opinions import Statement


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


def draft_text(session: Session, activity_id: uuid.UUID) -> DraftText | None:
    """The draft text as officers work on it."""
    return session.get(DraftText, activity_id)


def versions(session: Session, activity_id: uuid.UUID) -> Sequence[TextVersion]:
    """The editions of the draft text, the latest first."""
    wanted = select(TextVersion).where(TextVersion.activity_id == activity_id)
    return session.scalars(wanted.order_by(TextVersion.number.desc())).all()


def version(session: Session, activity_id: uuid.UUID, number: int) -> TextVersion | None:
    """One edition of the draft text."""
    return session.get(TextVersion, (activity_id, number))


def comments_by_part(session: Session, activity_id: uuid.UUID) -> Sequence[tuple[int, str, int]]:
    """How many comments are shown on each part of each edition: its number, the part's id, the count."""
    wanted = select(Comment.version, Comment.part, func.count()).where(
        Comment.activity_id == activity_id,
        Comment.target == "text",
        Comment.state == State.SHOWN,
        Comment.parent_id.is_(None),
    )
    return [
        (number, part, count) for number, part, count in session.execute(wanted.group_by(Comment.version, Comment.part))
    ]


def has_statements(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether there is anything to vote on."""
    asked = select(Statement.id).where(Statement.activity_id == activity_id, Statement.state == State.SHOWN)
    return session.scalar(asked.limit(1)) is not None
