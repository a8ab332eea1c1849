"""Data-protection notices, and how long the data of activities are kept."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Localised

MONTHS: Final = 24
"""How long responses are kept unless the notice says otherwise."""

RESPONSES: Final = "responses"
"""The kind of data that is everything sent under a code: without it there is nothing to count any more."""


class Notice(Base):
    """What participants of one activity are told about their data."""

    __tablename__ = "notices"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    controller: Mapped[LocalisedText] = mapped_column(Localised)
    purpose: Mapped[LocalisedText] = mapped_column(Localised)
    contact: Mapped[str] = mapped_column(String(200))
    """Data-protection contact: an address or telephone number."""
    months: Mapped[int] = mapped_column(default=MONTHS)
    """How long responses are kept after closing."""
    confirmed: Mapped[bool] = mapped_column(default=True)
    """Whether it was written for this activity; one taken over from an earlier round is not, until it is saved."""


class Period(Base):
    """How long one kind of data of an activity is kept, and what has become of it; without a row as is usual."""

    __tablename__ = "retention"
    __table_args__ = (CheckConstraint("erased_on IS NULL OR begun_on IS NOT NULL", name="begun"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    length: Mapped[int | None]
    """In the kind's unit, as officers decided."""
    promised: Mapped[int | None]
    """As it was decided before the opening: it is never longer afterwards."""
    announced_for: Mapped[dt.date | None]
    """The day on which it is erased, as officers were told."""
    begun_on: Mapped[dt.date | None]
    """The day on which erasing began: from then on the activity stays closed."""
    erased_on: Mapped[dt.date | None]
    """The day on which all of it was gone."""
