"""Appointments come into calendars at the right hour, change there and go; what people write in them stays text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from consult.core.calendar import Appointment, file_of, method_of
from tests.core.calendar.clients import CLIENTS, Entry, own

MEETING = Appointment(
    uid="6f1c@consult.gov.example",
    sequence=0,
    starts=dt.datetime(2026, 6, 3, 16, 0, tzinfo=dt.UTC),
    ends=dt.datetime(2026, 6, 3, 18, 0, tzinfo=dt.UTC),
    zone="Europe/Rome",
    title="Focus group; women in care, ترجمة متاحة",
    stamp=dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC),
    description="Doors open at 17:30.\nBring nothing.",
    location="Via Roma 1, Milan",
    url="https://consult.gov.example/en/events/milan",
    organizer="consult@gov.example",
)
Client = Callable[[bytes], list[Entry]]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_calendar_shows_what_was_decided(client: Client) -> None:
    (entry,) = client(file_of(MEETING))
    assert (entry.title, entry.description) == (MEETING.title, MEETING.description)
    assert (entry.starts, entry.ends, entry.clock) == (MEETING.starts, MEETING.ends, "2026-06-03T18:00:00")
    assert (entry.method, entry.status, entry.sequence) == ("PUBLISH", "CONFIRMED", 0)
    assert entry.properties >= {"location", "url", "organizer", "dtstamp", "last-modified"}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_change_and_a_cancellation_find_what_they_change(client: Client) -> None:
    (entry,) = client(file_of(replace(MEETING, sequence=2, cancelled=True)))
    assert (entry.uid, entry.sequence) == (MEETING.uid, 2)
    assert (entry.method, entry.status) == ("CANCEL", "CANCELLED")


CHANGES = {
    "Accra": ("Africa/Accra", "2026-03-29T08:00", "2026-03-29T08:00"),
    "Milan, the day before": ("Europe/Rome", "2026-03-28T08:00", "2026-03-28T09:00"),
    "Milan, that day": ("Europe/Rome", "2026-03-29T07:00", "2026-03-29T09:00"),
    "Milan, from the last minute before": ("Europe/Rome", "2026-03-29T00:59", "2026-03-29T01:59"),
    "Milan, from the first minute after": ("Europe/Rome", "2026-03-29T01:00", "2026-03-29T03:00"),
    "Milan, the hour shown twice: UTC": ("Europe/Rome", "2026-10-25T00:30", "2026-10-25T00:30"),
    "Milan, that hour again: UTC": ("Europe/Rome", "2026-10-25T01:30", "2026-10-25T01:30"),
    "Milan, in winter again": ("Europe/Rome", "2026-10-25T08:00", "2026-10-25T09:00"),
    "New York, three weeks before Milan": ("America/New_York", "2026-03-08T13:00", "2026-03-08T09:00"),
    "New York, the day before": ("America/New_York", "2026-03-07T14:00", "2026-03-07T09:00"),
    "New York, a week after Milan": ("America/New_York", "2026-10-31T13:00", "2026-10-31T09:00"),
    "New York, in winter again": ("America/New_York", "2026-11-01T14:00", "2026-11-01T09:00"),
    "Tehran, the last summer time": ("Asia/Tehran", "2022-09-21T04:30", "2022-09-21T09:00"),
    "Tehran, its end": ("Asia/Tehran", "2022-09-22T05:30", "2022-09-22T09:00"),
    "Tehran, no summer time": ("Asia/Tehran", "2026-03-29T05:30", "2026-03-29T09:00"),
    "Tehran, no summer time in summer": ("Asia/Tehran", "2026-07-01T05:30", "2026-07-01T09:00"),
    "Dublin, whose winter is defined as the exception": ("Europe/Dublin", "2026-10-25T09:00", "2026-10-25T09:00"),
    "UTC": ("UTC", "2026-06-03T09:00", "2026-06-03T09:00"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_clocks_that_are_changed_move_nothing(case: str) -> None:
    zone, starts, clock = CHANGES[case]
    begins, ends = utc(starts), utc(starts) + dt.timedelta(hours=8)
    file = file_of(replace(MEETING, zone=zone, starts=begins, ends=ends))
    for client in CLIENTS:
        (entry,) = client(file)
        assert (entry.starts, entry.ends) == (begins, ends), client.__name__
        assert entry.clock == f"{clock}:00", client.__name__


def test_a_year_typed_wrongly_breaks_nothing() -> None:
    late = dt.datetime(9998, 12, 31, 22, tzinfo=dt.UTC)
    file = file_of(replace(MEETING, zone="Europe/Rome", starts=late, ends=late + dt.timedelta(days=7)))
    assert b"DTSTART;TZID=Europe/Rome:99981231T230000" in file


def test_outlook_gets_the_changes_that_hold() -> None:
    """It makes one yearly rule of the first STANDARD and the first DAYLIGHT: [MS-OXCICAL] 2.1.3.1.1.19."""
    lines = file_of(MEETING).decode().split("\r\n")
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert [line for line in zone if line.startswith(("BEGIN:", "DTSTART"))] == [
        "BEGIN:VTIMEZONE",
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T020000",
        "BEGIN:STANDARD",
        "DTSTART:20261025T030000",
    ]


HOSTILE = {
    "a line break": "Tea\r\nATTACH:https://evil.example/x\r\n",
    "a line feed": "Tea\nATTACH:https://evil.example/x",
    "a carriage return": "Tea\rATTACH:https://evil.example/x",
    "marks that parsers take for line breaks": "Tea\x0bATTACH:1\x0cATTACH:2\x85ATTACH:3\u2028ATTACH:4\u2029ATTACH:5",
    "an escaped break": r"Tea\nATTACH:https://evil.example/x\NATTACH:2",
    "another event": "Tea\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Other",
    "a folded line": "Tea\r\n ATTACH:1\r\n\tATTACH:2",
    "a parameter": 'Tea";X=1:2,3;4',
    "controls and reordering": "Tea\x00\x1b[31m\u202eATTACH\u2066\ufeff",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_people_write_adds_no_property(case: str) -> None:
    texts = dict.fromkeys(("uid", "title", "description", "location", "url", "organizer"), HOSTILE[case])
    file = file_of(replace(MEETING, **texts))
    (plain,) = own(file_of(MEETING))
    for client in CLIENTS:
        (entry,) = client(file)
        assert entry.properties == plain.properties, client.__name__
        assert (entry.starts, entry.method) == (plain.starts, plain.method), client.__name__
        assert not {"\u202e", "\u2066", "\x00", "\x1b", "\r"} & {*entry.title, *entry.description}, client.__name__


def test_lines_are_folded_and_the_bytes_are_the_same_each_time() -> None:
    long = replace(MEETING, description="مرحبا بكم جميعا " * 40)
    file = file_of(long)
    assert file == file_of(long)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert b"\n" not in file.replace(b"\r\n", b"")


@pytest.mark.parametrize("cancelled", [False, True])
def test_the_mail_says_what_the_file_says(cancelled: bool) -> None:
    hostile = replace(MEETING, title="\r\nMETHOD:REQUEST\r\n", cancelled=cancelled)
    assert method_of(file_of(hostile).decode()) == ("CANCEL" if cancelled else "PUBLISH")
