"""Nothing leads from an interviewer to what they entered."""

from __future__ import annotations

import datetime as dt
import logging
import re

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Row, select

from consult.accounts.models import User
from consult.config import Keys, Settings
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.responses import tasks
from tests.factories.accounts import sign_in
from tests.factories.interviews import begin_interview, make_interviewer
from tests.factories.responses import make_open
from tests.factories.visitor import Form

WHAT_IS_ANSWERED = {"intake", "responses"}


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_open(session, "relevance", slug="survey", threshold=1)


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


def everything(database: Database) -> dict[str, list[Row]]:
    """Every row of every table."""
    with database.reading() as session:
        return {
            name: sorted(session.execute(select(table)).all(), key=str) for name, table in Base.metadata.tables.items()
        }


def interview(client: FlaskClient) -> str:
    """Begin an interview, answer, send; the page with the code."""
    page = client.get(begin_interview(client).location)
    for fields in ({"moved": "no"}, {"wishes": "Peace"}, {}):
        form = Form(page.text)
        page = client.post(form.action, data={**form.fields, **fields}, follow_redirects=True)
    assert 'class="code"' in page.text
    return page.text


def test_an_interview_writes_its_answers_and_nothing_else(
    client: FlaskClient, database: Database, activity: Activity, caplog: pytest.LogCaptureFixture
) -> None:
    with database.transaction() as session:
        person = make_interviewer(session, session.get_one(Activity, activity.id))
    sign_in(client, person)
    before = everything(database)
    with caplog.at_level(logging.DEBUG):
        interview(client)
    after = everything(database)
    assert {name for name in after if after[name] != before[name]} == {"intake"}
    assert str(person.id) not in caplog.text


def test_what_two_interviewers_entered_on_two_days_differs_in_nothing(
    client: FlaskClient, database: Database, activity: Activity, installation: Installation, now: dt.datetime
) -> None:
    people: list[User] = []
    for day in range(2):
        with time_machine.travel(now + dt.timedelta(days=day), tick=False):
            with database.transaction() as session:
                people.append(make_interviewer(session, session.get_one(Activity, activity.id)))
            sign_in(client, people[-1])
            interview(client)
    days = {f"{now + dt.timedelta(days=day):%Y-%m-%d}" for day in range(2)}
    known = {word for person in people for word in (str(person.id), person.id.hex, person.name, person.email)}
    for state in ("waiting", "mixed"):
        stored = everything(database)
        rows = [dict(row._mapping) for name in WHAT_IS_ANSWERED for row in stored[name]]
        assert len(rows) == 2, state
        assert not [word for word in days | known if word in str(rows)], state
        assert not [value for row in rows for value in row.values() if isinstance(value, dt.datetime)], state
        for row in rows:  # what is drawn at random
            row.pop("id", None)
            row.pop("code")
        assert rows[0] == rows[1], state
        tasks.mix(installation, {}, now + dt.timedelta(days=2))


def test_a_correction_by_the_person_brings_no_day_either(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        person = make_interviewer(session, session.get_one(Activity, activity.id))
    with time_machine.travel(now, tick=False):
        sign_in(client, person)
        code = re.sub(r"<.*?>|\s", "", interview(client).partition('dir="ltr" translate="no">')[2].partition("</p>")[0])
        for path, form in (
            ("resume", {"code": code}),
            ("correct", {}),
            ("page/3", {"wishes": "Bread"}),
            ("submit", {}),
        ):
            assert client.post(f"/en/q/survey/{path}", data=form).status_code == 303, path
    (row,) = everything(database)["intake"]
    assert (row.state, row.channel, row.context) == ("submitted", "assisted", {})
    assert f"{now:%Y-%m-%d}" not in str(row)


def test_no_table_joins_interviewers_to_answers() -> None:
    tables = Base.metadata.tables
    for name in WHAT_IS_ANSWERED:
        targets = {key.column.table.name for key in tables[name].foreign_keys}
        assert targets <= {"activities", "editions"}, name
    for name in ("interviewers", "sign_ins", "audit_entries", "grants", "users"):
        shared = {column.name for column in tables[name].columns} & {"code", "digest", "response_id"}
        assert shared == set(), name
        assert not {key.column.table.name for key in tables[name].foreign_keys} & WHAT_IS_ANSWERED, name
