"""What institutions answer to what was said."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised, UTCDateTime


class Outcome(StrEnum):
    """What comes of what was said."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    DECLINED = "declined"
    NOTED = "noted"


class OfficialAnswer(Base):
    """What institutions answer to what was said: drafted by several, approved by the lead, published together."""

    __tablename__ = "official_answers"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'approved', 'published')", name="state"),
        Index(None, "activity_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    institutions: Mapped[list[str]] = mapped_column(Json, default=list)
    """Ids of the institutions that answer."""
    said: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What was said, in the officers' words."""
    did: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What comes of it, or why nothing does."""
    outcome: Mapped[str] = mapped_column(String(10), default="")
    """An `Outcome`; empty as long as nobody has said."""
    state: Mapped[str] = mapped_column(String(10), default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    """Counts its changes, so that nobody approves of another text than they read."""
    drafted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    """Who changed it last."""
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class AnswerTo(Base):
    """To what an official answer answers: a theme, a paragraph, or a comment with those that say nearly the same."""

    __tablename__ = "answers_to"
    __table_args__ = (CheckConstraint("kind IN ('theme', 'part', 'comment', 'submission')", name="kind"),)

    answer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("official_answers.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    target: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Code of the theme, id of the paragraph, comment or submission."""
