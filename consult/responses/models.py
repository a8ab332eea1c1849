"""Responses, as the mixing job wrote them."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import BIG_TABLE, Base
from consult.participation.models import Channel

SUSPECT = text(f"channel = '{Channel.SUSPECT}'")
"""Which responses the bot measures set apart: as the index says it, so that it is found."""


class Response(Base):
    """One participant's answers to one edition. Rows are inserted and deleted only by mixing and withdrawal."""

    __tablename__ = "responses"
    __table_args__ = (
        UniqueConstraint("activity_id", "code"),
        ForeignKeyConstraint(["activity_id", "edition"], ["editions.activity_id", "editions.number"]),
        CheckConstraint(f"channel IN ({', '.join(repr(str(channel)) for channel in Channel)})", name="channel"),
        Index(
            "ix_responses_fresh", "activity_id", postgresql_where=text("NOT stored"), sqlite_where=text("NOT stored")
        ),
        Index("ix_responses_apart", "activity_id", postgresql_where=SUSPECT, sqlite_where=SUSPECT),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Drawn at random when mixed."""
    code: Mapped[bytes] = mapped_column(LargeBinary(32))
    """HMAC of the receipt code, by which its owner corrects or withdraws it."""
    edition: Mapped[int]
    locale: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    day: Mapped[dt.date]
    answers: Mapped[str] = mapped_column(Text)
    """JSON object: question id → value."""
    stored: Mapped[bool] = mapped_column(default=False)
    """Whether the column store holds it."""


class Tombstone(Base):
    """A response that was withdrawn or replaced after it entered the column store, until its segment is rewritten."""

    __tablename__ = "tombstones"
    __table_args__ = (BIG_TABLE,)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
