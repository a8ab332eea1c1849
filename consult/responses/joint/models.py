"""What an institution answers together: its hands, who changed what, their remarks, its signatures.

All of it is attributable: it is known of every answer which member of staff gave it, and when.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Institution, User
from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised, UTCDateTime
from consult.processes.models import Activity


class Outcome(StrEnum):
    """What became of an answer that a hand wrote."""

    STORED = "stored"
    HELD = "held"
    """Somebody else had changed the same question: until a hand decides, both are kept."""
    TAKEN = "taken"
    """It was held, and chosen: a stored change says the same."""
    DROPPED = "dropped"
    """It was held, and the other one was chosen."""


def _together() -> ForeignKeyConstraint:
    """What belongs to a response goes with it."""
    here = ("activity_id", "institution_id")
    return ForeignKeyConstraint(here, [f"joint_responses.{name}" for name in here], ondelete="CASCADE")


class Joint(Base):
    """The response of one institution, as its hands have it now. Every state has a number of its own."""

    __tablename__ = "joint_responses"
    __table_args__ = (
        ForeignKeyConstraint(["activity_id", "edition"], ["editions.activity_id", "editions.number"]),
        CheckConstraint("state IN ('open', 'signed')", name="state"),
        CheckConstraint("(version = 0) = (edition IS NULL)", name="begun"),
        Index(None, "institution_id"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    version: Mapped[int] = mapped_column(default=0)
    """Number of the last change; 0 while nobody has begun."""
    edition: Mapped[int | None]
    """The edition that they answer: the newest one when they began."""
    context: Mapped[Any] = mapped_column(Json, default=dict)
    """As that of a draft in the intake (`participation.models.Intake`)."""
    answers: Mapped[str] = mapped_column(Text, default="{}")
    complete: Mapped[bool] = mapped_column(default=False)
    """Whether it could be signed: every question put, no answer wrong."""

    activity: Mapped[Activity] = relationship()
    institution: Mapped[Institution] = relationship()


class Hand(Base):
    """Somebody who may answer for an institution, as long as they are a respondent of it."""

    __tablename__ = "hands"
    __table_args__ = (_together(), Index(None, "user_id"))

    activity_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    signs: Mapped[bool]
    """Whether they may also sign."""

    user: Mapped[User] = relationship()
    joint: Mapped[Joint] = relationship()


class Change(Base):
    """One question's answer, as a hand changed it. What was written is never taken out of here."""

    __tablename__ = "joint_changes"
    __table_args__ = (
        _together(),
        CheckConstraint(f"outcome IN ({', '.join(repr(str(one)) for one in Outcome)})", name="outcome"),
        CheckConstraint("(outcome IN ('taken', 'dropped')) = (settled_at IS NOT NULL)", name="settled"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """That of the response that came of it."""
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    """The question's id, with its instance in repeats."""
    before: Mapped[str] = mapped_column(Text)
    """The part of the document of answers that belongs to the question."""
    after: Mapped[str] = mapped_column(Text)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(10), default=Outcome.STORED)
    settled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    settler: Mapped[User | None] = relationship(foreign_keys=[settled_by])


class Remark(Base):
    """What a hand says to the others about a question. It goes nowhere else."""

    __tablename__ = "joint_remarks"
    __table_args__ = (_together(), Index(None, "activity_id", "institution_id", "key"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID]
    institution_id: Mapped[uuid.UUID]
    key: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class Signature(Base):
    """What was signed, as it was signed. The latest one is the institution's response until another replaces it."""

    __tablename__ = "joint_signatures"
    __table_args__ = (
        _together(),
        CheckConstraint("(reopened_at IS NULL) = (reopened_by IS NULL)", name="reopened"),
        Index(None, "activity_id", "response_id"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    edition: Mapped[int]
    locale: Mapped[str] = mapped_column(String(20))
    answers: Mapped[str] = mapped_column(Text)
    """The document as it became a response."""
    response_id: Mapped[uuid.UUID]
    """The response that it became."""
    institution_name: Mapped[LocalisedText] = mapped_column(Localised)
    """What the institution was called then."""
    name: Mapped[str] = mapped_column(String(200))
    """Name and office, as whoever signed wrote them."""
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    reopened_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reopened_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was opened again."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])
