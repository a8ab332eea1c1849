"""Codebooks, the texts to be coded, what coders said of them, and translations for coders.

No row tells when a text was coded, and none holds what a participant wrote; what translators wrote of it goes with it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import BIG_TABLE, Base
from consult.db.types import Json, UTCDateTime


class ItemKind(StrEnum):
    """What a text to be coded is."""

    COMMENT = "comment"
    SUBMISSION = "submission"
    ANSWER = "answer"
    """Given to an open question of a questionnaire."""
    NOTE = "note"
    """Of what was said at an event."""


class Draft(Base):
    """The codebook of a process as it is being written."""

    __tablename__ = "codebooks"
    __table_args__ = (CheckConstraint("twice BETWEEN 0 AND 100", name="twice"),)

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON (`core.coding.codebook`)."""
    twice: Mapped[int] = mapped_column(SmallInteger, default=10)
    """Per cent of texts that two coders code."""


class Version(Base):
    """A published codebook: numbered, hashed, never changed."""

    __tablename__ = "codebook_versions"

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    maps: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """What codes of the version before that are gone count as in this one; empty: as nothing."""
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class Item(Base):
    """A text to be coded: where it is, in which language it was written, how many coders it wants."""

    __tablename__ = "coding_items"
    __table_args__ = (
        CheckConstraint("kind IN ('comment', 'submission', 'answer', 'note')", name="kind"),
        CheckConstraint("state IN ('open', 'concern')", name="state"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Of the comment, submission or note; of an answer its name (`core.coding.unlinking`), not that of its response."""
    kind: Mapped[str] = mapped_column(String(10))
    part: Mapped[str] = mapped_column(String(40), default="")
    """Key of the question that an answer was given to."""
    locale: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[int] = mapped_column(SmallInteger, default=1)
    state: Mapped[str] = mapped_column(String(10), default="open")
    """`concern`: an answer or a note that a coder flagged; nobody codes or translates it, and it is never a result."""
    concern: Mapped[str] = mapped_column(Text, default="")
    """What the coder wrote of it to the data stewards, who read it alone."""


class Coding(Base):
    """The codes that one coder gave one text, none among them; or that they leave it to others."""

    __tablename__ = "codings"
    __table_args__ = (
        CheckConstraint("state IN ('coded', 'skipped')", name="state"),
        Index(None, "coder_id"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    coder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    version: Mapped[int]
    """Of the codebook."""
    codes: Mapped[list[str]] = mapped_column(Json, default=list)
    """In alphabetical order."""
    proposed: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """By code that similar texts proposed: whether the coder took it."""
    state: Mapped[str] = mapped_column(String(10))


class Adjudication(Base):
    """The codes of a text on which two coders differed, as a third decided."""

    __tablename__ = "adjudications"
    __table_args__ = BIG_TABLE

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    codes: Mapped[list[str]] = mapped_column(Json, default=list)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class Batch(Base):
    """Answers of an activity that go to translators together, one language into one."""

    __tablename__ = "translation_batches"
    __table_args__ = (UniqueConstraint("activity_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class AnswerTranslation(Base):
    """An answer in another language, by a person; empty while it is with the translators."""

    __tablename__ = "answer_translations"
    __table_args__ = (Index(None, "batch_id"), BIG_TABLE)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("translation_batches.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
