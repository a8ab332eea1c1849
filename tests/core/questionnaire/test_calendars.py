"""Days in the calendars in which they can be typed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.questionnaire.calendars import Calendar, Parts, day_of, gregorian_year, offered, parts_of, year_in

KNOWN = [
    # First days of years and last days of leap years: the calendar of the University of Tehran’s Institute of
    # Geophysics for Solar Hijri; Ethiopian new years (Enkutatash) and leap days.
    ("persian", (1300, 1, 1), "1921-03-21"),
    ("persian", (1357, 11, 22), "1979-02-11"),
    ("persian", (1375, 12, 30), "1997-03-20"),
    ("persian", (1379, 12, 30), "2001-03-20"),
    ("persian", (1399, 12, 30), "2021-03-20"),
    ("persian", (1400, 1, 1), "2021-03-21"),
    ("persian", (1402, 12, 29), "2024-03-19"),
    ("persian", (1403, 1, 1), "2024-03-20"),
    ("persian", (1403, 6, 31), "2024-09-21"),
    ("persian", (1403, 7, 1), "2024-09-22"),
    ("persian", (1403, 12, 30), "2025-03-20"),
    ("persian", (1404, 1, 1), "2025-03-21"),
    ("ethiopian", (1993, 1, 1), "2000-09-11"),
    ("ethiopian", (1996, 1, 1), "2003-09-12"),
    ("ethiopian", (1999, 13, 5), "2007-09-10"),
    ("ethiopian", (1999, 13, 6), "2007-09-11"),
    ("ethiopian", (2000, 1, 1), "2007-09-12"),
    ("ethiopian", (2000, 4, 28), "2008-01-07"),
    ("ethiopian", (2015, 13, 6), "2023-09-11"),
    ("ethiopian", (2017, 1, 1), "2024-09-11"),
    ("gregorian", (2000, 2, 29), "2000-02-29"),
]


@pytest.mark.parametrize(("calendar", "parts", "iso"), KNOWN)
def test_known_days(calendar: str, parts: tuple[int, int, int], iso: str) -> None:
    assert day_of(Calendar(calendar), Parts(*parts)).isoformat() == iso
    assert parts_of(Calendar(calendar), dt.date.fromisoformat(iso)) == parts


@pytest.mark.parametrize(
    ("calendar", "parts"),
    [
        ("persian", (1402, 12, 30)),
        ("persian", (1404, 12, 30)),
        ("persian", (1403, 7, 31)),
        ("persian", (1403, 13, 1)),
        ("persian", (1403, 0, 1)),
        ("persian", (1403, 1, 0)),
        ("persian", (1177, 1, 1)),
        ("persian", (1979, 1, 1)),
        ("ethiopian", (2016, 13, 6)),
        ("ethiopian", (2016, 14, 1)),
        ("ethiopian", (2016, 1, 31)),
        ("ethiopian", (0, 1, 1)),
        ("ethiopian", (9999, 1, 1)),
        ("gregorian", (2001, 2, 29)),
    ],
)
def test_days_that_a_calendar_does_not_have(calendar: str, parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"\d|day is out of range"):
        day_of(Calendar(calendar), Parts(*parts))


@pytest.mark.parametrize(("calendar", "day"), [("persian", dt.date(1799, 1, 1)), ("ethiopian", dt.date(1, 1, 1))])
def test_days_for_which_a_calendar_is_not_known(calendar: str, day: dt.date) -> None:
    with pytest.raises(ValueError, match=r"\d|day is out of range"):
        parts_of(Calendar(calendar), day)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(Calendar))
def test_a_day_is_the_same_there_and_back_and_the_next_one_follows(day: dt.date, calendar: Calendar) -> None:
    parts = parts_of(calendar, day)
    assert day_of(calendar, parts) == day
    following = parts_of(calendar, day + dt.timedelta(1))
    assert following in (
        parts._replace(day=parts.day + 1),
        Parts(parts.year, parts.month + 1, 1),
        Parts(parts.year + 1, 1, 1),
    )


@pytest.mark.parametrize(("calendar", "year", "gregorian"), [("persian", 1357, 1978), ("ethiopian", 2016, 2024)])
def test_a_year_stands_for_the_gregorian_one_with_most_of_its_days(calendar: str, year: int, gregorian: int) -> None:
    assert gregorian_year(Calendar(calendar), year) == gregorian
    assert year_in(Calendar(calendar), gregorian) == year
    days = [day_of(Calendar(calendar), Parts(year, 1, 1)) + dt.timedelta(day) for day in range(365)]
    assert sum(day.year == gregorian for day in days) > 183


@pytest.mark.parametrize(
    ("appearance", "language", "calendars"),
    [
        ((), "fa", ()),
        (("persian",), "en", ("gregorian", "persian")),
        (("persian",), "fa", ("persian", "gregorian")),
        (("persian",), "fa-AF", ("persian", "gregorian")),
        (("persian",), "am", ("gregorian", "persian")),
        (("ethiopian", "persian"), "am", ("ethiopian", "gregorian", "persian")),
    ],
)
def test_the_customary_calendar_of_a_language_comes_first(
    appearance: tuple[str, ...], language: str, calendars: tuple[str, ...]
) -> None:
    assert offered(appearance, language) == calendars
