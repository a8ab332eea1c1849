"""What is erased on which day: shown and told beforehand, shortened, prolonged within what was promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.app import RETENTION
from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.privacy import service
from consult.privacy.kinds import Unit
from consult.privacy.models import Notice
from consult.privacy.retention import Due, announce, decide, dues, later
from consult.privacy.service import Particulars
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from tests.factories.responses import make_open

KINDS = RETENTION.kinds
CLOSED = dt.datetime(2026, 3, 9, 22, 30, tzinfo=dt.UTC)


def due(session: Session, activity: Activity, now: dt.datetime) -> dict[str, Due]:
    return {one.kind.name: one for one in dues(session, activity, KINDS, now=now)}


def problems(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.field) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("begin", "length", "unit", "end"),
    [
        ((2026, 3, 9), 24, Unit.MONTHS, (2028, 3, 9)),
        ((2026, 12, 31), 2, Unit.MONTHS, (2027, 2, 28)),
        ((2027, 12, 31), 2, Unit.MONTHS, (2028, 2, 29)),
        ((2026, 1, 31), 11, Unit.MONTHS, (2026, 12, 31)),
        ((2026, 12, 1), 1, Unit.MONTHS, (2027, 1, 1)),
        ((2026, 2, 20), 90, Unit.DAYS, (2026, 5, 21)),
    ],
)
def test_periods_end_on_a_day_of_the_calendar(
    begin: tuple[int, int, int], length: int, unit: Unit, end: tuple[int, int, int]
) -> None:
    assert later(dt.date(*begin), length, unit) == dt.date(*end)


def test_the_day_follows_from_the_notice_and_the_closing_in_the_time_zone_of_the_activity(
    session: Session, now: dt.datetime
) -> None:
    activity = make_open(session, "types", closes_at=CLOSED, time_zone="Africa/Nairobi")
    found = due(session, activity, now)
    assert set(found) == {"responses", "drafts"}, "nobody is asked for files here"
    assert (found["responses"].length, found["responses"].on) == (24, dt.date(2028, 3, 10))
    assert (found["drafts"].length, found["drafts"].on) == (90, None)


def test_without_a_closing_there_is_no_day(session: Session, now: dt.datetime) -> None:
    assert due(session, make_open(session, "types"), now)["responses"].on is None


def test_files_are_kept_no_longer_than_answers(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "uploads", closes_at=CLOSED)
    assert [one.length for one in due(session, activity, now).values()] == [24, 24, 90]
    decide(session, activity, KINDS, {"responses": 12}, by=None, now=now)
    assert [(one.length, one.most) for one in due(session, activity, now).values()] == [(12, 24), (12, 12), (90, 90)]
    decide(session, activity, KINDS, {"files": 1}, by=None, now=now)
    assert due(session, activity, now)["files"].on == dt.date(2026, 4, 9)


def test_before_the_opening_everything_within_the_bounds_can_be_chosen(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", opens_at=now + dt.timedelta(days=1))
    decide(session, activity, KINDS, {"drafts": 200, "responses": 12}, by=None, now=now)
    found = due(session, activity, now)
    assert (found["drafts"].length, found["drafts"].most) == (200, 365)
    assert session.get_one(Notice, activity.id).months == 12, "one number, wherever it is decided"
    with pytest.raises(Refused) as refused:
        decide(session, activity, KINDS, {"drafts": 6, "responses": 121, "other": 1}, by=None, now=now)
    assert problems(refused) == [("privacy.period", "responses"), ("privacy.period", "drafts")]
    assert refused.value.problems[0].params == {"least": 1, "most": 120}


def test_afterwards_nothing_is_kept_for_longer_than_was_promised(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", opens_at=now)
    decide(session, activity, KINDS, {"drafts": 30}, by=None, now=now)
    decide(session, activity, KINDS, {"drafts": 90}, by=None, now=now)
    with pytest.raises(Refused) as refused:
        decide(session, activity, KINDS, {"drafts": 91}, by=None, now=now)
    assert problems(refused) == [("privacy.period", "drafts")]


def test_what_was_chosen_before_the_opening_is_the_promise(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", opens_at=now + dt.timedelta(days=1))
    decide(session, activity, KINDS, {"drafts": 120}, by=None, now=now)
    opened = now + dt.timedelta(days=2)
    decide(session, activity, KINDS, {"drafts": 30}, by=None, now=opened)
    assert due(session, activity, opened)["drafts"].most == 120


def test_the_notice_promises_no_longer_period_once_people_could_answer(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", opens_at=now)
    told = Particulars.of(session.get_one(Notice, activity.id))
    service.write(session, activity, replace(told, months=12), by=None, now=now)
    with pytest.raises(Refused) as refused:
        service.write(session, activity, replace(told, months=13), by=None, now=now)
    assert problems(refused) == [("privacy.months.promised", "months")]
    assert due(session, activity, now)["responses"].most == 12


def test_each_decision_is_written_down(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", slug="survey")
    decide(session, activity, KINDS, {"drafts": 30, "responses": 24}, by=None, now=now)
    decide(session, activity, KINDS, {"drafts": 30}, by=None, now=now)
    found = session.execute(select(Entry.action, Entry.subject, Entry.details).where(Entry.action == "privacy.keep"))
    assert found.all() == [("privacy.keep", "survey", {"drafts": 30})]


def test_what_is_going_to_be_erased_is_announced_a_fortnight_before(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", closes_at=CLOSED)
    decide(session, activity, KINDS, {"responses": 1}, by=None, now=now)
    day = dt.datetime(2026, 3, 25, 23, tzinfo=dt.UTC)
    assert due(session, activity, day)["responses"].on == dt.date(2026, 4, 9)
    assert announce(session, activity, KINDS, now=day) == []
    (found,) = announce(session, activity, KINDS, now=day + dt.timedelta(hours=1))
    assert (found.kind.name, found.on) == ("responses", dt.date(2026, 4, 9))
    assert announce(session, activity, KINDS, now=day + dt.timedelta(days=2)) == [], "once"
    assert due(session, activity, day + dt.timedelta(days=3))["responses"].told


def test_who_hears_late_of_it_has_the_fortnight_all_the_same(session: Session) -> None:
    activity = make_open(session, "types", closes_at=CLOSED)
    late = dt.datetime(2028, 6, 1, tzinfo=dt.UTC)
    assert due(session, activity, late)["responses"].on == dt.date(2028, 6, 15)
    announce(session, activity, KINDS, now=late)
    later_on = due(session, activity, late + dt.timedelta(days=9))["responses"]
    assert (later_on.on, later_on.told) == (dt.date(2028, 6, 15), True)


def test_what_is_given_more_time_is_announced_anew(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", closes_at=CLOSED)
    decide(session, activity, KINDS, {"responses": 1}, by=None, now=now)
    day = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    announce(session, activity, KINDS, now=day)
    decide(session, activity, KINDS, {"responses": 3}, by=None, now=day)
    found = due(session, activity, day)["responses"]
    assert (found.on, found.told) == (dt.date(2026, 6, 9), False)


def test_what_is_opened_again_has_no_day(session: Session, now: dt.datetime) -> None:
    activity = make_open(session, "types", closes_at=CLOSED)
    decide(session, activity, KINDS, {"responses": 1}, by=None, now=now)
    day = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    announce(session, activity, KINDS, now=day)
    activity.process.public = True
    fieldwork.reopen(session, activity, closes_at=None, by=None, now=day)
    assert due(session, activity, day)["responses"].on is None
