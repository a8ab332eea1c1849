"""What an online consultation asks of people."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised, UTCDateTime
from consult.processes.models import Activity


class Phase(StrEnum):
    """What people can do in a consultation; any of these."""

    READ = "read"
    """Read a draft text and comment on it."""
    VOTE = "vote"
    """Vote on statements."""
    ASK = "ask"
    """Answer open questions."""
    SUBMIT = "submit"
    """Send a written submission."""


class Consultation(Base):
    """What an activity of the kind consultation asks."""

    __tablename__ = "consultations"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """Why people are asked, and what their contributions can change; sanitised Markdown."""
    policy: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What is shown and what is not, and why; sanitised Markdown."""
    phases: Mapped[list[str]] = mapped_column(Json, default=list)
    before: Mapped[bool] = mapped_column(default=True)
    """Whether contributions wait for a moderator before they are shown."""
    propose: Mapped[bool] = mapped_column(default=True)
    """Whether participants may propose statements."""
    focal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    """Who gets the contributions that reveal abuse or danger."""

    activity: Mapped[Activity] = relationship()

    @classmethod
    def unset(cls, activity_id: uuid.UUID) -> Consultation:
        """Before anything was decided."""
        nothing = LocalisedText()
        return cls(activity_id=activity_id, purpose=nothing, policy=nothing, phases=[], before=True, propose=True)


class DraftText(Base):
    """The text that people comment on, as officers work on it."""

    __tablename__ = "draft_texts"

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON (`core.drafting.document`)."""
    origin: Mapped[str] = mapped_column(String(200), default="")
    """Name of the file that it was read from."""


class TextVersion(Base):
    """An edition of a draft text: numbered, hashed, never changed."""

    __tablename__ = "text_versions"

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class OpenQuestion(Base):
    """A question that people answer in their own words."""

    __tablename__ = "open_questions"
    __table_args__ = (Index(None, "activity_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[LocalisedText] = mapped_column(Localised)
    theme: Mapped[str] = mapped_column(String(80), default="")
    """Code of a theme of the process."""
