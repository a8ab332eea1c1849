"""Data-protection notices, how long the data of activities are kept, and helplines for participants."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised

_NOTHING = LocalisedText()

MONTHS: Final = 24
"""How long responses are kept unless the notice says otherwise."""

RESPONSES: Final = "responses"
"""The kind of data that is everything sent under a code: without it there is nothing to count any more."""


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
    """Which rights people have (`told.RIGHTS`)."""
    authority: Mapped[LocalisedText] = mapped_column(Localised, default=_NOTHING)
    """To which authority they can complain."""
    contact: Mapped[str] = mapped_column(String(200))
    """Data-protection contact: an address or telephone number."""
    months: Mapped[int] = mapped_column(default=MONTHS)
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
