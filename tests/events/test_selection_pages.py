"""The pages of those who choose, draw and nominate, and the public record of a draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.audit.models import Entry
from consult.config import Keys
from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType, node_id
from consult.core.sampling.record import decode, digest
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import vault
from consult.events.models.planned import Occasion, Selection, Target
from consult.events.models.signed import SignUp
from consult.events.vault import Person
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.events import make_event, make_occasion, make_sign_up
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.responses.journey import Clock

SCRIPT = "<script>alert(1)</script>"
SEX = node_id("sex")
REASON = "The grid has no women yet."


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What pages say does not depend on the database: tests of the services have both."""
    return sqlite


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[Clock]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift


@dataclass
class Desk:
    """An occasion of three seats in front of somebody who works on the event."""

    client: FlaskClient
    database: Database
    keys: Keys
    occasion: Occasion
    slug: str

    @property
    def home(self) -> str:
        return f"/en/desk/events/{self.slug}/occasions/1"

    def come(self, role: str, *, elsewhere: bool = False) -> None:
        """Somebody of the leading institution signs in, or of another."""
        with self.database.transaction() as session:
            activity = session.get_one(Activity, self.occasion.activity_id)
            place = make.institution(session, "Another") if elsewhere else activity.process.lead_institution
            person = make.user(session, place, role)
        sign_in(self.client, person)

    def signed_up(self, name: str, sex: str = "f", **given: object) -> SignUp:
        with self.database.transaction() as session:
            row = make_sign_up(session, self.occasion, profile={SEX: sex}, **given)
            vault.keep(session, self.keys, row.activity_id, row.code, Person(name=name))
        return row

    def post(self, path: str, **form: object) -> TestResponse:
        return self.client.post(f"{self.home}/{path}", data={"csrf_token": token(self.client), **form})

    def read(self, path: str) -> str:
        return self.client.get(f"{self.home}/{path}").text

    def standing(self, row: SignUp) -> str:
        with self.database.reading() as session:
            return session.scalar(select(SignUp.standing).where(SignUp.code == row.code)) or ""

    def noted(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(Entry.action).where(Entry.action.startswith("events."))))


def made(client: FlaskClient, database: Database, keys: Keys, now: dt.datetime, selection: Selection) -> Desk:
    """An event on whose grid two women are wanted."""
    sexes = (
        Choice(name="f", label=LocalisedText({"en": "A woman"})),
        Choice(name="m", label=LocalisedText({"en": "A man"})),
    )
    questions = (make_question(name, QuestionType.SELECT_ONE, choices="sexes") for name in ("sex", "unwanted"))
    screening = make_questionnaire(*questions, locales=("en",), lists=(ChoiceList(name="sexes", choices=sexes),))
    with database.transaction() as session:
        activity = make_event(session, selection=selection, closes_at=now + dt.timedelta(days=1))
        make_edition(session, activity, screening)
        session.add(Target(activity_id=activity.id, cell={SEX: ["f"]}, minimum=2))
        occasion = make_occasion(session, activity, capacity=3)
        activity.process.threshold = 2
    return Desk(client, database, keys, occasion, activity.slug)


@pytest.fixture
def desk(client: FlaskClient, database: Database, keys: Keys, clock: Clock, now: dt.datetime) -> Desk:
    """A facilitator at an event for which people are chosen."""
    assert clock
    found = made(client, database, keys, now, Selection.NOMINATION)
    found.come("facilitator")
    return found


def test_who_signed_up_stands_beside_the_grid_and_reading_it_is_noted(desk: Desk) -> None:
    desk.signed_up(SCRIPT, needs=["childcare"], seats=2)
    page = desk.read("people")
    assert "2 missing" in page
    assert "A woman" in page
    assert "Fills" in page
    assert "Childcare" in page
    assert "&lt;script&gt;" in page
    assert SCRIPT not in page
    assert "Nobody is here" in desk.read("people?standing=placed")
    assert desk.noted() == ["events.read_people"] * 2


def test_a_facilitator_gives_a_place_and_the_second_is_told(desk: Desk) -> None:
    her = desk.signed_up("Ama")
    chosen = {"ids": [f"{her.code.hex()}.0"], "act": "place"}
    refused = desk.post("people", **chosen)
    assert (refused.status_code, "Give a reason" in refused.text) == (422, True)
    assert desk.post("people", **chosen, reason=REASON).status_code == 302
    assert "1 decision was made." in desk.read("people")
    desk.post("people", **{**chosen, "act": "refuse"}, reason="No.")
    assert "somebody else has decided meanwhile" in desk.read("people")
    assert desk.standing(her) == "placed"


def test_the_list_is_paged_by_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.events.views.choosing.PER_PAGE", 2)
    names = ["Ama", "Esi", "Kofi", "Kwame", "Yaw"]
    for name in names:
        desk.signed_up(name)
    seen, path = [], "people"
    while path:
        page = desk.read(path)
        seen += [name for name in names if f"<bdi>{name}</bdi>" in page]
        path = page.partition('rel="next" href="')[2].partition('"')[0].rpartition("/")[2].replace("&amp;", "&")
    assert sorted(seen) == names


def test_somebody_is_nominated(desk: Desk) -> None:
    given = {"institution": "Women’s association", "name": "Ama", "locale": "en", f"profile-{SEX}": "f"}
    refused = desk.post("nominate", **given)
    assert "An e-mail address or a telephone number" in refused.text
    assert 'value="Ama"' in refused.text
    assert f'id="profile-{node_id("unwanted")}"' not in refused.text, "what is not counted is not asked"
    for _click in range(2):
        assert desk.post("nominate", **given, key="drawn", address="ama@example.org").status_code == 302
    page = desk.read("people")
    assert page.count("<bdi>Ama</bdi>") == 1, "a double click enters somebody once"
    assert "Women’s association" in page
    assert "has not consented yet" in page
    assert "Fills" in page


def test_nobody_else_reads_who_signed_up(desk: Desk) -> None:
    her = desk.signed_up("Ama")
    assert desk.client.get(f"{desk.home}/draw").status_code == 404
    for role, elsewhere in (("officer", True), ("facilitator", True), ("translator", False), ("coder", False)):
        desk.come(role, elsewhere=elsewhere)
        for path in ("people", "nominate", "draw"):
            assert desk.client.get(f"{desk.home}/{path}").status_code == 404, (role, path)
            assert desk.post(path, ids=[f"{her.code.hex()}.0"], act="place", reason="x").status_code == 404
    assert (desk.standing(her), desk.noted()) == ("asked", [])


def test_an_officer_draws_once_and_everybody_reads_the_record(
    client: FlaskClient, database: Database, keys: Keys, clock: Clock, now: dt.datetime
) -> None:
    desk = made(client, database, keys, now, Selection.DRAW)
    people = [desk.signed_up(f"Ama {number}", "fm"[number % 2]) for number in range(6)]
    public, file = f"/en/e/{desk.slug}/1/draw", f"/e/{desk.slug}/1/draw.json"
    desk.come("officer")
    assert "Then the seed can be entered" in desk.read("draw")
    assert "can still sign up" in desk.post("draw", seed="7").text
    assert [client.get(path).status_code for path in (public, file)] == [404, 404]
    clock(dt.timedelta(days=2))
    desk.come("officer")
    assert "Every target can be met." in desk.read("draw")
    assert desk.post("draw", seed="4 8 15").status_code == 302
    assert "have been drawn" in desk.post("draw", seed="16 23 42").text
    stranger = client.application.test_client()
    page, sent = stranger.get(public).text, stranger.get(file)
    record = decode(sent.text)
    assert public in stranger.get(f"/en/e/{desk.slug}/1").text
    assert digest(record) in page
    assert "The national lottery of 1 June 2026." in page
    assert (record.seed, sent.headers["Cache-Control"]) == ("4 8 15", "public, max-age=300")
    assert stranger.get(file, headers={"If-None-Match": sent.headers["ETag"]}).status_code == 304
    assert "def lottery" in stranger.get("/e/recompute-draw.py").text
    assert not any(one.code.hex() in sent.text or "Ama" in sent.text for one in people)
    assert sorted(map(desk.standing, people)) == ["listed"] * 3 + ["placed"] * 3
