"""Data-protection notices, and helplines for participants."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised

_NOTHING = LocalisedText()


class Notice(Base):
    """What participants of one activity are told about their data (GDPR, articles 13 and 14)."""

    __tablename__ = "notices"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    controller: Mapped[LocalisedText] = mapped_column(Localised)
    purpose: Mapped[LocalisedText] = mapped_column(Localised)
    basis: Mapped[str] = mapped_column(String(20), default="")
    """Legal basis (`words.BASES`); empty: written before the template asked for it."""
    law: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    """The law or decision behind it."""
    special: Mapped[str] = mapped_column(String(20), default="")
    """On what ground special categories of data are asked for (`words.SPECIAL`)."""
    recipients: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    transfers: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    automated: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    """Decisions made by machines alone."""
    source: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    """Where data come from."""
    rights: Mapped[list[str]] = mapped_column(Json, default=list)
    """Which rights people have (`words.RIGHTS`)."""
    authority: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    """To which authority they can complain."""
    contact: Mapped[str] = mapped_column(String(200))
    """Data-protection contact: an address or telephone number."""
    months: Mapped[int] = mapped_column(default=24)
    """How long responses are kept after closing."""
    confirmed: Mapped[bool] = mapped_column(default=True)
    """Whether it was written for this activity; one taken over from an earlier round is not, until it is saved."""


class Helpline(Base):
    """Where people in a country find help that has nothing to do with the policy."""

    __tablename__ = "helplines"
    __table_args__ = (Index(None, "process_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"))
    country: Mapped[str] = mapped_column(String(2))
    """ISO 3166-1 alpha-2; empty: in every country."""
    name: Mapped[LocalisedText] = mapped_column(Localised)
    phone: Mapped[str] = mapped_column(String(40), default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    """For whom it is, when and in which languages it answers."""
