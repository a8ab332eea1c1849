"""Calendars in which a date can be typed. Stored is always the Gregorian day: an ISO date means the same everywhere.

*Solar Hijri* (Iran, Afghanistan): years of 365 or 366 days from the spring equinox. A year is leap where
(25 y + 11) mod 33 < 8, as in the `PersianCalendar` of ICU (Unicode); between 1178 and 1633 (1799 to 2254) this rule and
the astronomical one agree, and other years are refused.

*Ethiopian* (Ethiopia, Eritrea): twelve months of 30 days and a thirteenth of five or six; E. M. Reingold and
N. Dershowitz, *Calendrical Calculations*, 4th edition 2018, chapter 4: the Coptic calendar counted from 29 August 8
(Julian).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Calendar(StrEnum):
    """A calendar, by the XLSForm appearance that asks for it."""

    GREGORIAN = "gregorian"
    PERSIAN = "persian"
    ETHIOPIAN = "ethiopian"


class Parts(NamedTuple):
    """A day in some calendar; months and days count from 1."""

    year: int
    month: int
    day: int


_PERSIAN_EPOCH: Final = 1_948_319 - 1_721_425
"""The day before the first one, as an ordinal of `datetime.date`."""
_PERSIAN_YEARS: Final = range(1178, 1634)
_ETHIOPIAN_EPOCH: Final = 2796 - 1
_ETHIOPIAN_YEARS: Final = range(1, 9000)
_MOST_OF_IT: Final[Mapping[Calendar, int]] = {Calendar.GREGORIAN: 0, Calendar.PERSIAN: 621, Calendar.ETHIOPIAN: 8}
"""What to add to a year for the Gregorian one in which most of its days lie."""
CUSTOMARY: Final[Mapping[str, Calendar]] = {
    **dict.fromkeys(("fa", "prs", "ps"), Calendar.PERSIAN),
    **dict.fromkeys(("am", "ti", "om", "aa", "sid", "wal", "byn", "tig"), Calendar.ETHIOPIAN),
}
"""By language, the calendar that its speakers write dates in."""


def offered(appearance: Collection[str], language: str = "") -> tuple[Calendar, ...]:
    """The calendars that a question offers, the customary one of a language first; none where only one is."""
    asked = tuple(one for one in Calendar if one in appearance or one is Calendar.GREGORIAN)
    usual = CUSTOMARY.get(language.split("-")[0], Calendar.GREGORIAN)
    return tuple(sorted(asked, key=lambda one: one is not usual)) if len(asked) > 1 else ()


def day_of(calendar: Calendar, parts: Parts) -> dt.date:
    """The day that a date of a calendar is; `ValueError` where the calendar has no such day."""
    year, month, day = parts
    match calendar:
        case Calendar.PERSIAN:
            if year not in _PERSIAN_YEARS or not 1 <= month <= 12 or not 1 <= day <= _persian_days(year, month):
                raise ValueError(parts)
            return dt.date.fromordinal(_persian_eve(year) + 30 * (month - 1) + min(month - 1, 6) + day)
        case Calendar.ETHIOPIAN:
            if year not in _ETHIOPIAN_YEARS or not 1 <= month <= 13 or not 1 <= day <= _ethiopian_days(year, month):
                raise ValueError(parts)
            return dt.date.fromordinal(_ethiopian_eve(year) + 30 * (month - 1) + day)
    return dt.date(year, month, day)


def parts_of(calendar: Calendar, date: dt.date) -> Parts:
    """A day in a calendar; `ValueError` where it lies outside the years that the calendar is known for."""
    ordinal = date.toordinal()
    match calendar:
        case Calendar.PERSIAN:
            year = date.year - 621
            year -= ordinal <= _persian_eve(year)
            if year not in _PERSIAN_YEARS:
                raise ValueError(date)
            rest = ordinal - _persian_eve(year) - 1
            month = rest // 31 if rest < 6 * 31 else 6 + (rest - 6 * 31) // 30
            return Parts(year, month + 1, rest - 30 * month - min(month, 6) + 1)
        case Calendar.ETHIOPIAN:
            year = (4 * (ordinal - _ETHIOPIAN_EPOCH - 1) + 1463) // 1461
            if year not in _ETHIOPIAN_YEARS:
                raise ValueError(date)
            month, day = divmod(ordinal - _ethiopian_eve(year) - 1, 30)
            return Parts(year, month + 1, day + 1)
    return Parts(date.year, date.month, date.day)


def gregorian_year(calendar: Calendar, year: int) -> int:
    """The Gregorian year in which most days of a year lie."""
    return year + _MOST_OF_IT[calendar]


def year_in(calendar: Calendar, gregorian: int) -> int:
    """The year of a calendar of which most days lie in a Gregorian one."""
    return gregorian - _MOST_OF_IT[calendar]


def _persian_eve(year: int) -> int:
    """Ordinal of the day before a year begins."""
    return _PERSIAN_EPOCH + 365 * (year - 1) + (8 * year + 21) // 33


def _persian_days(year: int, month: int) -> int:
    if month < 12:
        return 31 if month <= 6 else 30
    return 30 if (25 * year + 11) % 33 < 8 else 29


def _ethiopian_eve(year: int) -> int:
    """Ordinal of the day before a year begins."""
    return _ETHIOPIAN_EPOCH + 365 * (year - 1) + year // 4


def _ethiopian_days(year: int, month: int) -> int:
    return 30 if month <= 12 else 5 + (year % 4 == 3)
