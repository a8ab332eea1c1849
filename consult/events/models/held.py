"""The facilitator's guide, and what was said."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised
from consult.events.models.planned import one_of


class Said(StrEnum):
    """What a note holds."""

    NOTE = "note"
    """What was said, in the words of who wrote it down."""
    QUOTE = "quote"
    """Somebody's own words, who agreed to be quoted."""
    POSITION = "position"
    """What an institution stands for."""


class View(StrEnum):
    """An institution's position on a theme."""

    SUPPORTS = "supports"
    SUPPORTS_PARTLY = "supports_partly"
    OPPOSES = "opposes"
    NONE = "none"


class GuideBlock(Base):
    """A block of the guide: what is asked on a theme, and how long that takes."""

    __tablename__ = "guide_blocks"
    __table_args__ = (Index(None, "activity_id"), CheckConstraint("minutes BETWEEN 1 AND 600", name="minutes"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.activity_id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    theme: Mapped[str] = mapped_column(String(80), default="")
    """Code of a theme of the process."""
    title: Mapped[LocalisedText] = mapped_column(Localised)
    questions: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What is asked, a question in each line."""
    probes: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What is asked further if it does not come up, one in each line."""
    minutes: Mapped[int]


class Note(Base):
    """What was said on an occasion. It names nobody: at most the role or the profile class of who said it."""

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint(f"said IN ({one_of(Said)})", name="said"),
        CheckConstraint(f"view IN ('', {one_of(View)})", name="view"),
        CheckConstraint("(said = 'position') = (institution <> '')", name="institution"),
        Index(None, "activity_id", "occasion_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.activity_id", ondelete="CASCADE"))
    occasion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occasions.id", ondelete="CASCADE"))
    block_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("guide_blocks.id", ondelete="SET NULL"))
    theme: Mapped[str] = mapped_column(String(80), default="")
    said: Mapped[str] = mapped_column(String(10), default=Said.NOTE)
    speaker: Mapped[str] = mapped_column(String(80), default="")
    """A role (`chair`, `expert`, …) or a category of the profile (`sex=female`); empty: the group."""
    people: Mapped[int | None]
    """How many of those present shared it, as the facilitator counted."""
    body: Mapped[str] = mapped_column(Text)
    consent: Mapped[bool] = mapped_column(default=False)
    """Whether who is quoted agreed to it."""
    institution: Mapped[str] = mapped_column(String(200), default="")
    """Whose position it is."""
    view: Mapped[str] = mapped_column(String(20), default="")
    confidential: Mapped[bool] = mapped_column(default=False)
    """Whether it stays with those who work on the event."""
    locale: Mapped[str] = mapped_column(String(20))
    day: Mapped[dt.date]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    revision: Mapped[int] = mapped_column(default=0)


class Summing(Base):
    """What a facilitator sums up of an occasion, for its report."""

    __tablename__ = "summings"

    occasion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occasions.id", ondelete="CASCADE"), primary_key=True)
    summary: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What came out of it: a paragraph in each line, a list where lines begin with a dash."""
    conduct: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """How it went: who was there, what was unusual, what to bear in mind."""
    themes: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """What was concluded on a theme, by its code, in the locale of the activity."""
    revision: Mapped[int] = mapped_column(default=0)


class Floor(Base):
    """Who has the floor at a hearing, and how the order of speakers was made."""

    __tablename__ = "floors"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 60", name="minutes"),
        CheckConstraint("place >= 0", name="place"),
    )

    occasion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occasions.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    """From which the order follows (`core.speaking`), as everybody was shown it."""
    turns: Mapped[str] = mapped_column(String(80), default="")
    """The question of the profile the categories of which take turns; empty: by lot alone."""
    minutes: Mapped[int]
    """How long each may speak."""
    place: Mapped[int] = mapped_column(default=0)
    """That of who speaks, in the order; 0: nobody does yet."""
