"""What moderators decide, what they are asked to look at again, and who may be in danger."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import Base

OBJECTS = "object IN ('comment', 'statement', 'submission')"


class Decision(Base):
    """What a moderator did with a contribution, for the public log: without its words and without who did it."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(OBJECTS, name="object"),
        CheckConstraint("act IN ('show', 'refuse', 'redact', 'set_apart')", name="act"),
        CheckConstraint("appeal IN ('', 'open', 'upheld', 'overturned')", name="appeal"),
        Index(None, "activity_id", "object_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    object: Mapped[str] = mapped_column(String(10))
    object_id: Mapped[uuid.UUID]
    act: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    """Code of a reason of the published policy."""
    day: Mapped[dt.date]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    appeal: Mapped[str] = mapped_column(String(10), default="")
    appeal_words: Mapped[str] = mapped_column(Text, default="")


class Concern(Base):
    """A contribution that reveals abuse or danger, as it lies with the focal point alone."""

    __tablename__ = "concerns"
    __table_args__ = (CheckConstraint(OBJECTS, name="object"), Index(None, "activity_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    object: Mapped[str] = mapped_column(String(10))
    object_id: Mapped[uuid.UUID]
    before: Mapped[str] = mapped_column(String(10))
    """State of the contribution before it was flagged."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What whoever flagged it wrote to the focal point."""
    day: Mapped[dt.date]
    done: Mapped[str] = mapped_column(Text, default="")
    """What the focal point did; empty while it is open."""
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
