"""Moments that people name by the clock on their wall."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from consult.core.errors import Place, Problem, Refused


@cache
def time_zones() -> tuple[str, ...]:
    """The IANA time zones that an officer can choose: places and UTC, without the historical aliases."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(areas)))


def moment(local: dt.datetime, zone: str, *, field: str = "", before: dt.datetime | None = None) -> dt.datetime:
    """The moment, in UTC, at which the clocks of a time zone show a local time.

    `before`: what the time stood for so far; it stays where the clocks still show it, even twice. Refuses, at a field,
    `time.skipped` where the clocks are put forward over it, and `time.twice` where they are put back over it: nobody
    could tell which moment was meant.
    """
    if before is not None and local == shown(before, zone):
        return before
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        there = first.astimezone(dt.UTC).astimezone(place).replace(tzinfo=None)
        code = "time.twice" if there == local else "time.skipped"
        named = {"time": f"{local:%H:%M}", "day": local.date().isoformat(), "zone": zone}
        raise Refused(Problem(code, named, Place(field=field)))
    return first.astimezone(dt.UTC)


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """What the clocks of a time zone show at a moment, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def shown(moment: dt.datetime, zone: str) -> dt.datetime:
    """The same to the minute, as forms show it."""
    return local(moment, zone).replace(second=0, microsecond=0)


def decent(
    moment: dt.datetime, zone: str, earliest: dt.time = dt.time(9), latest: dt.time = dt.time(20)
) -> dt.datetime:
    """The latest full minute, in UTC and not after a moment, at which the clocks of a zone show a decent hour.

    Both ends are decent. The minutes before the moment are looked through one by one, so that clocks that are put
    forward or back, and days that a zone leaves out, need no rule of their own.
    """
    place, found = ZoneInfo(zone), moment.astimezone(dt.UTC).replace(second=0, microsecond=0)
    while not earliest <= found.astimezone(place).time() <= latest:
        found -= dt.timedelta(minutes=1)
    return found
