"""Calendar files as calendars read them.

Two parsers that people's calendars really use, and that any machine can have that runs these tests: ical.js, with which
Thunderbird (and Nextcloud) reads, on the Node.js that comes with Playwright; and libical, with which GNOME's Evolution
and KDE's KOrganizer read. Neither knows time zones by itself here: ical.js has none at all, and libical prefers those
of the file. Outlook, Google's and Apple's calendars cannot be had offline; `icalendar` is that of our own side.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import playwright


class Entry(NamedTuple):
    """What a calendar shows of an appointment."""

    method: str
    uid: str
    sequence: int
    status: str
    title: str
    description: str
    starts: dt.datetime
    ends: dt.datetime
    clock: str
    """What the clocks of the place show at its start; those of UTC where the file names no place."""
    properties: frozenset[str]


def thunderbird(file: bytes) -> list[Entry]:
    """By ical.js."""
    node = Path(playwright.__file__).parent / "driver" / "node"
    script = Path(__file__).parent / "icaljs" / "read.mjs"
    read = subprocess.run([node, script], input=file, capture_output=True, check=True, timeout=60)
    return [
        Entry(
            **{
                **found,
                "starts": _moment(found["starts"]),
                "ends": _moment(found["ends"]),
                "clock": found["clock"].removesuffix("Z"),
                "properties": frozenset(found["properties"]),
            }
        )
        for found in json.loads(read.stdout)
    ]


def own(file: bytes) -> list[Entry]:
    """By `icalendar`, by what the file says of its time zone and not by what the machine knows of it."""
    calendar = icalendar.Calendar.from_ical(file)
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}

    def moment(value: Any) -> dt.datetime:
        zone = zones.get(value.params.get("TZID"))
        found: dt.datetime = value.dt if zone is None else value.dt.replace(tzinfo=zone)
        return found.astimezone(dt.UTC)

    return [
        Entry(
            str(calendar["METHOD"]),
            str(event["UID"]),
            int(event["SEQUENCE"]),
            str(event["STATUS"]),
            str(event["SUMMARY"]),
            str(event.get("DESCRIPTION", "")),
            moment(event["DTSTART"]),
            moment(event["DTEND"]),
            event["DTSTART"].dt.replace(tzinfo=None).isoformat(),
            frozenset(name.lower() for name in event),
        )
        for event in calendar.walk("VEVENT")
    ]


class _Time(ctypes.Structure):
    """`struct icaltimetype`."""

    _fields_ = [
        *(
            (name, ctypes.c_int)
            for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")
        ),
        ("zone", ctypes.c_void_p),
    ]


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libical.so.3")
    for name, result, arguments in (
        ("icalparser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]),
        ("icalcomponent_string_to_kind", ctypes.c_int, [ctypes.c_char_p]),
        ("icalcomponent_get_first_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_next_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_first_property", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_next_property", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalproperty_get_property_name", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalproperty_get_value_as_string", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_summary", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_description", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_dtstart", _Time, [ctypes.c_void_p]),
        ("icalcomponent_get_dtend", _Time, [ctypes.c_void_p]),
        ("icaltime_as_timet_with_zone", ctypes.c_int64, [_Time, ctypes.c_void_p]),
        ("icalcomponent_free", None, [ctypes.c_void_p]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def evolution(file: bytes) -> list[Entry]:
    """By libical."""
    library = _library()
    calendar = library.icalparser_parse_string(file)
    try:
        kind = library.icalcomponent_string_to_kind(b"VEVENT")
        (method,) = (value for name, value in _properties(library, calendar) if name == "method")
        found = []
        event = library.icalcomponent_get_first_component(calendar, kind)
        while event:
            found.append(_entry(library, event, method))
            event = library.icalcomponent_get_next_component(calendar, kind)
        return found
    finally:
        library.icalcomponent_free(calendar)


def _entry(library: ctypes.CDLL, event: int, method: str) -> Entry:
    properties = dict(_properties(library, event))
    starts, ends = library.icalcomponent_get_dtstart(event), library.icalcomponent_get_dtend(event)
    shown = dt.datetime(starts.year, starts.month, starts.day, starts.hour, starts.minute, starts.second)  # noqa: DTZ001  # a clock
    return Entry(
        method,
        properties["uid"],
        int(properties["sequence"]),
        properties["status"],
        library.icalcomponent_get_summary(event).decode(),
        (library.icalcomponent_get_description(event) or b"").decode(),
        *(_moment(library.icaltime_as_timet_with_zone(one, one.zone)) for one in (starts, ends)),
        shown.isoformat(),
        frozenset(properties),
    )


def _properties(library: ctypes.CDLL, component: int) -> Iterator[tuple[str, str]]:
    found = library.icalcomponent_get_first_property(component, 0)
    while found:
        value = library.icalproperty_get_value_as_string(found)
        yield library.icalproperty_get_property_name(found).decode().lower(), value.decode()
        found = library.icalcomponent_get_next_property(component, 0)


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


CLIENTS: tuple[Callable[[bytes], list[Entry]], ...] = (own, thunderbird, evolution)
