"""Appointments as iCalendar files (RFC 5545) that a calendar takes in, changes and takes out again (RFC 5546)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from consult.core.text import clean

_MINUTE: Final = dt.timedelta(minutes=1)
_DAY: Final = dt.timedelta(days=1)
_REACH: Final = dt.timedelta(days=366)
"""How far around an appointment changes of the clocks are looked for."""
_LAST: Final = dt.datetime.max.replace(tzinfo=dt.UTC) - _REACH - _DAY
"""After this they are not: the calendar ends."""
_OF_ADDRESSES: Final = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One date in calendars: an event with all its sessions. Moments are in UTC."""

    uid: str
    """Stays the same through changes and the cancellation: calendars find by it what they hold."""
    sequence: int
    """0, and one more with every change: calendars ignore what is older than what they hold."""
    starts: dt.datetime
    ends: dt.datetime
    zone: str
    """IANA time zone of the place: moments are written as its clocks show them."""
    title: str
    stamp: dt.datetime
    """When this state of the appointment was decided."""
    description: str = ""
    location: str = ""
    url: str = ""
    organizer: str = ""
    """Mail address of who invites; RFC 5546 wants one, calendars do without."""
    cancelled: bool = False


def file_of(appointment: Appointment) -> bytes:
    """The calendar file of an appointment: METHOD:PUBLISH, or METHOD:CANCEL. The same appointment gives the same bytes.

    Texts are stripped of what controls or reorders them, addresses are percent-encoded: neither can add a property.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//consult//consult//EN")
    calendar.add("method", "CANCEL" if appointment.cancelled else "PUBLISH")
    if appointment.zone != "UTC":
        calendar.add_component(_timezone(appointment.zone, appointment.starts, appointment.ends))
    calendar.add_component(_event(appointment))
    file: bytes = calendar.to_ical()
    return file


def method_of(file: str) -> str:
    """What a calendar file is for, PUBLISH or CANCEL: the mail that carries it must say the same (RFC 6047)."""
    return file.partition("\r\nMETHOD:")[2].partition("\r\n")[0]


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", _line(appointment.uid))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamp)
    event.add("last-modified", appointment.stamp)
    for name, moment in (("dtstart", appointment.starts), ("dtend", appointment.ends)):
        event.add(name, *_shown(moment, appointment.zone))
    told = {
        "status": "CANCELLED" if appointment.cancelled else "CONFIRMED",
        "summary": _line(appointment.title),
        "description": _lines(appointment.description),
        "location": _line(appointment.location),
        "url": _address(appointment.url),
        "organizer": appointment.organizer and f"mailto:{_address(appointment.organizer)}",
    }
    for name, value in told.items():
        if value:
            event.add(name, value)
    return event


def _shown(moment: dt.datetime, zone: str) -> tuple[dt.datetime, dict[str, str]]:
    """What the clocks show, and whose; UTC where they show it twice: calendars do not agree which one is meant."""
    local = moment.astimezone(ZoneInfo(zone))
    if zone == "UTC" or local.utcoffset() != local.replace(fold=not local.fold).utcoffset():
        return moment.astimezone(dt.UTC), {}
    return local.replace(tzinfo=None), {"TZID": zone}  # `icalendar` itself would write Accra’s time as UTC’s


def _timezone(zone: str, starts: dt.datetime, ends: dt.datetime) -> Timezone:
    """The clocks of a zone from their last change before an appointment to the first one after it, each change once.

    `icalendar` would list every change since 1970. Outlook makes one yearly rule of the day of the *first* of them
    ([MS-OXCICAL] 2.1.3.1.1.19), and would be an hour wrong for weeks in zones whose rule has changed since; so it gets
    the changes that hold. It wants a STANDARD part, which here is the earlier of the times by the clock (Ireland and
    Morocco define theirs the other way round, which surprises some calendars).
    """
    place = ZoneInfo(zone)
    found = list(_changes(place, starts - _REACH, min(ends, _LAST) + _REACH))
    before = [at for at in found if at <= starts][-1:] or [starts - _REACH]
    during = [at for at in found if starts < at <= ends]
    after = [at for at in found if at > ends][:1]
    onsets = [*before, *during, *after]
    offsets = {at: _offset(at, place) for at in onsets}
    shown = Timezone()
    shown.add("tzid", zone)
    for at in onsets:
        part = TimezoneStandard() if offsets[at] == min(offsets.values()) else TimezoneDaylight()
        earlier = _offset(at - dt.timedelta(seconds=1), place)
        part.add("dtstart", (at + earlier).replace(tzinfo=None))
        part.add("tzoffsetfrom", earlier)
        part.add("tzoffsetto", offsets[at])
        part.add("tzname", at.astimezone(place).tzname())
        shown.add_component(part)
    return shown


def _changes(place: ZoneInfo, first: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
    """The moments, in UTC and to the minute, at which the clocks of a place are changed: once a day at most."""
    day = first.replace(second=0, microsecond=0)
    while day < last:
        if _offset(day, place) != _offset(day + _DAY, place):
            yield _change(place, day)
        day += _DAY


def _change(place: ZoneInfo, day: dt.datetime) -> dt.datetime:
    before = _offset(day, place)
    minutes = range(_DAY // _MINUTE)
    return day + _MINUTE * bisect_left(minutes, True, key=lambda after: _offset(day + after * _MINUTE, place) != before)


def _offset(moment: dt.datetime, place: ZoneInfo) -> dt.timedelta:
    offset = moment.astimezone(place).utcoffset()
    assert offset is not None
    return offset


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in clean(text).splitlines()).strip()


def _address(text: str) -> str:
    return quote(text, safe=_OF_ADDRESSES)
