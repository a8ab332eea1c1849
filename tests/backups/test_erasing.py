"""What was withdrawn or erased after a backup does not come back with it, on either database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from consult.app import AFTER_RESTORE, RETENTION
from consult.backups import making
from consult.backups.making import Made
from consult.backups.restoring import Restored, restore
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.events import vault
from consult.events.models.signed import SignUp
from consult.events.vault import Person
from consult.participation import service as participation
from consult.privacy.kinds import Wanted
from consult.privacy.ledger import Ledger
from consult.privacy.models import Period
from consult.responses import queries, service, tasks
from consult.responses.erasing import FILES
from consult.results.models import Segment
from tests.backups.places import SYSTEMS, installed
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up
from tests.factories.installations import make_lived_in
from tests.factories.responses import digest, make_coming, make_open, make_submission
from tests.factories.retention import DAY, DUE, Worker, left, make_sealed, on_disk, store, trail

Machine = Callable[[str], Settings]


def restored(made: Made, source: Installation, target: Settings, now: dt.datetime) -> Restored:
    """A restore as the command does it."""
    return restore(made.path, target, source.settings.keys_file, force=False, afterwards=AFTER_RESTORE, now=now)


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_withdrawn_is_erased_again(empty: Machine, keys: Keys, now: dt.datetime, system: str) -> None:
    target = empty(system)
    with installed(empty(system), keys) as source:
        database, ledger = source.database, Ledger(source.settings.ledger)
        with database.transaction() as session:
            activity = make_open(session, "types", threshold=1, slug="survey")
            mixed = [
                digest(activity.id, make_submission(session, activity, {"words": f"w{n}"}, now=now)) for n in range(12)
            ]
        tasks.mix(source, {}, now)
        store(source, activity)
        with database.transaction() as session:
            waiting = digest(activity.id, make_submission(session, activity, {"words": "waits"}, now=now))
            participation.begin(session, activity.id, b"d" * 32, make_coming({"words": "draft"}), now=now)
        ledger.withdrawn(activity.id, mixed[0], day=now.date())  # the machine stopped before the commit
        made = making.make(source, now=now)
        newer = Ledger(target.ledger)
        with database.transaction() as session:
            for key in (mixed[4], waiting, b"d" * 32):
                assert service.withdraw(session, activity.id, key, ledger=newer, today=now.date(), now=now)

        assert restored(made, source, target, now).erased == 4

    assert len(list(newer.lines())) == 4, "both ledgers are joined"
    with installed(target, keys) as found:
        assert left(found.database) == (0, 10, 0, 1)
        with found.database.reading() as session:
            assert queries.own(session, activity.id, mixed[4]) is None
            assert session.scalars(select(Segment.rows)).all() == [10]
        assert trail(found.database) == [("erase_again", {"kind": "withdrawn", "about": 0})]
        assert AFTER_RESTORE[0](found, now) == 0, "a second time there is nothing"


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_erased_when_its_time_was_over_is_erased_again(
    empty: Machine, keys: Keys, now: dt.datetime, system: str
) -> None:
    target = empty(system)
    with installed(empty(system), keys) as source:
        activity = make_sealed(source, now)
        made = making.make(source, now=now)
        Worker(source).days(DUE - 14 * DAY, DUE)
        Ledger(target.ledger).take_over(Ledger(source.settings.ledger).lines())

        assert restored(made, source, target, DUE).erased == 12

    with installed(target, keys) as found:
        assert left(found.database) == (0, 0, 0, 0)
        assert on_disk(found) == []
        with found.database.reading() as session:
            row = session.get_one(Period, (activity.id, "responses"))
            assert (row.begun_on, row.erased_on) == (DUE.date(), DUE.date())
        Worker(found).days(DUE, DUE + DAY)
        assert trail(found.database) == [("erase_again", {"kind": "responses", "about": 10})]


@pytest.mark.parametrize("system", SYSTEMS)
def test_how_people_at_an_event_were_reached_is_erased_again(
    empty: Machine, keys: Keys, now: dt.datetime, system: str
) -> None:
    target = empty(system)
    with installed(empty(system), keys) as source:
        with source.database.transaction() as session:
            seat = make_sign_up(session, make_occasion(session, make_event(session, closes_at=HELD)))
            vault.keep(session, keys, seat.activity_id, seat.code, Person(name="Ama", address="ama@example.org"))
        made = making.make(source, now=now)
        Worker(source).days(HELD + 10 * DAY, HELD + 30 * DAY)
        Ledger(target.ledger).take_over(Ledger(source.settings.ledger).lines())

        assert restored(made, source, target, HELD + 30 * DAY).erased == 1

    with installed(target, keys) as found, found.database.reading() as session:
        assert vault.person(session, keys, seat.activity_id, seat.code) is None
        assert session.scalars(select(SignUp.code)).all() == [seat.code]


def test_files_that_were_erased_before_their_answers_are_not_missed(
    empty: Machine, keys: Keys, now: dt.datetime
) -> None:
    with installed(empty("sqlite"), keys) as source:
        opened = make_lived_in(source, now)
        RETENTION.erase(source, FILES, Wanted(opened.id, now.date(), now))
        assert len(making.make(source, now=now).manifest.lost) > 0
        with source.database.transaction() as session:
            session.add(Period(activity_id=opened.id, kind=FILES, begun_on=now.date(), erased_on=now.date()))
        assert making.make(source, now=now + DAY).manifest.lost == ()
