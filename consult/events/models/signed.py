"""Who signed up, and apart from it how they are reached.

Nothing in the database leads from a sign-up to its contact data: the contact's id follows from the sign-up's code under
a key outside the database (`events.vault`). Neither leads to anything that anybody answered elsewhere.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db.base import BIG_TABLE, Base
from consult.db.types import Json, UTCDateTime
from consult.events.models.planned import Occasion, one_of


class Standing(StrEnum):
    """Where somebody who signed up stands."""

    ASKED = "asked"
    """They wait for the selection, or the draw."""
    PLACED = "placed"
    OFFERED = "offered"
    """A place became free and is theirs if they take it in time."""
    LISTED = "listed"
    """On the waiting list."""
    REFUSED = "refused"
    """Not chosen, or too late."""
    CANCELLED = "cancelled"
    """They took it back, or the occasion does not take place."""


class Way(StrEnum):
    """How somebody came to be signed up."""

    SELF = "self"
    NOMINATED = "nominated"
    """By an institution or an association."""
    WALK_IN = "walk_in"
    """They came on the day."""


class SignUp(Base):
    """Somebody who wants to take part, known by the HMAC of their code alone."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        CheckConstraint(f"standing IN ({one_of(Standing)})", name="standing"),
        CheckConstraint(f"way IN ({one_of(Way)})", name="way"),
        CheckConstraint("seats BETWEEN 1 AND 10", name="seats"),
        CheckConstraint("(standing = 'offered') = (offered_until IS NOT NULL)", name="offer"),
        CheckConstraint("rank IS NULL OR standing IN ('listed', 'offered')", name="rank"),
        UniqueConstraint("activity_id", "occasion_id", "rank"),
        UniqueConstraint("activity_id", "ticket"),
        Index(None, "activity_id", "occasion_id", "standing"),
        Index(
            None,
            "activity_id",
            "occasion_id",
            "speaks",
            unique=True,
            sqlite_where=text("speaks > 0"),
            postgresql_where=text("speaks > 0"),
        ),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("events.activity_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the code by which they confirm and change it."""
    occasion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occasions.id"))
    standing: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(10), default=Way.SELF)
    institution: Mapped[str] = mapped_column(String(200), default="")
    """By whom they were nominated, or for whom they come."""
    consented: Mapped[bool] = mapped_column(default=True)
    """Whether they agreed to the event's text; who was nominated is asked on their own page."""
    ticket: Mapped[str] = mapped_column(String(20))
    """What the public record of a draw names them by; random, and known to nobody else."""
    profile: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """What they answered of the screening that the profile grid and results count, by question; the rest lies with the
    contact data."""
    seats: Mapped[int] = mapped_column(default=1)
    """Theirs and those of whom they bring along."""
    needs: Mapped[list[str]] = mapped_column(Json, default=list)
    locale: Mapped[str] = mapped_column(String(20))
    day: Mapped[dt.date]
    rank: Mapped[int | None]
    """Place in the order of the waiting list."""
    offered_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why they were chosen or not, as officers wrote it."""
    told: Mapped[str] = mapped_column(String(40), default="")
    """What they were last written about; what differs from how things are is written about (`events.messages`)."""
    reminded: Mapped[bool] = mapped_column(default=False)
    thanked: Mapped[bool] = mapped_column(default=False)
    attended: Mapped[bool | None]
    """Whether they were there; not known before the day."""
    speaks: Mapped[int | None]
    """Place in the speaking order of a hearing; 0: asked to speak and has none yet."""
    revision: Mapped[int] = mapped_column(default=0)
    """How often it was changed: forms name it, so that none overwrites another."""

    occasion: Mapped[Occasion] = relationship()


class SignUpContact(Base):
    """How somebody who signed up is called and reached, sealed under the contact keys (`events.vault`)."""

    __tablename__ = "sign_up_contacts"
    __table_args__ = (BIG_TABLE,)

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("events.activity_id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Draw(Base):
    """A draw as everybody can recompute it; never changed."""

    __tablename__ = "draws"

    occasion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occasions.id", ondelete="CASCADE"), primary_key=True)
    seed: Mapped[str] = mapped_column(String(200))
    record: Mapped[str] = mapped_column(Text)
    """Canonical JSON (`core.sampling`): tickets and merged classes, nothing finer."""
    hash: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
