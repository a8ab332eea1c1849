"""Local times become moments, unless the clocks leave it open which."""

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
