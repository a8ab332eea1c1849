"""Hands of an institution in repeats and with files: what is added, removed and sent at the same time."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.config import Settings
from consult.core.questionnaire.answers import Answers, decode
from consult.core.questionnaire.uploads import Upload
from consult.db.session import Database
from consult.responses import uploads
from consult.responses.joint.models import Change, Joint
from tests.factories.accounts import sign_in, token
from tests.factories.files import photograph
from tests.factories.joint import make_joint
from tests.factories.processes import make_activity
from tests.factories.questionnaires import make_edition
from tests.questionnaires import load, questionnaire

OFFICES = {
    "survey": [
        {"type": "begin_repeat", "name": "office", "label": "Office"},
        {"type": "text", "name": "town", "label": "Town"},
        {"type": "text", "name": "staff", "label": "Staff in ${town}"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "offices", "label": "Offices", "calculation": "count(${office})"},
    ]
}


class Hands:
    """Browsers of the hands of an institution."""

    def __init__(self, app: Flask, database: Database, asked: object) -> None:
        self.database = database
        with database.transaction() as session:
            activity = make_activity(session, slug="survey", opens_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
            joint, *people = make_joint(session, make_edition(session, activity, asked))  # type: ignore[arg-type]
        self.path = f"/en/desk/answers/survey/{joint.institution_id}"
        self.clients = [app.test_client() for _person in people]
        for client, person in zip(self.clients, people, strict=True):
            sign_in(client, person)

    def see(self, hand: int, page: str) -> dict[str, str]:
        """Open a page; what it would send unchanged."""
        html = self.clients[hand].get(f"{self.path}/page/{page}").text
        return dict(re.findall(r'name="(edition|version)" value="([^"]*)"', html))

    def send(self, hand: int, page: str, **form: object) -> TestResponse:
        client: FlaskClient = self.clients[hand]
        return client.post(f"{self.path}/page/{page}", data={"csrf_token": token(client), **form})

    def answers(self) -> Answers:
        with self.database.reading() as session:
            return decode(session.scalars(select(Joint.answers)).one())


@pytest.fixture
def hands(app: Flask, database: Database) -> Hands:
    made = Hands(app, database, questionnaire(OFFICES))
    for town in ("Accra", "Lomé", "Lagos"):
        added = made.send(0, "2", then="add")
        page = added.location.rpartition("/page/")[2]
        made.send(0, page, **made.see(0, page), town=town)
    return made


def test_two_hands_add_an_instance_each(hands: Hands) -> None:
    assert [hands.answers()[f"town-{number}"] for number in (1, 2, 3)] == ["Accra", "Lomé", "Lagos"]
    first, second = (hands.send(hand, "2", then="add").location for hand in (0, 1))
    assert first.endswith("/page/1/4")
    assert second.endswith("/page/1/5")
    assert hands.answers()["office"] == 5


def test_who_writes_about_an_instance_that_moves_up_meanwhile_loses_nothing(hands: Hands) -> None:
    seen = hands.see(1, "1/3")
    assert "This deletes the answers" in hands.send(0, "2", remove="1").text
    hands.send(0, "2", remove="1", sure="yes", of="3")
    assert hands.answers()["town-2"] == "Lagos"
    clashed = hands.send(1, "1/3", **seen, town="Lagos", staff="12")
    assert clashed.location.endswith("#disputed")
    assert "staff-3" not in hands.answers()
    overview = hands.clients[1].get(hands.path)
    assert overview.status_code == 200
    assert ">12<" in overview.text
    with hands.database.reading() as session:
        assert session.scalars(select(Change.after).where(Change.outcome == "held")).all() == ['{"staff-3":"12"}']


def test_leaving_open_what_somebody_has_just_answered_changes_nothing(hands: Hands) -> None:
    seen = [hands.see(hand, "1/1") for hand in (0, 1)]
    hands.send(0, "1/1", **seen[0], town="Accra", staff="1")
    assert hands.send(1, "1/1", **seen[1], town="Tema", staff="").location.endswith("/page/2")
    assert hands.answers()["town-1"] == "Tema"
    assert hands.answers()["staff-1"] == "1"


def test_what_is_computed_is_nobodys_and_never_disputed(app: Flask, database: Database) -> None:
    staff = {"type": "integer", "name": "staff", "label": "Staff"}
    more = {
        "type": "integer",
        "name": "more",
        "label": "Next year",
        "calculation": "${staff} + 1",
        "read_only": "true()",
    }
    hands = Hands(
        app, database, questionnaire({"survey": [staff, more, {"type": "text", "name": "why", "label": "Why"}]})
    )
    hands.send(0, "1", **hands.see(0, "1"), staff="5", more="", why="")
    seen = hands.see(1, "1")
    hands.send(0, "1", **hands.see(0, "1"), staff="7", more="6", why="")
    assert not hands.send(1, "1", **seen, staff="5", more="6", why="A new law").location.endswith("#disputed")
    assert hands.answers()["why"] == "A new law"
    assert ">8<" in hands.clients[2].get(f"{hands.path}/check").text


def test_everything_is_read_with_its_instances(hands: Hands) -> None:
    text = hands.clients[2].get(f"{hands.path}/check").text
    assert [town for town in ("Accra", "Lomé", "Lagos") if town not in text] == []
    assert "Staff in" in hands.clients[2].get(f"{hands.path}/question/staff-2").text
    assert hands.clients[2].get(f"{hands.path}/question/staff").status_code == 404


def test_files_are_cleaned_and_kept(app: Flask, database: Database, settings: Settings) -> None:
    hands = Hands(app, database, load("uploads"))
    seen = hands.see(0, "1")
    sent = hands.send(0, "1", **seen, age="3", photo=["", (io.BytesIO(photograph()), "me.jpg")])
    assert sent.status_code == 303
    photo = hands.answers()["photo"]
    assert isinstance(photo, Upload)
    with database.reading() as session:
        activity_id = session.scalars(select(Joint.activity_id)).one()
    assert list(uploads.folder(settings.uploads, activity_id).names()) == [photo.file]
    hands.send(1, "1", **hands.see(1, "1"), age="4", photo=["", (io.BytesIO(b""), "")])
    assert hands.answers()["photo"] == photo, "who sends no file keeps the one that is there"
