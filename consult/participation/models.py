"""The door of every activity: what has come in and is not mixed yet."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import BIG_TABLE, Base
from consult.db.types import Json


class Channel(StrEnum):
    """How a response came in; channels are always shown apart."""

    INVITED = "invited"
    OPEN = "open"
    ASSISTED = "assisted"
    IMPORTED = "imported"


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
