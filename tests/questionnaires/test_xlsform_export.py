"""A questionnaire is written as an XLSForm, at the desk and on the command line; CSV files come in beside a form."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.config import Keys, Settings
from consult.core.exchange.xlsform import read
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import QuestionType
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.commands import xlsform
from tests.core.exchange.making import form
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_edition, make_question, make_questionnaire

DESK = "/en/desk/activities/survey"
WARDS = form("type|name|label\nselect_one_from_file wards.csv|ward|Ward")
CSV = b"name,label\nn,North\ns,South\n"


@pytest.fixture
def activity(database: Database) -> Activity:
    """An activity with an edition and a draft that differs from it."""
    with database.transaction() as session:
        found = make_activity(session, make_process(session, slug="labour"), slug="survey")
        make_edition(session, found, make_questionnaire())
        make_draft(session, found, make_questionnaire(make_question("later", QuestionType.TEXT)))
        return found


def person(database: Database, activity: Activity, client: FlaskClient, role: Role) -> None:
    """Somebody of the lead institution, signed in."""
    with database.transaction() as session:
        signed_in = make.user(session, session.get_one(Activity, activity.id).process.lead_institution, role)
    sign_in(client, signed_in)


def run(database: Database, settings: Settings, keys: Keys, *arguments: str) -> Result:
    """Run the command line."""
    installation = Installation(settings, keys, database)
    return CliRunner().invoke(xlsform, list(arguments), obj=lambda: installation)


@pytest.mark.parametrize(
    ("path", "number", "name"), [("download.xlsx", None, "survey"), ("editions/1/download.xlsx", 1, "survey-1")]
)
def test_officers_download_what_is_imported_as_the_same(
    client: FlaskClient, database: Database, activity: Activity, path: str, number: int | None, name: str
) -> None:
    person(database, activity, client, Role.OFFICER)
    assert f'href="{DESK}/{path}"' in client.get(DESK).text
    answer = client.get(f"{DESK}/{path}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.xlsx"'
    with database.reading() as session:
        stored = queries.document_of(session, activity.id, number)
    assert document.encode(read(answer.data).questionnaire) == stored
    assert client.get(f"{DESK}/editions/9/download.xlsx").status_code == 404


def test_others_do_not(client: FlaskClient, database: Database, activity: Activity) -> None:
    person(database, activity, client, Role.TRANSLATOR)
    assert "download.xlsx" not in client.get(DESK).text
    assert client.get(f"{DESK}/download.xlsx").status_code == 404


def test_what_no_spreadsheet_holds_is_said(client: FlaskClient, database: Database, activity: Activity) -> None:
    person(database, activity, client, Role.OFFICER)
    long = make_question("a", QuestionType.TEXT, default="x" * 40_000)
    with database.transaction() as session:
        draft = queries.draft(session, activity.id)
        assert draft is not None
        draft.document = document.encode(make_questionnaire(long))
    assert "too long for a cell" in client.get(f"{DESK}/download.xlsx", follow_redirects=True).text


def test_files_with_choices_are_chosen_beside_the_form(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    person(database, activity, client, Role.OFFICER)
    fields = {"csrf_token": token(client), "source": "", "file": (BytesIO(WARDS), "form.xlsx")}
    bad = {**fields, "attached": [(BytesIO(b"name,label\nn,North\nn,Again\n"), "wards.csv")]}
    page = client.post(f"{DESK}/import", data=bad).text
    assert "<bdi>wards.csv</bdi>" in page
    assert "has the choice “n” in row 2 already" in page
    fields |= {"csrf_token": token(client), "file": (BytesIO(WARDS), "form.xlsx")}
    two = [(BytesIO(CSV), "wards.csv"), (BytesIO(CSV), "other.csv")]
    assert client.post(f"{DESK}/import", data={**fields, "attached": two}).status_code == 302
    assert "does not use the file other.csv" in client.get(DESK).text
    with database.reading() as session:
        stored = queries.document_of(session, activity.id)
    assert stored is not None
    assert document.decode(stored).lists()["wards"].names() == ("n", "s")


def test_the_command_line_writes_drafts_and_editions(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    for options, number in ((("--edition", "1"), 1), ((), None)):
        done = run(database, settings, keys, "export", "--activity", "survey", "--out", str(out), *options)
        assert (done.exit_code, done.output) == (0, f"{out}\n")
        with database.reading() as session:
            stored = queries.document_of(session, activity.id, number)
        assert document.encode(read(out.read_bytes()).questionnaire) == stored


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--activity", "other"), "There is no activity 'other'."),
        (("--activity", "survey", "--edition", "2"), "The activity 'survey' has no edition 2."),
    ],
)
def test_the_command_line_says_what_there_is_not(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path, options: tuple, told: str
) -> None:
    done = run(database, settings, keys, "export", *options, "--out", str(tmp_path / "out.xlsx"))
    assert done.exit_code == 1
    assert told in done.output


def test_the_command_line_takes_files_with_choices(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    file, wards = tmp_path / "form.xlsx", tmp_path / "wards.csv"
    file.write_bytes(WARDS)
    wards.write_bytes(CSV)
    checked = run(database, settings, keys, "check", str(file), "--attach", str(wards))
    assert "choices: 2" in checked.output
    assert "choices: 0" in run(database, settings, keys, "check", str(file)).output
    where = ("--process", "labour", "--activity", "survey")
    done = run(database, settings, keys, "import", str(file), *where, "--publish", "--attach", str(wards))
    assert "edition 2 of survey" in done.output, done.output
