"""The door of every activity: what has come in and is not mixed yet, and who may enter answers of others."""

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


class Kept:
    """What is kept of answers that came in through the door."""

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
    """Whether it will replace what was sent under the same code."""


class Intake(Kept, Base):
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


class TrialIntake(Kept, Base):
    """The same of a trial, apart from all that counts: it hangs on the trial's link and goes with it."""

    __tablename__ = "trial_intake"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted')", name="state"),
        {"sqlite_with_rowid": False},
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("trials.activity_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


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
