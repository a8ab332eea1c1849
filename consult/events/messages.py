"""What people who signed up are written about: it follows from where they stand and what they were told last.

`told` of a sign-up says how things were when somebody was last written to: `placed:2.3` for a place on occasion 2, the
time or place of which had changed three times; an offer names its end besides. Nothing else is kept of a message, so
none is forgotten by whoever changes a standing, and none is written twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from consult.core.localtime import decent
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing

AHEAD: Final = dt.timedelta(hours=24)
"""How long before the beginning people are reminded at the latest."""
SOON: Final = dt.timedelta(hours=38)
"""Before this nobody is reminded: a decent hour is never further back than a night."""
THANKED_WITHIN: Final = dt.timedelta(days=3)
_LATE: Final = dt.timedelta(hours=1)
_MINUTE: Final = dt.timedelta(minutes=1)


class Topic(StrEnum):
    """What a message is about; the first are named like what somebody's standing has become."""

    ASKED = "asked"
    PLACED = "placed"
    LISTED = "listed"
    OFFERED = "offered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    """Time, place or occasion."""
    REMINDER = "reminder"
    THANKS = "thanks"


_FINAL: Final = (Standing.REFUSED, Standing.CANCELLED)
"""Who stands so is told nothing more of the occasion."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be written, if anything, and what of the sign-up changes with it."""

    topic: Topic | None
    changes: Mapping[str, object]


def mark(seat: SignUp, occasion: Occasion) -> str:
    """How things are, as `told` keeps it once somebody was written to."""
    gone = occasion.state == "cancelled" and seat.standing not in _FINAL
    until = f":{int(seat.offered_until.timestamp()) // 60}" if seat.offered_until and not gone else ""
    return f"{Standing.CANCELLED if gone else seat.standing}:{occasion.number}.{occasion.sequence}{until}"


def topic(told: str, now: str) -> Topic | None:
    """What the step from one mark to another is written about; none where it concerns nobody any more."""
    before, after = told.partition(":")[0], now.partition(":")[0]
    if before != after or after == Standing.OFFERED:
        return Topic(after)
    return None if after in _FINAL else Topic.CHANGED


def step(seat: SignUp, occasion: Occasion, zone: str, now: dt.datetime) -> Step | None:
    """What somebody whose clocks are those of `zone` should be written now; none where they know everything.

    Who gets a place, or hears of a change, after they would have been reminded is not reminded besides; who hears that
    it is later than they thought is reminded once more.
    """
    if occasion.ends_at <= now:
        return Step(Topic.THANKS, {"thanked": True}) if is_decent(now, zone) else None
    reminds_at = decent(occasion.starts_at - AHEAD, zone)
    after = mark(seat, occasion)
    if seat.told != after:
        return Step(topic(seat.told, after), {"told": after, "reminded": reminds_at <= now})
    wanted = seat.standing == Standing.PLACED and occasion.state == "planned" and not seat.reminded
    if wanted and reminds_at <= now < occasion.starts_at and (now < reminds_at + _LATE or is_decent(now, zone)):
        return Step(Topic.REMINDER, {"reminded": True})
    return None


def is_decent(now: dt.datetime, zone: str) -> bool:
    """Whether the clocks of a zone show an hour at which people are written to unasked."""
    return now - decent(now, zone) < _MINUTE
