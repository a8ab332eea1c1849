"""A backup is put back: what was withdrawn or erased since is erased again."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from consult.app import RETENTION
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import service as participation
from consult.privacy.erasing import again
from consult.privacy.ledger import WITHDRAWN, Ledger, Line
from consult.privacy.models import Period
from consult.responses import queries, service, tasks
from consult.results.models import Segment
from tests.factories.responses import digest, make_coming, make_open, make_submission
from tests.factories.retention import DAY, DUE, Worker, left, make_sealed, on_disk, store, trail


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


def test_what_was_withdrawn_does_not_come_back_with_a_backup(
    settings: Settings, keys: Keys, sqlite: Database, now: dt.datetime, tmp_path: Path
) -> None:
    installation = Installation(settings, keys, sqlite)
    ledger = Ledger(settings.ledger)
    with sqlite.transaction() as session:
        activity = make_open(session, "types", threshold=1, slug="survey")
        mixed = [
            digest(activity.id, make_submission(session, activity, {"words": f"w{n}"}, now=now)) for n in range(12)
        ]
    tasks.mix(installation, {}, now)
    store(installation, activity)
    with sqlite.transaction() as session:
        waiting = digest(activity.id, make_submission(session, activity, {"words": "waits"}, now=now))
        participation.begin(session, activity.id, b"d" * 32, make_coming({"words": "draft"}), now=now)
    backup = tmp_path / "backup"
    _back_up(sqlite, settings, backup)
    with sqlite.transaction() as session:
        for key in (mixed[4], waiting, b"d" * 32):
            assert service.withdraw(session, activity.id, key, ledger=ledger, today=now.date(), now=now)
    sqlite.close()
    _put_back(settings, backup)

    restored = Database(settings.url)
    installation = Installation(settings, keys, restored)
    assert left(restored) == (2, 12, 0, 1)
    found = again(installation, RETENTION, ledger, now=now)
    assert (found.activities, found.pieces, found.unknown) == (1, 3, ())
    assert left(restored) == (0, 11, 0, 1)
    with restored.reading() as session:
        assert queries.own(session, activity.id, mixed[4]) is None
        (segment,) = session.scalars(select(Segment))
        assert segment.rows == 11
    assert again(installation, RETENTION, ledger, now=now).pieces == 0, "a second time there is nothing"
    assert trail(restored) == [("erase_again", {"kind": "withdrawn", "about": 0})]
    restored.close()


def test_what_was_erased_does_not_come_back_with_a_backup(
    settings: Settings, keys: Keys, sqlite: Database, now: dt.datetime, tmp_path: Path
) -> None:
    installation = Installation(settings, keys, sqlite)
    activity = make_sealed(installation, now)
    backup = tmp_path / "backup"
    _back_up(sqlite, settings, backup)
    Worker(installation).days(DUE - 14 * DAY, DUE)
    sqlite.close()
    _put_back(settings, backup)

    restored = Database(settings.url)
    installation = Installation(settings, keys, restored)
    assert left(restored) == (0, 12, 0, 1)
    found = again(installation, RETENTION, Ledger(settings.ledger), now=DUE)
    assert (found.activities, found.pieces) == (1, 12)
    assert left(restored) == (0, 0, 0, 0)
    assert on_disk(installation) == []
    with restored.reading() as session:
        row = session.get_one(Period, (activity.id, "responses"))
        assert (row.begun_on, row.erased_on) == (DUE.date(), DUE.date())
    Worker(installation).days(DUE, DUE + DAY)
    assert trail(restored) == [("erase_again", {"kind": "responses", "about": 10})]
    restored.close()


def test_a_ledger_of_another_installation_or_version_does_no_harm(installation: Installation, now: dt.datetime) -> None:
    activity = make_sealed(installation, now)
    ledger = Ledger(installation.settings.ledger)
    ledger.note(
        Line(now.date(), uuid.UUID(int=1), "responses"),
        Line(now.date(), uuid.UUID(int=1), WITHDRAWN, "ab" * 32),
        Line(now.date(), activity.id, "dreams"),
        Line(now.date(), activity.id, WITHDRAWN, "ab" * 32),
    )
    found = again(installation, RETENTION, ledger, now=now)
    assert (found.activities, found.pieces, found.unknown) == (0, 0, ("dreams",))
    assert left(installation.database)[1] == 12


def test_a_line_whose_erasure_was_never_committed_does_no_harm(installation: Installation, now: dt.datetime) -> None:
    """The disk was full at the commit: the answer is there, its owner tries again, and nothing else is touched."""
    database, ledger = installation.database, Ledger(installation.settings.ledger)
    with database.transaction() as session:
        activity = make_open(session, "types")
        key = digest(activity.id, make_submission(session, activity, now=now))
    with database.session(write=True) as session:
        assert service.withdraw(session, activity.id, key, ledger=ledger, today=now.date(), now=now)
        session.rollback()
    assert left(database)[0] == 1
    with database.transaction() as session:
        assert service.withdraw(session, activity.id, key, ledger=ledger, today=now.date(), now=now)
    assert left(database)[0] == 0
    ledger.settle(now.date() + DAY)
    assert len(list(ledger.lines())) == 1


def _back_up(database: Database, settings: Settings, backup: Path) -> None:
    backup.mkdir()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(settings.data / "consult.db", backup)
    for name in ("columns", "uploads"):
        if (settings.data / name).is_dir():
            shutil.copytree(settings.data / name, backup / name)


def _put_back(settings: Settings, backup: Path) -> None:
    for old in settings.data.glob("consult.db*"):
        old.unlink()
    shutil.copy(backup / "consult.db", settings.data)
    for name in ("columns", "uploads"):
        if (backup / name).is_dir():
            shutil.rmtree(settings.data / name, ignore_errors=True)
            shutil.copytree(backup / name, settings.data / name)
