"""How people are reached is erased soon after the last occasion, that they signed up when answers are."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from consult.app import RETENTION
from consult.coding.models import Item
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import erasing, tasks, vault
from consult.events.models.held import Note
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, SignUpContact
from consult.events.vault import Person
from consult.privacy.kinds import Wanted
from consult.privacy.models import RESPONSES
from consult.privacy.retention import Due, dues
from consult.processes.models import Activity
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up
from tests.factories.retention import DAY, Worker, trail

CLOSES = HELD - 90 * DAY


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture
def activity(installation: Installation) -> Activity:
    """An event that closes long before it is held, with somebody who signed up, and a note."""
    with installation.database.transaction() as session:
        made = make_event(session, closes_at=CLOSES)
        occasion = make_occasion(session, made)
        seat = make_sign_up(session, occasion, standing="placed")
        vault.keep(session, installation.keys, made.id, seat.code, Person(name="Ama", address="ama@example.org"))
        facts = {"said": "note", "speaker": "", "institution": "", "view": "", "locale": "en", "body": "It is cold."}
        session.add(Item(activity_id=made.id, id=seat.occasion_id, kind="note", locale="en"))
        session.add(Note(id=seat.occasion_id, activity_id=made.id, occasion_id=occasion.id, day=HELD.date(), **facts))
    return made


def left(database: Database) -> tuple[int, ...]:
    """How many contacts, sign-ups, notes, and notes to be coded there are."""
    with database.reading() as session:
        counts = [select(func.count()).select_from(model) for model in (SignUpContact, SignUp, Note, Item)]
        return tuple(session.scalar(count) or 0 for count in counts)


def due(installation: Installation, activity: Activity, now: dt.datetime) -> Due:
    with installation.database.reading() as session:
        found = dues(session, session.get_one(Activity, activity.id), RETENTION.kinds, now=now)
    return next(one for one in found if one.kind.name == erasing.CONTACTS)


def test_contact_data_go_a_month_after_the_last_occasion_and_who_signed_up_with_the_answers(
    installation: Installation, activity: Activity, now: dt.datetime
) -> None:
    assert due(installation, activity, now).on == dt.date(2026, 7, 6), "not a month after sign-up has closed"
    with installation.database.transaction() as session:
        session.execute(update(Occasion).values(starts_at=HELD + 7 * DAY, ends_at=HELD + 8 * DAY))
    postponed = due(installation, activity, now)
    assert (postponed.on, postponed.length, postponed.most) == (dt.date(2026, 7, 14), 1, 1)
    worker = Worker(installation)
    worker.days(HELD + 20 * DAY, HELD + 37 * DAY)
    assert left(installation.database) == (1, 1, 1, 1)
    worker.run(HELD + 38 * DAY)
    assert left(installation.database) == (0, 1, 1, 1)
    erased = ("erase", {"kind": "event_contacts", "on": "2026-07-14", "about": 0})
    assert trail(installation.database)[-1] == erased
    RETENTION.erase(installation, RESPONSES, Wanted(activity.id, dt.date.max, now))
    assert left(installation.database) == (0, 0, 1, 1)


@pytest.mark.parametrize("closes_at", [None, HELD + 4000 * DAY])
def test_an_event_that_nobody_closed_is_closed_when_it_is_over(
    installation: Installation, activity: Activity, closes_at: dt.datetime | None
) -> None:
    with installation.database.transaction() as session:
        session.execute(update(Activity).values(closes_at=closes_at))
    closed = []
    for days in (6, 8):
        tasks.close(installation, {}, HELD + days * DAY)
        with installation.database.reading() as session:
            closed.append(session.get_one(Activity, activity.id).closes_at)
    assert closed == [closes_at, HELD + 8 * DAY]
