"""The intake: begun, saved and submitted by single conditional statements."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from consult.db.session import Database
from consult.participation import service
from consult.participation.models import Intake
from tests.factories.responses import OPENED, make_coming, make_open

CODE = b"d" * 32
CLOSES = dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)
"""The second at which summer time begins in Europe."""


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (OPENED - dt.timedelta(microseconds=1), False),
        (OPENED, True),
        (CLOSES - dt.timedelta(microseconds=1), True),
        (CLOSES, False),
        (CLOSES + dt.timedelta(hours=1), False),
    ],
)
def test_the_database_decides_whether_it_is_open(database: Database, moment: dt.datetime, taken: bool) -> None:
    with database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES, time_zone="Europe/Berlin")
    with database.transaction() as session:
        assert service.is_open(session, activity.id, moment) is taken
        assert service.begin(session, activity.id, CODE, make_coming(), now=moment) is taken
    with database.transaction() as session:
        assert (service.find(session, activity.id, CODE) is not None) is taken


def test_a_submission_in_the_closing_second_counts_and_one_after_it_does_not(database: Database) -> None:
    with database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES)
        seen = make_coming()
        service.begin(session, activity.id, CODE, seen, now=OPENED)
    sent = replace(seen, state="submitted")
    with database.transaction() as session:
        assert not service.replace(session, activity.id, CODE, seen, sent, now=CLOSES)
        assert service.replace(session, activity.id, CODE, seen, sent, now=CLOSES - dt.timedelta(microseconds=1))


def test_a_draft_is_saved_only_on_top_of_what_was_seen(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_open(session, "types")
        seen = make_coming()
        service.begin(session, activity.id, CODE, seen, now=now)
    phone, laptop = make_coming({"words": "phone"}), make_coming({"words": "laptop"})
    with database.transaction() as session:
        assert service.replace(session, activity.id, CODE, seen, phone, now=now)
        assert not service.replace(session, activity.id, CODE, seen, laptop, now=now)
        assert service.find(session, activity.id, CODE) == phone


def test_one_code_is_begun_once(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_open(session, "types")
        assert service.begin(session, activity.id, CODE, make_coming({"words": "first"}), now=now)
        assert not service.begin(session, activity.id, CODE, make_coming({"words": "second"}), now=now)


def test_of_fifty_submissions_at_once_one_counts(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_open(session, "types")
        seen = make_coming()
        service.begin(session, activity.id, CODE, seen, now=now)
    sent, outcomes = replace(seen, state="submitted"), Counter[bool]()

    def submit() -> None:
        with database.transaction() as session:
            outcomes[service.replace(session, activity.id, CODE, seen, sent, now=now)] += 1

    threads = [threading.Thread(target=submit) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {True: 1, False: 49}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Intake)) == 1


def test_nothing_finer_than_a_day_is_kept(database: Database, now: dt.datetime) -> None:
    assert service.day(dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC), "Africa/Nairobi") == dt.date(2026, 3, 3)
    with database.transaction() as session:
        activity = make_open(session, "types")
        service.begin(session, activity.id, CODE, make_coming(day=now.date()), now=now)
        row = session.execute(select(Intake.__table__)).mappings().one()
    assert not [name for name, value in row.items() if isinstance(value, dt.datetime)]
    assert f"{now:%H:%M}" not in str(dict(row))
