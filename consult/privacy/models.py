"""Data-protection notices."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Localised


class Notice(Base):
    """What participants of one activity are told about their data."""

    __tablename__ = "notices"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    controller: Mapped[LocalisedText] = mapped_column(Localised)
    purpose: Mapped[LocalisedText] = mapped_column(Localised)
    contact: Mapped[str] = mapped_column(String(200))
    """Data-protection contact: an address or telephone number."""
    months: Mapped[int] = mapped_column(default=24)
    """How long responses are kept after closing."""
    confirmed: Mapped[bool] = mapped_column(default=True)
    """Whether it was written for this activity; one taken over from an earlier round is not, until it is saved."""
