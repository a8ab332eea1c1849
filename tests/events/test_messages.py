"""What somebody is written follows from how things are and what they were told last."""

from __future__ import annotations

import datetime as dt

import pytest

from consult.events.messages import Step, Topic, is_decent, mark, step, topic
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp

STARTS = dt.datetime(2026, 6, 6, 9, tzinfo=dt.UTC)
LONG_BEFORE = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
UNTIL = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def held(state: str = "planned", sequence: int = 0, number: int = 1) -> Occasion:
    return Occasion(
        number=number, sequence=sequence, state=state, starts_at=STARTS, ends_at=STARTS + dt.timedelta(hours=2)
    )


def seat(standing: str, told: str = "", *, reminded: bool = False, until: dt.datetime | None = None) -> SignUp:
    return SignUp(standing=standing, told=told, reminded=reminded, thanked=False, offered_until=until)


@pytest.mark.parametrize(
    ("standing", "told", "expected"),
    [
        ("asked", "", Topic.ASKED),
        ("placed", "", Topic.PLACED),
        ("placed", "asked:1.0", Topic.PLACED),
        ("placed", "refused:1.0", Topic.PLACED),
        ("placed", "placed:1.0", Topic.CHANGED),
        ("placed", "placed:2.3", Topic.CHANGED),
        ("asked", "asked:1.2", Topic.CHANGED),
        ("listed", "", Topic.LISTED),
        ("listed", "offered:1.3:29000000", Topic.LISTED),
        ("refused", "asked:1.3", Topic.REFUSED),
        ("refused", "refused:1.0", None),
        ("cancelled", "placed:1.3", Topic.CANCELLED),
        ("cancelled", "cancelled:1.0", None),
    ],
)
def test_a_standing_and_what_was_told_make_a_message(standing: str, told: str, expected: Topic | None) -> None:
    found = step(seat(standing, told), held(sequence=3), "Europe/Rome", LONG_BEFORE)
    assert found == Step(expected, {"told": f"{standing}:1.3", "reminded": False})
    assert step(seat(standing, f"{standing}:1.3"), held(sequence=3), "Europe/Rome", LONG_BEFORE) is None


def test_an_offer_is_told_again_when_its_end_is_another() -> None:
    first, later = (mark(seat("offered", until=until), held()) for until in (UNTIL, UNTIL + dt.timedelta(days=1)))
    assert topic("listed:1.0", first) == topic(first, later) == Topic.OFFERED
    assert len(f"cancelled:99999.99999{first[first.rindex(':') :]}") <= 40


def test_an_occasion_that_is_called_off_is_told_once_whatever_the_standing() -> None:
    off = held("cancelled", 1)
    marks = {mark(seat(standing), off) for standing in ("asked", "placed", "listed", "cancelled")}
    assert marks == {"cancelled:1.1"}
    assert mark(seat("offered", until=UNTIL), off) == "cancelled:1.1"
    assert topic("placed:1.0", "cancelled:1.1") == Topic.CANCELLED
    assert step(seat("refused", "refused:1.1"), off, "Europe/Rome", LONG_BEFORE) is None


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("Europe/Rome", STARTS - dt.timedelta(hours=24)),  # 11 in the morning, a day before
        ("Africa/Accra", STARTS - dt.timedelta(hours=24)),  # 9 in the morning
        ("America/New_York", STARTS - dt.timedelta(hours=33)),  # 8 in the evening, for 5 in the morning is none
        ("Asia/Tehran", STARTS - dt.timedelta(hours=24)),
        ("Asia/Tokyo", STARTS - dt.timedelta(hours=24)),  # 6 in the evening
        ("Pacific/Auckland", STARTS - dt.timedelta(hours=25)),  # 8 in the evening
    ],
)
def test_people_are_reminded_at_a_decent_hour_of_theirs(zone: str, when: dt.datetime) -> None:
    told, occasion = seat("placed", "placed:1.0"), held()
    assert is_decent(when, zone)
    assert step(told, occasion, zone, when - dt.timedelta(minutes=1)) is None
    assert step(told, occasion, zone, when) == Step(Topic.REMINDER, {"reminded": True})
    assert step(seat("placed", "placed:1.0", reminded=True), occasion, zone, when) is None
    assert step(seat("listed", "listed:1.0"), occasion, zone, when) is None
    assert step(told, occasion, zone, STARTS) is None


def test_who_hears_of_a_place_too_late_to_be_reminded_is_not_reminded_besides() -> None:
    late = STARTS - dt.timedelta(hours=5)
    found = step(seat("placed"), held(), "Europe/Rome", late)
    assert found == Step(Topic.PLACED, {"told": "placed:1.0", "reminded": True})


def test_thanks_wait_for_a_decent_hour() -> None:
    told, occasion = seat("placed", "placed:1.0", reminded=True), held()
    assert step(told, occasion, "Europe/Rome", occasion.ends_at) == Step(Topic.THANKS, {"thanked": True})
    night, morning = (STARTS.replace(hour=hour) + dt.timedelta(days=1) for hour in (2, 7))
    assert step(told, occasion, "Europe/Rome", night) is None
    assert step(told, occasion, "Europe/Rome", morning) == Step(Topic.THANKS, {"thanked": True})
