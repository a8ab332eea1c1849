"""What moderators decide, what they are asked to look at again, and who may be in danger."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.models.contributed import one_of
from consult.db.base import Base


class Act(StrEnum):
    """What is decided about a contribution."""

    SHOW = "show"
    REFUSE = "refuse"
    REDACT = "redact"
    SET_APART = "set_apart"
    CONCERN = "concern"
    """It goes to the focal point; the public log is silent about it."""
    BRING_BACK = "bring_back"
    """A group that was set apart waits for moderators, who have not read all of it."""
    GIVE_BACK = "give_back"
    """The focal point returns it to where it was; likewise."""


class Reason(StrEnum):
    """Why something is not shown, or not all of it."""

    INSULT = "insult"
    NAMES_OTHERS = "names_others"
    PERSONAL_DATA = "personal_data"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"
    ILLEGAL = "illegal"
    DUPLICATE = "duplicate"


OBJECTS = "object IN ('comment', 'statement', 'submission')"


class Decision(Base):
    """What a moderator did with a contribution; the public log has neither its words nor who did it."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(OBJECTS, name="object"),
        CheckConstraint(f"act IN ({one_of(Act)})", name="act"),
        CheckConstraint(f"reason IN ('', {one_of(Reason)})", name="reason"),
        CheckConstraint("appeal IN ('', 'open', 'upheld', 'overturned')", name="appeal"),
        Index(None, "activity_id", "object_id"),
        # The public log is read from these alone.
        Index(None, "activity_id", "day", "act", "reason", "object", "locale", "appeal"),
        Index(None, "activity_id", "appeal", "act", "reason"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    object: Mapped[str] = mapped_column(String(10))
    object_id: Mapped[uuid.UUID]
    act: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    locale: Mapped[str] = mapped_column(String(20), default="")
    """In which the contribution is written."""
    current: Mapped[bool] = mapped_column(default=True)
    """Whether it is what holds now of the contribution: a later decision takes its place."""
    day: Mapped[dt.date]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    appeal: Mapped[str] = mapped_column(String(10), default="")
    appeal_words: Mapped[str] = mapped_column(Text, default="")
    """What the author wrote; only moderators read it."""
    appeal_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    """Who looked a second time: another than the first."""


class Concern(Base):
    """Somebody saw abuse or danger in a contribution; what they wrote lies with the focal point alone."""

    __tablename__ = "concerns"
    __table_args__ = (CheckConstraint(OBJECTS, name="object"), Index(None, "activity_id", "object_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    object: Mapped[str] = mapped_column(String(10))
    object_id: Mapped[uuid.UUID]
    before: Mapped[str] = mapped_column(String(10), default="")
    """State from which this took the contribution away; empty where it left it in its place."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What whoever flagged it wrote to the focal point."""
    day: Mapped[dt.date]
    looked: Mapped[bool] = mapped_column(default=False)
    """Whether a moderator has looked at it and left the contribution in its place."""
    told: Mapped[bool] = mapped_column(default=False)
    """Whether the focal point was written to."""
    done: Mapped[str] = mapped_column(Text, default="")
    """What the focal point did; empty while it is open."""
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
