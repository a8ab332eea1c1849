"""Dates as numbers and back: days since 1970-01-01T00:00Z, with the time as a fraction.

A date without a time stands for its midnight. Midnights are taken at one offset throughout, the smaller of the
zone's January and July offsets, and the fraction is kept on a binary grid: so the difference of two dates is a
whole number of days, exactly, also across a change of clocks, and `int((today() - ${birth}) div 365.25)` is right on
birthdays. A date with a time is converted with the offset that really held.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from consult.core.expressions.values import NAN

_DAY: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_GRID: Final = 2.0**38
"""Days of our time (up to 2059) with a fraction on this grid are exact as doubles."""

_ZONE: Final = r"(?P<zone>Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?"
_CLOCK: Final = (
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.(?P<fraction>\d{1,9}))?)?" + _ZONE
)
_TIME: Final = re.compile(_CLOCK, re.ASCII)
_MOMENT: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]" + _CLOCK + ")?", re.ASCII)


class Zone(msgspec.Struct, frozen=True):
    """A time zone with the offset of its midnights, in milliseconds east of UTC."""

    info: tzinfo
    offset: int


@lru_cache(maxsize=256)
def zone_of(name: str, year: int) -> Zone:
    """The zone with that name, UTC where there is none. The offset is chosen by the year of the answer."""
    try:
        info: tzinfo = ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        info = UTC
    offsets = (datetime(year, month, 1, tzinfo=info).utcoffset() for month in (1, 7))
    return Zone(info, min(_milliseconds(offset or timedelta()) for offset in offsets))


def looks_like_date(text: str) -> bool:
    """Whether a text is a date or date with time that exists."""
    return _read(text, UTC) is not None


def days(text: str, zone: Zone) -> float:
    """Days since the epoch of an ISO date or date with time; NaN if it is none."""
    moment = _read(text, zone.info)
    if moment is None:
        return NAN
    if isinstance(moment, datetime):
        return _milliseconds(moment - _START) / _DAY
    return moment.toordinal() - _EPOCH - round(zone.offset / _DAY * _GRID) / _GRID


def moment_text(number: float, zone: Zone) -> str:
    """The ISO text of days since the epoch: a date if it is a midnight, else with the time; empty if there is none."""
    try:
        milliseconds = round(number * _DAY)
        day, rest = divmod(milliseconds + zone.offset, _DAY)
        if rest == 0:
            return date.fromordinal(day + _EPOCH).isoformat()
        local = (_START + timedelta(milliseconds=milliseconds)).astimezone(zone.info)
    except (OverflowError, ValueError):
        return ""
    return local.isoformat(timespec="milliseconds")


def normalised(text: str) -> str:
    """A date with its zeros (`1970-1-2` is 1970-01-02), a date with time as it is, anything else empty."""
    moment = _read(text, UTC)
    if moment is None:
        return ""
    return text.strip() if isinstance(moment, datetime) else moment.isoformat()


def decimal_time(text: str, zone: Zone) -> float:
    """The local time of day as a fraction of it, from a time (with or without offset) or a date with time."""
    moment = _read(text, zone.info)
    if isinstance(moment, datetime):
        offset = moment.astimezone(zone.info).utcoffset() or timedelta()
        return (_milliseconds(moment - _START) + _milliseconds(offset)) % _DAY / _DAY
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return 0.0 if moment else NAN
    clock = _clock(found)
    if found["zone"]:
        clock += zone.offset - _milliseconds(_offset(found["zone"]).utcoffset(None))
    return clock % _DAY / _DAY


def formatted(text: str, pattern: str, zone: Zone, months: Sequence[str], weekdays: Sequence[str]) -> str:
    """`format-date-time`: `%Y %y %m %n %b %d %e %H %h %M %S %3 %a %%`; empty where the text is no date."""
    moment = _read(text, zone.info)
    if moment is None:
        return ""
    at = moment.astimezone(zone.info) if isinstance(moment, datetime) else datetime(*moment.timetuple()[:3], tzinfo=UTC)
    fields = {
        "Y": f"{at.year:04}",
        "y": f"{at.year % 100:02}",
        "m": f"{at.month:02}",
        "n": str(at.month),
        "b": months[at.month - 1],
        "d": f"{at.day:02}",
        "e": str(at.day),
        "H": f"{at.hour:02}",
        "h": str(at.hour),
        "M": f"{at.minute:02}",
        "S": f"{at.second:02}",
        "3": f"{at.microsecond // 1000:03}",
        "a": weekdays[at.weekday()],
        "%": "%",
    }
    return re.sub(r"%(.)", lambda found: fields.get(found[1], found[0]), pattern)


def _read(text: str, local: tzinfo) -> date | datetime | None:
    if not (found := _MOMENT.fullmatch(text.strip())):
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return day
        midnight = datetime(day.year, day.month, day.day, tzinfo=_offset(found["zone"]) if found["zone"] else local)
        # Through UTC, so that a time which the clocks skipped becomes one that they showed.
        moment = (midnight + timedelta(milliseconds=_clock(found))).astimezone(UTC)
        moment.astimezone(local)
    except (ValueError, OverflowError):
        return None
    return moment


def _clock(found: re.Match[str]) -> int:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    thousandths = int((found["fraction"] or "0")[:3].ljust(3, "0"))
    return ((hour * 60 + minute) * 60 + second) * 1000 + thousandths


def _offset(zone: str) -> timezone:
    if zone == "Z":
        return UTC
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(size if zone[0] == "+" else -size)


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
