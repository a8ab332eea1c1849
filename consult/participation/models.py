"""The door of every activity: what has come in and is not mixed yet, who interviews, what keeps bots apart."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Institution, User
from consult.db.base import BIG_TABLE, Base
from consult.db.types import Json


class Channel(StrEnum):
    """How a response came in; channels are always shown apart."""

    INVITED = "invited"
    OPEN = "open"
    ASSISTED = "assisted"
    IMPORTED = "imported"
    SUSPECT = "suspect"
    """Through the open link, and set apart by the bot measures."""


class Intake(Base):
    """A draft, or a submission that waits to be mixed. Keyed by its code, so nothing keeps the order of arrival."""

    __tablename__ = "intake"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted')", name="state"),
        CheckConstraint(f"channel IN ({', '.join(repr(str(channel)) for channel in Channel)})", name="channel"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the participant's resume and receipt code."""
    state: Mapped[str] = mapped_column(String(10), default="draft")
    edition: Mapped[int]
    locale: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    day: Mapped[dt.date]
    """The activity's day on which it was last saved; nothing finer is kept."""
    context: Mapped[Any] = mapped_column(Json)
    """What every evaluation of this draft sees: `{"today": …, "seed": …, "once": {…}}`."""
    answers: Mapped[str] = mapped_column(Text)
    """JSON object: question id → value."""
    corrects: Mapped[bool] = mapped_column(default=False)
    """Whether it will replace the response with the same code."""


class Measures(Base):
    """What officers decided against bots at an open link; where there is no row, `guard.USUAL` holds."""

    __tablename__ = "measures"
    __table_args__ = (
        CheckConstraint("seconds BETWEEN 0 AND 600", name="seconds"),
        CheckConstraint("hourly BETWEEN 0 AND 100000", name="hourly"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    seconds: Mapped[int]
    """Whoever sends sooner after the draft was begun is set apart; 0: nobody is."""
    hourly: Mapped[int]
    """So many submissions from one range of addresses pass in an hour; 0: any number."""
    counted: Mapped[bool]
    """Whether results count what was set apart, on its own channel."""
    work: Mapped[bool]
    """Whether sending costs some computing, or time."""


class SpentChallenge(Base):
    """A challenge that has been solved and used; kept until it could not be used anyway."""

    __tablename__ = "spent_challenges"
    __table_args__ = ({"sqlite_with_rowid": False},)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    day: Mapped[dt.date]
    """On which it expires (UTC): not when, which would tell when it was given out."""


class Interviewer(Base):
    """Somebody who may enter answers of others in an activity, as long as they are an interviewer of the institution.

    Nothing leads from here to a response: neither says which interviewer entered it.
    """

    __tablename__ = "interviewers"
    __table_args__ = (Index(None, "user_id"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))

    user: Mapped[User] = relationship()
    institution: Mapped[Institution] = relationship()
