"""Officers name interviewers on a page of the activity."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Grant, Institution, Role, User
from consult.audit.models import Entry
from consult.db.session import Database
from consult.participation import queries
from consult.participation.guard import Guard
from consult.participation.models import Interviewer, Measures
from consult.processes.models import Seat
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.interviews import make_interviewer
from tests.factories.processes import make_activity, make_member, make_process

PAGE = "/en/desk/activities/survey/interviewers"
BOTS = "/en/desk/activities/survey/bots"


@pytest.fixture
def consulate(database: Database, client: FlaskClient) -> Institution:
    """A consulate, and an officer of the ministry, signed in, whose process has an activity."""
    with database.transaction() as session:
        ministry = make.institution(session)
        make_activity(session, make_process(session, lead=ministry), slug="survey")
        officer, place = make.user(session, ministry, Role.OFFICER), make.institution(session, "Consulate in Leeds")
    sign_in(client, officer)
    return place


def named(database: Database) -> list[tuple[str, str]]:
    """Names of the interviewers, with the roles that they hold at the institution they are named for."""
    with database.reading() as session:
        found = select(User.name, Grant.role).join(Interviewer, Interviewer.user_id == User.id)
        here = (Grant.user_id == User.id) & (Grant.institution_id == Interviewer.institution_id)
        return [(name, role) for name, role in session.execute(found.join(Grant, here).order_by(Grant.role))]


def name(client: FlaskClient, place: Institution, **form: str):
    """Send the form."""
    fields = {"csrf_token": token(client), "institution_id": str(place.id), "name": "", **form}
    return client.post(PAGE, data=fields)


def test_somebody_without_an_account_gets_one_and_a_link(
    client: FlaskClient, database: Database, consulate: Institution
) -> None:
    refused = name(client, consulate, email="yaa@example.org")
    assert "Enter the person&#39;s name to invite them" in refused.text
    assert named(database) == []
    page = name(client, consulate, email="yaa@example.org", name="Yaa")
    assert "/staff/link/" in page.text
    assert f'href="{PAGE}"' in page.text
    assert named(database) == [("Yaa", "interviewer")]
    listed = client.get(PAGE).text
    assert "Yaa" in listed
    assert "Consulate in Leeds" in listed


def test_somebody_with_an_account_keeps_what_they_are_and_becomes_an_interviewer_too(
    client: FlaskClient, database: Database, consulate: Institution
) -> None:
    with database.transaction() as session:
        make.user(session, session.get_one(Institution, consulate.id), Role.CODER, email="ama@example.org", name="Ama")
    for _twice in range(2):
        assert name(client, consulate, email="Ama@example.org").status_code == 302
    assert named(database) == [("Ama", "coder"), ("Ama", "interviewer")]


def test_whoever_is_removed_keeps_the_account(client: FlaskClient, database: Database, consulate: Institution) -> None:
    name(client, consulate, email="yaa@example.org", name="Yaa")
    (address,) = re.findall(rf'href="({PAGE}/[^"]+/remove)"', client.get(PAGE).text)
    assert "Remove Yaa?" in client.get(address).text
    assert client.post(address, data={"csrf_token": token(client)}).headers["Location"] == PAGE
    assert named(database) == []
    assert client.get(address).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(User.email).where(User.name == "Yaa")).all() == ["yaa@example.org"]


def test_only_those_who_run_the_process_name_interviewers(
    client: FlaskClient, database: Database, consulate: Institution
) -> None:
    with database.transaction() as session:
        activity = make_activity(session, slug="own")
        people = {seat: make.user(session) for seat in Seat}
        for seat, person in people.items():
            last = {"expires_on": None} if seat is not Seat.ADVISER else {"expires_on": dt.date(2100, 1, 1)}
            make_member(session, activity.process, person, seat=seat, **last)
        people["interviewer"] = make_interviewer(session, activity)
    page = PAGE.replace("survey", "own")
    assert client.get(page).status_code == 404, "another institution's officer"
    for seat, person in people.items():
        sign_in(client, person)
        assert client.get(page).status_code == (200 if seat == Seat.LEAD else 404), seat
        assert ("/own/interviewers" in client.get("/en/desk/activities/own").text) is (seat == Seat.LEAD)


def test_officers_decide_what_keeps_bots_apart(client: FlaskClient, database: Database, consulate: Institution) -> None:
    page = client.get(BOTS)
    assert 'value="300"' in page.text
    assert "/fieldwork" in page.text
    form = {"csrf_token": token(client), "seconds": "4", "hourly": "50", "work": "y"}
    assert client.post(BOTS, data=form).status_code == 302
    with database.reading() as session:
        (measures,) = session.scalars(select(Measures))
        assert queries.guard_of(measures) == Guard(seconds=4, hourly=50, counted=False, work=True)
        entry = session.scalars(select(Entry).where(Entry.action == "participation.bots")).one()
        assert entry.details == {"seconds": 4, "hourly": 50, "counted": False, "work": True}
    refused = client.post(BOTS, data={**form, "seconds": "601", "hourly": "-1"})
    assert refused.status_code == 200
    assert refused.text.count('class="error"') == 2
