"""What the bot measures know of an address and of a beginning, and how long."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from consult.participation import guard

ACTIVITY, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOW = dt.datetime(2026, 3, 2, 10, 0, 1, tzinfo=dt.UTC)
KEY = b"c" * 32
RANGE = guard.range_of("203.0.113.77")


@pytest.mark.parametrize(
    ("address", "alike"),
    [
        ("203.0.113.77", "203.0.113.1"),
        ("203.0.113.77", "203.0.113.0"),
        ("203.0.113.77", "::ffff:203.0.113.9"),
        ("2001:db8:1:2::7", "2001:db8:1::"),
        ("2001:db8::7", "2001:db8::"),
    ],
)
def test_addresses_of_one_range_are_alike(address: str, alike: str) -> None:
    assert guard.range_of(address) == guard.range_of(alike) != b""


@pytest.mark.parametrize(("address", "other"), [("203.0.113.7", "203.0.114.7"), ("2001:db8:1::7", "2001:db8:2::7")])
def test_those_of_others_are_not(address: str, other: str) -> None:
    assert guard.range_of(address) != guard.range_of(other)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0", "", "unix:", "canary"])  # no binding
def test_this_machine_and_what_is_no_address_tell_nobody_apart(address: str) -> None:
    assert guard.range_of(address) == b""


def test_an_hour_is_counted_for_each_activity_and_range() -> None:
    pace = guard.Pace()
    assert [pace.count(ACTIVITY, RANGE, NOW) for _ in range(3)] == [1, 2, 3]
    assert pace.count(OTHER, RANGE, NOW) == 1
    assert pace.count(ACTIVITY, b"other", NOW) == 1
    assert pace.count(ACTIVITY, RANGE, NOW + dt.timedelta(hours=1)) == 1


def test_the_key_lives_a_day_and_no_range_is_kept_as_it_is() -> None:
    pace = guard.Pace()
    pace.count(ACTIVITY, RANGE, NOW)
    key, counts = pace._key, list(pace._counts)  # what is kept is the promise
    assert all(RANGE not in name for name in counts)
    pace.count(ACTIVITY, RANGE, NOW + dt.timedelta(hours=1))
    assert pace._key == key  # as above
    pace.count(ACTIVITY, RANGE, NOW + dt.timedelta(days=1))
    assert pace._key != key  # as above
    assert list(pace._counts) != counts  # as above


def test_ranges_beyond_what_is_kept_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_RANGES", 2)
    pace = guard.Pace()
    assert [pace.count(ACTIVITY, bytes([number]), NOW) for number in (1, 2, 3, 3, 1)] == [1, 1, 1, 1, 2]


def test_a_stamp_says_how_long_it_is_never_too_short_and_at_most_a_step_too_long() -> None:
    stamped = guard.stamp(KEY, ACTIVITY, "CODE", NOW)
    for seconds in (0, 1, 3, 100):
        passed = guard.lasted(KEY, ACTIVITY, "CODE", stamped, NOW + dt.timedelta(seconds=seconds))
        assert seconds <= passed <= seconds + guard.STEP


def test_a_stamp_of_another_draft_activity_key_or_moment_is_worth_nothing() -> None:
    stamped, later = guard.stamp(KEY, ACTIVITY, "CODE", NOW), NOW + dt.timedelta(hours=1)
    assert guard.lasted(KEY, ACTIVITY, "CODE", stamped, later) >= 3600
    assert guard.lasted(KEY, ACTIVITY, "ODEC", stamped, later) == 0
    assert guard.lasted(KEY, OTHER, "CODE", stamped, later) == 0
    assert guard.lasted(b"d" * 32, ACTIVITY, "CODE", stamped, later) == 0
    for forged in ("", ".", "0", f"0{stamped}", f"1.{stamped.partition('.')[2]}", "é.é"):
        assert guard.lasted(KEY, ACTIVITY, "CODE", forged, later) == 0
