"""The command line: what is due, what the ledger holds, erasing again after a restore."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from consult.app import RETENTION
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.models import Intake
from consult.privacy.commands import erasures
from consult.privacy.ledger import WITHDRAWN, Ledger, Line
from consult.processes.models import Activity
from tests.factories.responses import digest, make_open, make_submission

MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_open(session, "types", slug="survey")


def run(installation: Installation, *arguments: str) -> Result:
    return CliRunner().invoke(erasures(RETENTION), arguments, obj=lambda: installation)


def test_what_is_due_is_printed_the_next_first(installation: Installation) -> None:
    with installation.database.transaction() as session:
        make_open(session, "types", slug="later", closes_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
        make_open(session, "types", slug="sooner", closes_at=dt.datetime(2098, 1, 1, tzinfo=dt.UTC))
        make_open(session, "types", slug="unknown")
    assert run(installation, "due").output == "2100-01-01 sooner responses\n2101-01-01 later responses\n"


def test_the_ledger_is_printed_without_codes_unless_they_are_asked_for(
    installation: Installation, activity: Activity
) -> None:
    Ledger(installation.settings.ledger).withdrawn(activity.id, b"\xab" * 32, day=MONDAY)
    assert run(installation, "list").output == f"2026-03-02 {activity.id} withdrawn\n"
    assert "ab" * 32 in run(installation, "list", "--codes").output


def test_a_newer_copy_of_the_ledger_is_applied_and_taken_over(
    installation: Installation, activity: Activity, now: dt.datetime, tmp_path: Path
) -> None:
    database = installation.database
    with database.transaction() as session:
        kept, gone = (digest(activity.id, make_submission(session, activity, now=now)) for _ in range(2))
    copy = Ledger(tmp_path / "copy.jsonl")
    copy.withdrawn(activity.id, gone, day=MONDAY)
    for pieces in (1, 0):
        result = run(installation, "apply", str(copy.path))
        assert (result.exit_code, result.output) == (0, f"erased again: {pieces}, of activities: {pieces}\n")
    with database.reading() as session:
        assert session.scalars(select(Intake.code)).all() == [kept]
    assert list(Ledger(installation.settings.ledger).lines()) == [Line(MONDAY, activity.id, WITHDRAWN, gone.hex())]


def test_a_line_that_cannot_be_read_is_named_and_the_others_count(
    installation: Installation, activity: Activity, now: dt.datetime
) -> None:
    database, ledger = installation.database, Ledger(installation.settings.ledger)
    with database.transaction() as session:
        gone = digest(activity.id, make_submission(session, activity, now=now))
    ledger.path.write_bytes(b"{broken\n")
    ledger.withdrawn(activity.id, gone, day=MONDAY)
    for command in ("list", "apply"):
        result = run(installation, command)
        assert result.exit_code == 1
        assert f"cannot be read: {ledger.path}, line 1" in result.output
    with database.reading() as session:
        assert session.scalars(select(Intake.code)).all() == []
