"""Responses from a file: taken in once, on their own channel, with a report; by those who run the activity."""

from __future__ import annotations

import datetime as dt
import json
import random
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult.accounts.models import Role
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.exchange.responses import read
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.steps import Compiled
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.models import Channel, Intake
from consult.processes.models import Activity
from consult.responses import mixing
from consult.responses.commands import responses
from consult.responses.importing import Taken, take_in
from consult.responses.models import Response
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.questionnaires import load
from tests.responses.journey import CLOSES, Opened, count, visible

FILE = b"_uuid,first,second\na,41,\nb,7,\nc,many,\n"


def taken(session: Session, activity: Activity, keys: Keys, data: bytes, now: dt.datetime) -> Taken:
    found = read(data, Compiled(load("import")), day=now.date())
    return take_in(
        session, activity, found.rows, edition=1, locale="en", key=keys.codes, day=now.date(), by=None, now=now
    )


def test_rows_wait_to_be_mixed_on_a_channel_of_their_own(
    database: Database, opened: Opened, keys: Keys, now: dt.datetime
) -> None:
    activity = opened("import")
    with database.transaction() as session:
        assert taken(session, activity, keys, FILE, now) == Taken(new=2, known=0)
        rows = session.scalars(select(Intake)).all()
        assert {(row.channel, row.state, row.locale) for row in rows} == {(Channel.IMPORTED, "submitted", "en")}
        assert sorted(decode(row.answers)["first"] for row in rows) == [7, 41]


def test_no_row_is_taken_in_twice_neither_before_nor_after_mixing(
    database: Database, opened: Opened, keys: Keys, now: dt.datetime
) -> None:
    activity = opened("import", closes_at=CLOSES)
    with database.transaction() as session:
        taken(session, activity, keys, FILE, now)
        assert taken(session, activity, keys, FILE, now) == Taken(new=0, known=2)
    with database.transaction() as session:
        mixing.seal(session, activity.id, chance=random.Random(1), now=CLOSES)
    with database.transaction() as session:
        mended = FILE.replace(b"many", b"9")
        assert taken(session, activity, keys, mended, now) == Taken(new=1, known=2)
        assert len(session.scalars(select(Response)).all()) == 2


def test_two_people_may_say_the_same(database: Database, opened: Opened, keys: Keys, now: dt.datetime) -> None:
    activity = opened("import")
    with database.transaction() as session:
        assert taken(session, activity, keys, b"first\n41\n41\n", now) == Taken(new=2, known=0)


@pytest.mark.parametrize("opens_at", [None, CLOSES])
def test_nothing_is_taken_in_before_the_opening(
    database: Database, opened: Opened, keys: Keys, now: dt.datetime, opens_at: dt.datetime | None
) -> None:
    activity = opened("import", opens_at=opens_at)
    with database.transaction() as session, pytest.raises(Refused, match=r"responses\.not_opened"):
        taken(session, activity, keys, FILE, now)
    assert count(database, Intake) == 0


# At the desk

DESK = "/en/desk/activities/survey/responses/import"


def officer(database: Database, client: FlaskClient, activity: Activity, role: Role = Role.OFFICER) -> None:
    """Sign somebody of the lead institution in."""
    with database.transaction() as session:
        place = session.get_one(Activity, activity.id).process.lead_institution
        person = make.user(session, place, role)
    sign_in(client, person)


def upload(client: FlaskClient, data: bytes, name: str = "answers.csv", **fields: str) -> TestResponse:
    """Choose a file and send it."""
    form = {"csrf_token": token(client), "edition": "1", "file": (BytesIO(data), name), **fields}
    return client.post(DESK, data=form)


def test_an_officer_sees_what_was_taken_in_and_why_the_rest_was_not(
    database: Database, client: FlaskClient, opened: Opened
) -> None:
    officer(database, client, opened("import"))

    page = upload(client, FILE)

    words = visible(page)
    assert "2 responses were taken in." in words
    assert "1 row was refused." in words
    assert "answers.csv 4 first “many” is not an answer to “first”." in words
    assert count(database, Intake) == 2
    assert "2 rows were there already" in visible(upload(client, FILE))
    assert count(database, Intake) == 2


def test_rows_without_required_answers_are_taken_in_only_when_asked_to(
    database: Database, client: FlaskClient, opened: Opened
) -> None:
    officer(database, client, opened("import"))

    assert "“first” must be answered." in visible(upload(client, b"second\nwords"))
    assert "1 response was taken in." in visible(upload(client, b"second\nwords", incomplete="y"))


def test_a_file_without_a_question_changes_nothing(database: Database, client: FlaskClient, opened: Opened) -> None:
    officer(database, client, opened("import"))

    page = upload(client, b"<b>colour</b>\nred")

    assert "The file was not imported" in visible(page)
    assert "<b>colour" not in page.text
    assert count(database, Intake) == 0


def test_before_the_opening_the_page_says_so(database: Database, client: FlaskClient, opened: Opened) -> None:
    officer(database, client, opened("import", opens_at=None))

    page = upload(client, FILE)

    assert "Responses cannot be imported before the activity has opened" in visible(page)
    assert "What became of the file" not in visible(page)
    assert count(database, Intake) == 0


def test_who_does_not_run_the_activity_finds_nothing(database: Database, client: FlaskClient, opened: Opened) -> None:
    officer(database, client, opened("import"), Role.INTERVIEWER)

    assert client.get(DESK).status_code == 404


# On the command line


@pytest.fixture
def run(database: Database, settings: Settings, keys: Keys, tmp_path: Path, opened: Opened):
    """Runs the command on a file with these bytes."""
    process = opened("import").process_id

    def invoke(data: bytes, *options: str) -> Result:
        file = tmp_path / "answers.csv"
        file.write_bytes(data)
        with database.reading() as session:
            slug = session.scalars(select(Activity).where(Activity.process_id == process)).one().process.slug
        where = ("--process", slug, "--activity", "survey")
        installation = Installation(settings, keys, database)
        return CliRunner().invoke(responses, ["import", str(file), *where, *options], obj=lambda: installation)

    return invoke


def test_the_command_reports_as_json_and_exits_with_1_where_rows_are_refused(run, database: Database) -> None:
    checked = run(FILE, "--check", "--format", "json")
    assert (checked.exit_code, count(database, Intake)) == (1, 0)

    done = run(FILE, "--format", "json")

    report = json.loads(done.output)
    assert done.exit_code == 1
    assert {name: report[name] for name in ("rows", "refused_rows", "new", "known")} == {
        "rows": 2,
        "refused_rows": 1,
        "new": 2,
        "known": 0,
    }
    assert [(problem["row"], problem["column"], problem["code"]) for problem in report["refused"]] == [
        (4, "first", "responses.value")
    ]


def test_the_command_says_it_in_words_too(run) -> None:
    good = run(b"first\n41\n")
    assert good.exit_code == 0
    assert "new: 1" in good.output
    bad = run(b"colour\nred\n")
    assert bad.exit_code == 1
    assert "[responses.table.none]" in bad.output
    assert run(b"first\n41\n", "--edition", "9").exit_code == 1


def test_the_command_too_takes_nothing_in_before_the_opening(run, database: Database) -> None:
    with database.transaction() as session:
        session.scalars(select(Activity)).one().opens_at = None

    done = run(FILE, "--format", "json")

    assert done.exit_code == 1
    assert [problem["code"] for problem in json.loads(done.output)["problems"]] == ["responses.not_opened"]
    assert count(database, Intake) == 0
