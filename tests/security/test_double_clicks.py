"""What staff send twice at once is done once, and the second time is no fault."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.session import Database
from consult.participation import interviewers
from consult.participation.models import Interviewer
from consult.privacy import service as privacy
from consult.privacy.models import Notice
from consult.processes import group
from consult.processes.models import Activity, Member, Process, Seat
from tests.factories import accounts as make
from tests.factories.processes import make_activity, make_process

Act = Callable[[Session], object]


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_activity(session, make_process(session))


def at_once(database: Database, act: Act, *, times: int = 4) -> None:
    """Run an act in several transactions that begin together; whatever one raises is raised."""
    barrier, raised = threading.Barrier(times), []

    def run() -> None:
        barrier.wait()
        try:
            with database.transaction() as session:
                act(session)
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []


def count(database: Database, model: type[Base]) -> int:
    """How many rows there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_seat(database: Database, activity: Activity, now: dt.datetime) -> None:
    with database.transaction() as session:
        person = make.user(session)

    def seat(session: Session) -> None:
        process = session.get_one(Process, activity.process_id)
        group.seat(
            session,
            process,
            user_id=person.id,
            institution_id=process.lead_institution_id,
            seat=Seat.MEMBER,
            expires_on=None,
            by=None,
            now=now,
        )

    at_once(database, seat)
    assert count(database, Member) == 1


def test_an_interviewer(database: Database, activity: Activity, now: dt.datetime) -> None:
    with database.transaction() as session:
        person, place = make.user(session), make.institution(session)

    def name(session: Session) -> None:
        found = session.get_one(Activity, activity.id)
        interviewers.add(session, found, user_id=person.id, institution_id=place.id, by=None, now=now)

    at_once(database, name)
    assert count(database, Interviewer) == 1


def test_a_notice(database: Database, activity: Activity, now: dt.datetime) -> None:
    text = LocalisedText({"en": "Ministry"})

    def write(session: Session) -> None:
        found = session.get_one(Activity, activity.id)
        said = privacy.Particulars(controller=text, purpose=text, contact="a@example.org", months=12)
        privacy.write(session, found, said, by=None, now=now)

    at_once(database, write)
    assert count(database, Notice) == 1
