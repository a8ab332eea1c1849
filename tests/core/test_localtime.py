"""Local times become moments, unless the clocks leave it open which; what can wait comes at a decent hour."""

from __future__ import annotations

import datetime as dt

import pytest

from consult.core import localtime
from consult.core.errors import Refused


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2026-06-01T09:00", "Africa/Accra", "2026-06-01T09:00"),
        ("2026-06-01T09:00", "Europe/Berlin", "2026-06-01T07:00"),
        ("2026-01-01T09:00", "Europe/Berlin", "2026-01-01T08:00"),
        ("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59"),
        ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00"),
        ("2026-06-01T00:00", "Asia/Kathmandu", "2026-05-31T18:15"),
    ],
)
def test_a_local_time_is_a_moment_and_back(local: str, zone: str, utc: str) -> None:
    wall = dt.datetime.fromisoformat(local)
    found = localtime.moment(wall, zone)
    assert found == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert localtime.local(found, zone) == wall


@pytest.mark.parametrize(("local", "code"), [("2026-03-29T02:30", "time.skipped"), ("2026-10-25T02:30", "time.twice")])
def test_a_time_that_the_clocks_skip_or_show_twice_is_refused(local: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        localtime.moment(dt.datetime.fromisoformat(local), "Europe/Berlin")
    (problem,) = refusal.value.problems
    assert problem.code == code
    assert problem.params["zone"] == "Europe/Berlin"


def test_time_zones_are_places() -> None:
    zones = localtime.time_zones()
    assert {"UTC", "Africa/Accra", "Europe/Berlin"} <= set(zones)
    assert "posixrules" not in zones


@pytest.mark.parametrize(
    ("wanted", "zone", "found"),
    [
        ("2026-06-01T12:00", "Africa/Accra", "2026-06-01T12:00"),
        ("2026-06-01T09:00", "Africa/Accra", "2026-06-01T09:00"),
        ("2026-06-01T08:59", "Africa/Accra", "2026-05-31T20:00"),
        ("2026-06-01T20:00:59", "Africa/Accra", "2026-06-01T20:00"),
        ("2026-06-01T23:30", "Africa/Accra", "2026-06-01T20:00"),
        ("2026-06-01T12:00", "America/New_York", "2026-06-01T00:00"),  # eight in the morning there, so the day before
        ("2026-06-01T04:00", "Asia/Kathmandu", "2026-06-01T04:00"),
        ("2026-06-01T15:00", "Asia/Kathmandu", "2026-06-01T14:15"),
        ("2026-03-29T05:00", "Europe/Rome", "2026-03-28T19:00"),  # over the hour that is skipped
        ("2026-10-25T05:00", "Europe/Rome", "2026-10-24T18:00"),  # over the one that comes twice
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T06:00"),  # over a day that there was not: the 29th, at eight
    ],
)
def test_what_can_wait_comes_before_at_a_decent_hour(wanted: str, zone: str, found: str) -> None:
    moment = dt.datetime.fromisoformat(wanted).replace(tzinfo=dt.UTC)
    assert localtime.decent(moment, zone) == dt.datetime.fromisoformat(found).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_decent_hours_that_are_skipped_or_shown_twice_are_the_last_before(day: str) -> None:
    moment = dt.datetime.fromisoformat(f"{day}T01:20").replace(tzinfo=dt.UTC)  # 03:20 and 02:20 in Rome
    found = localtime.decent(moment, "Europe/Rome", earliest=dt.time(1), latest=dt.time(2, 30))
    shown = localtime.local(found, "Europe/Rome").time()
    assert (shown, found <= moment) == (dt.time(1, 59) if day == "2026-03-29" else dt.time(2, 20), True)
