"""Who cannot be written to is called, and noted as told what was true when they were."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.config import Keys
from consult.db.session import Database
from consult.events import calling, vault
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp
from consult.events.vault import Person
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up

PHONE = Person(name="<b>Kofi</b>", phone="+233 20 1")


@pytest.fixture
def desk(database: Database, keys: Keys, client: FlaskClient) -> Activity:
    """An event with two people, of whom one has no address, and a facilitator who is signed in."""
    with database.transaction() as session:
        activity = make_event(session)
        occasion = make_occasion(session, activity, starts_at=HELD.replace(year=2036), ends_at=HELD.replace(year=2037))
        for person in (PHONE, Person(name="Ama", address="ama@example.org")):
            seat = make_sign_up(session, occasion, standing="placed")
            vault.keep(session, keys, activity.id, seat.code, person)
        who = make.user(session, activity.process.lead_institution, Role.FACILITATOR)
    make.sign_in(client, who)
    return activity


def test_somebody_without_an_address_is_called_and_told_what_holds(
    desk: Activity, client: FlaskClient, database: Database, keys: Keys, now: dt.datetime
) -> None:
    address = f"/en/desk/events/{desk.slug}/calls"
    page = client.get(address).text
    assert "&lt;b&gt;Kofi" in page and "ama@example.org" in page, "no mail can be sent from here"
    with database.reading() as session:
        (kofi,), more = calling.calls(session, keys, desk.id, mail=True, after=(0, b""), now=now)
        assert (kofi.person, kofi.mark, more) == (PHONE, "placed:1.0", None)
    form = {"who": kofi.seat.code.hex(), "mark": kofi.mark, "csrf_token": make.token(client)}
    with database.transaction() as session:
        session.execute(update(Occasion).values(sequence=1))
    assert "changed meanwhile" in client.post(address, data=form, follow_redirects=True).text
    assert "Saved." in client.post(address, data={**form, "mark": "placed:1.1"}, follow_redirects=True).text
    with database.reading() as session:
        assert sorted(session.scalars(select(SignUp.told))) == ["", "placed:1.1"]
        assert calling.calls(session, keys, desk.id, mail=True, after=(0, b""), now=now) == ([], None)
        noted = session.scalars(select(Entry.action).where(Entry.action.startswith("events."))).all()
    assert noted.count("events.read_calls") == 3 and noted.count("events.call") == 1


def test_odd_requests_say_nothing(desk: Activity, client: FlaskClient, app: Flask) -> None:
    address = f"/en/desk/events/{desk.slug}/calls"
    for after in ("x", "1.zz", "9" * 40, "1." + "ff" * 40):
        assert client.get(address, query_string={"after": after}).status_code == 200
    form = {"who": "zz", "mark": "placed:1.0", "csrf_token": make.token(client)}
    assert client.post(address, data=form).status_code == 302
