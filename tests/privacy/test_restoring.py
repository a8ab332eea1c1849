"""Erasing again what a ledger names; with a backup: `tests/backups/test_erasing.py`."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from consult.app import RETENTION
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.privacy.erasing import again
from consult.privacy.ledger import WITHDRAWN, Ledger, Line
from consult.responses import service
from tests.factories.responses import digest, make_open, make_submission
from tests.factories.retention import DAY, left, make_sealed


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


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
