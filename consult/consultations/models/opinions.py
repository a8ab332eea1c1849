"""Statements, votes on them, and the opinion groups that a job found."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.models.contributed import State, one_of
from consult.core.text import LocalisedText
from consult.db.base import BIG_TABLE, Base
from consult.db.types import Localised, UTCDateTime


class Statement(Base):
    """A short statement that people agree with, disagree with or pass over."""

    __tablename__ = "statements"
    __table_args__ = (
        CheckConstraint(f"state IN ({one_of(State)})", name="state"),
        Index(None, "activity_id", "state"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of the code of the participant who proposed it; none where officers did."""
    label: Mapped[LocalisedText] = mapped_column(Localised)
    locale: Mapped[str] = mapped_column(String(20))
    """In which it was written."""
    day: Mapped[dt.date]
    channel: Mapped[str] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(10))


class Vote(Base):
    """The latest vote of a person on a statement: 1 agree, −1 disagree, 0 pass."""

    __tablename__ = "votes"
    __table_args__ = (
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    statement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(SmallInteger)


class Analysis(Base):
    """The latest opinion groups of a consultation, as a job found them."""

    __tablename__ = "analyses"

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    result: Mapped[str] = mapped_column(Text)
    """JSON: axes, statements, groups, stability, version of the method."""
    votes: Mapped[int] = mapped_column(Integer)
    """How many votes it saw."""
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
