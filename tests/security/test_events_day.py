"""Attacks on the day of an event: markup in names, other institutions, tickets of other occasions, forged forms."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import User
from consult.audit.models import Entry
from consult.db.session import Database
from consult.events import vault
from consult.events.models.signed import SignUp, Standing
from consult.events.vault import Person
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import KEYS, sign_in, token
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up

SCRIPT = "<script>alert(1)</script>"
PAGES = ("sheet", "check-in", "check-in/marks", "check-in/worker.js", "check-in/close", "walk-in", "speaking", "floor")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What pages show does not depend on the database."""
    return sqlite


@pytest.fixture
def hearing(database: Database) -> str:
    """A hearing of two occasions, at each somebody called by markup; the address of its desk."""
    with database.transaction() as session:
        activity = make_event(session, event={"speaking": True})
        for ticket in ("AAAA", "BBBB"):
            occasion = make_occasion(session, activity, taken=1, starts_at=HELD, capacity=1)
            row = make_sign_up(
                session, occasion, standing=Standing.PLACED, ticket=ticket, institution=SCRIPT, speaks=0, seats=2
            )
            person = Person(SCRIPT, companions=(SCRIPT,), needs=SCRIPT)
            vault.keep(session, KEYS, activity.id, row.code, person)
        return f"/en/desk/events/{activity.slug}/occasions/1"


@pytest.fixture
def officer(database: Database, hearing: str) -> User:
    with database.transaction() as session:
        place = session.scalars(select(Activity)).one().process.lead_institution
        return make.user(session, place, "facilitator", name=SCRIPT)


def marked(database: Database) -> dict[str, bool | None]:
    with database.reading() as session:
        return dict(session.execute(select(SignUp.ticket, SignUp.attended)).all())


def test_names_become_no_markup_and_that_they_were_read_is_noted(
    client: FlaskClient, database: Database, hearing: str, officer: User
) -> None:
    sign_in(client, officer)
    form = {"csrf_token": token(client), "act": "draw", "number": SCRIPT, "minutes": "3", "turns": ""}
    assert client.post(f"{hearing}/speaking", data=form).status_code == 302
    for page in ("sheet", "check-in", "speaking", "floor"):
        html = client.get(f"{hearing}/{page}").text
        assert "&lt;script&gt;" in html
        assert SCRIPT not in html
    found = client.post(f"{hearing}/check-in", data={"csrf_token": token(client), "search": SCRIPT}).text
    assert found.count('<li id="AAAA"') == 1
    assert SCRIPT not in found
    with database.reading() as session:
        read = session.scalars(select(Entry).where(Entry.action == "events.read_people")).all()
    assert [entry.details for entry in read] == [{"occasion": 1}] * 5


def test_no_other_institution_and_no_other_role_sees_who_is_there(
    client: FlaskClient, database: Database, hearing: str, officer: User
) -> None:
    with database.transaction() as session:
        home = session.get_one(User, officer.id).grants[0].institution
        strangers = [
            make.user(session, make.institution(session, "Another ministry"), "officer", "facilitator"),
            make.user(session, home, "translator", "coder"),
        ]
    for stranger in strangers:
        sign_in(client, stranger)
        for page in PAGES:
            assert client.get(f"{hearing}/{page}").status_code == 404, page
            form = {"csrf_token": token(client), "mark": "AAAA.here", "act": "next", "seen": "0"}
            assert client.post(f"{hearing}/{page}", data=form).status_code in (404, 405), page
    assert marked(database) == {"AAAA": None, "BBBB": None}


def test_only_people_of_this_occasion_are_marked_and_only_by_its_own_form(
    client: FlaskClient, database: Database, hearing: str, officer: User
) -> None:
    sign_in(client, officer)
    assert client.post(f"{hearing}/check-in", data={"mark": "AAAA.here"}).status_code == 400, "no token"
    own = {"csrf_token": token(client)}
    assert client.post(f"{hearing}/check-in", data={**own, "mark": "AAAA.cancelled"}).status_code == 400
    for forged in ("speaking", "walk-in", "check-in/close"):
        client.post(f"{hearing}/{forged}", data={"act": "add", "ticket": "AAAA"})
    answer = client.post(f"{hearing}/check-in", data={**own, "mark": ["BBBB.here", "AAAA.away"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{hearing}/check-in#BBBB")
    assert marked(database) == {"AAAA": False, "BBBB": None}
    answer = client.post(
        f"{hearing}/check-in", data={**own, "mark": "AAAA.here"}, headers={"Accept": "application/json"}
    )
    assert answer.json == {"AAAA": "here"}
    other = {**own, "act": "add", "ticket": "BBBB"}
    assert client.post(f"{hearing}/speaking", data=other).status_code == 404


def test_a_walk_in_agrees_and_is_one_however_often_the_form_is_sent(
    client: FlaskClient, database: Database, hearing: str, officer: User
) -> None:
    with time_machine.travel(HELD + dt.timedelta(minutes=5)):
        sign_in(client, officer)
        form = {"csrf_token": token(client), "code": "0" * 26, "name": SCRIPT, "locale": "en", "speaks": "y"}
        refused = client.post(f"{hearing}/walk-in", data=form).text
        assert "Without their consent" in refused
        assert SCRIPT not in refused
        assert "All seats are taken" in client.post(f"{hearing}/walk-in", data={**form, "consents": "y"}).text
        for _twice in range(2):
            answer = client.post(f"{hearing}/walk-in", data={**form, "consents": "y", "beyond": "y"})
            assert answer.status_code == 302
    with database.reading() as session:
        rows = session.scalars(select(SignUp).where(SignUp.way == "walk_in")).all()
        assert [(row.attended, row.speaks, row.occasion.taken, row.occasion.capacity) for row in rows] == [
            (True, 0, 2, 2)
        ]
