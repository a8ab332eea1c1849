"""`consult xlsform import` makes a file the draft of an activity, or its next edition."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.commands import xlsform
from tests.core.exchange.making import form
from tests.factories.processes import make_activity, make_process


@pytest.fixture
def activity(database: Database) -> Activity:
    """An activity that was planned."""
    with database.transaction() as session:
        return make_activity(session, make_process(session, slug="labour"), slug="survey")


def run(database: Database, settings: Settings, keys: Keys, file: Path, *options: str) -> Result:
    """Run the command."""
    installation = Installation(settings, keys, database)
    return CliRunner().invoke(xlsform, ["import", str(file), *options], obj=lambda: installation)


def test_a_file_becomes_a_draft_then_an_edition(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(form("type|name|label\ntext|a|A"))
    where = ("--process", "labour", "--activity", "survey")
    drafted = run(database, settings, keys, file, *where, "--source", "fr")
    assert drafted.exit_code == 0, drafted.output
    assert "draft 1 of survey" in drafted.output
    published = run(database, settings, keys, file, *where, "--source", "fr", "--publish")
    assert "edition 1 of survey, SHA-256 " in published.output
    with database.reading() as session:
        assert queries.latest_edition(session, activity.id) is not None
        assert session.get_one(Activity, activity.id).locales == ["fr"]
    again = run(database, settings, keys, file, *where, "--source", "fr", "--publish")
    assert (again.exit_code, "questionnaires.edition.same" in again.output) == (1, True)


def test_a_bad_file_and_an_unknown_activity_are_refused(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(form("type|name|label\nunheard_of|a|A"))
    bad = run(database, settings, keys, file, "--process", "labour", "--activity", "survey")
    assert bad.exit_code == 1
    assert "survey, row 2" in bad.output
    file.write_bytes(form("type|name|label\ntext|a|A"))
    unknown = run(database, settings, keys, file, "--process", "other", "--activity", "survey")
    assert unknown.exit_code == 1
    assert "There is no activity" in unknown.output
    with database.reading() as session:
        assert queries.draft(session, activity.id) is None
