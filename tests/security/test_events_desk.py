"""Attacks on the facilitator's desk: words that are code, ids of others, who may not read what was said."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Role
from consult.db.session import Database
from consult.events.models.held import Note
from tests.factories.accounts import sign_in, token, user
from tests.factories.events import make_event, make_occasion
from tests.factories.held import make_block, make_note
from tests.factories.processes import make_process

EVIL = "<script>alert(1)</script>\u202e{{7*7}}"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases."""
    return sqlite


@pytest.fixture
def facilitator(database: Database, client: FlaskClient) -> dict[str, str]:
    """Addresses of two events of a process, and of one elsewhere; a facilitator of the first two is signed in."""
    found = {}
    with database.transaction() as session:
        process = make_process(session, slug="policy", locales=("en",))
        for name, of in (("mine", process), ("other", process), ("foreign", make_process(session, locales=("en",)))):
            activity = make_event(session, of)
            note = make_note(session, make_occasion(session, activity))
            block = make_block(session, activity)
            desk = f"/en/desk/events/{activity.slug}"
            found |= {name: desk, f"{name} note": str(note.id), f"{name} block": str(block.id)}
        person = user(session, process.lead_institution, Role.FACILITATOR)
    sign_in(client, person)
    return found


def test_what_was_noted_is_shown_as_it_was_written(client: FlaskClient, facilitator: dict[str, str]) -> None:
    at = f"{facilitator['mine']}/occasions/1"
    note = {"csrf_token": token(client), "body": EVIL, "said": "note"}
    position = {"csrf_token": token(client), "body": EVIL, "institution": EVIL, "view": "none"}
    pages = [
        client.post(f"{at}/notes?block=0", data=note, follow_redirects=True),
        client.post(f"{at}/positions", data=position, follow_redirects=True),
        client.get(f"/en/desk/processes/policy/results/events/{facilitator['mine'].rpartition('/')[2]}"),
    ]
    for page in pages:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.text and "<script>alert" not in page.text


@pytest.mark.parametrize("whose", ["other", "foreign"])
def test_nobody_reaches_what_belongs_to_another_event(
    client: FlaskClient, facilitator: dict[str, str], database: Database, whose: str
) -> None:
    at, theirs = f"{facilitator['mine']}/occasions/1/notes", facilitator[f"{whose} note"]
    fields = {"csrf_token": token(client), "body": "Forged", "said": "note", "seen": "0"}
    assert client.get(f"{at}/{theirs}").status_code == 404
    client.post(f"{at}/{theirs}", data=fields)
    assert client.post(f"{at}/{theirs}/remove", data=fields).status_code == 404
    client.post(f"{at}?block=0", data={**fields, "key": theirs, "body": "With the id of another"})
    for way in ("", "/up", "/remove"):
        assert (
            client.post(f"{facilitator['mine']}/guide/{facilitator[f'{whose} block']}{way}", data=fields).status_code
            == 404
        )
    with database.reading() as session:
        assert session.get_one(Note, uuid.UUID(theirs)).body == "Papers take a year."
        assert "Forged" not in session.scalars(select(Note.body)).all()
    if whose == "foreign":
        assert client.get(f"{facilitator['foreign']}/occasions/1/notes").status_code == 404


def test_nothing_is_written_without_the_token_or_outside_the_choices(
    client: FlaskClient, facilitator: dict[str, str], database: Database
) -> None:
    at = f"{facilitator['mine']}/occasions/1"
    client.post(f"{at}/notes", data={"body": "No token", "said": "note"})
    for forged in ({"said": "position"}, {"speaker": "Ama Mensah"}, {"theme": "x' OR 1=1"}, {"people": "-1"}):
        fields = {"csrf_token": token(client), "body": "Forged", "said": "note", **forged}
        assert client.post(f"{at}/notes", data=fields).status_code == 200
    fields = {"csrf_token": token(client), "body": "Forged", "said": "note", "seen": "9" * 20}
    assert client.post(f"{at}/notes/{facilitator['mine note']}", data=fields).status_code == 200
    assert client.post(f"{at}/sum-up", data=fields).status_code == 200
    report = f"/en/desk/processes/policy/results/events/{facilitator['mine'].rpartition('/')[2]}"
    assert client.get(f"{report}?occasion=-{'9' * 20}").status_code == 404
    with database.reading() as session:
        assert set(session.scalars(select(Note.body))) == {"Papers take a year."}
