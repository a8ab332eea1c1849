"""Attacks on where people sign up: codes of others, forged fields, other sites, the file without its keys."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from scipy.stats import spearmanr
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import queries, sealing, signing, vault
from consult.events.models.planned import Selection
from consult.events.models.signed import SignUp, SignUpContact
from consult.events.vault import Person
from consult.events.wanted import Wanted
from consult.participation import codes
from consult.responses import tasks
from consult.responses.models import Response
from tests.applications import begun
from tests.events.coming import ABROAD, AMA, CHOSEN, ROOT, SEX, WISH, YEARS, code_on, make_open, sign_up
from tests.events.conftest import clock  # noqa: F401  # the fixture
from tests.factories import responses
from tests.factories.events import make_event, make_occasion
from tests.responses.journey import visible

pytestmark = pytest.mark.usefixtures("clock")

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> {{7*7}}"
MANY = 200
CHANCE = 0.24
"""A rank correlation of so many pairs that chance does not reach in a thousand tests."""


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """What pages do does not depend on the database; what lies where does."""
    found: Database = request.getfixturevalue(getattr(request, "param", "sqlite"))
    return found


def the_only(database: Database) -> SignUp:
    with database.reading() as session:
        return session.scalars(select(SignUp)).one()


def test_a_code_opens_its_own_sign_up_and_guesses_are_limited(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        made = make_open(session)
        make_occasion(session, make_event(session, made.event.activity.process, slug="elsewhere"))
    sign_up(client)
    code = code_on(client.get(f"{ROOT}/receipt"))
    other = app.test_client()
    for page in ("/receipt", "/own/change", "/own/cancel", "/own/withdraw"):
        assert other.get(ROOT + page).location == f"{ROOT}/own", page
    for page in ("/own/change", "/own/agree", "/own/cancel", "/own/withdraw", "/own/take"):
        assert other.post(ROOT + page, data={"name": "Me", "revision": "0"}).location == f"{ROOT}/own", page
    other.set_cookie("seat-abroad", code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert "Ama" not in other.get(f"{ROOT}/own").text
    assert other.post("/en/e/elsewhere/own", data={"code": code}).status_code == 404, "a code is of one event"
    told = [other.post(f"{ROOT}/own", data={"code": codes.spell(bytes([n]) * 16)}).status_code for n in range(80)]
    assert set(told) == {404, 429} and told[-1] == 429
    assert other.post(f"{ROOT}/own", data={"code": code}).status_code == 303, "who has the right one need not wait"
    mine = the_only(database)
    assert (mine.standing, mine.revision) == ("placed", 0)


def test_forged_answers_and_fields_change_nothing(client: FlaskClient, database: Database, keys: Keys) -> None:
    with database.transaction() as session:
        make_open(session, screening=True, selection=Selection.DRAW, event={"companions": 1})
    unknown = sign_up(client, **{**CHOSEN, SEX: "placed"})
    assert unknown.status_code == 422
    forged = {"standing": "placed", "rank": "1", "seats": "9", "ticket": "AAAA", "revision": "7", "locale": "fr"}
    forged |= {
        "way": "walk_in",
        "need": "interpreter",
        "speaks": "yes",
        "institution": "X",
        "guardian": "Y",
        "code": "Z",
    }
    sent = sign_up(client, **CHOSEN, **forged, **{WISH: "hidden"})
    assert sent.status_code == 303
    mine = the_only(database)
    assert (mine.standing, mine.rank, mine.seats, mine.revision, mine.locale) == ("asked", None, 1, 0, "en")
    assert (mine.way, mine.needs, mine.speaks, mine.institution) == ("self", [], None, "")
    assert mine.ticket != "AAAA" and mine.profile == {SEX: "female"}
    with database.reading() as session:
        kept = vault.person(session, keys, mine.activity_id, mine.code)
    assert kept is not None
    assert (kept.answers, kept.guardian) == ({ABROAD: "yes", YEARS: 4}, "")
    many = client.post(f"{ROOT}/own/change", data={**AMA, **CHOSEN, "revision": "0", "companions": "A\nB\nC"})
    assert many.status_code == 422
    for revision in ("9" * 5000, "²", ""):
        typed = {**AMA, **CHOSEN, "needs": "A ramp.", "revision": revision, "edition": revision}
        odd = client.post(f"{ROOT}/own/change", data=typed)
        assert odd.status_code == 422 and "changed meanwhile" in visible(odd)


def test_words_are_words_and_other_sites_do_nothing(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, event={"companions": 1})
    sign_up(client, name=SCRIPT[:150], needs=SCRIPT, companions=SCRIPT, address="a@example.org")
    for page in ("/own", "/own/change"):
        shown = client.get(ROOT + page).text
        assert "<script>alert" not in shown and "<img src=x" not in shown and "{{7*7}}" in shown
    there = {"Sec-Fetch-Site": "cross-site"}
    for page in ("/1/sign-up", "/own", "/own/change", "/own/agree", "/own/take", "/own/cancel", "/own/withdraw"):
        assert client.post(ROOT + page, data={"revision": "0"}, headers=there).status_code == 403, page
    assert client.get(f"{ROOT}/exit", headers=there).status_code == 403
    assert the_only(database).standing == "placed"


def test_nothing_in_the_file_says_who_signed_up_or_when(
    settings: Settings, keys: Keys, sqlite: Database, caplog: pytest.LogCaptureFixture, now: dt.datetime
) -> None:
    with sqlite.transaction() as session:
        make_open(session, screening=True, event={"companions": 1})
    app = begun(settings, keys, sqlite)
    app.testing = True
    client = app.test_client()
    client.environ_base |= {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "canary agent"}
    sign_up(client, **CHOSEN, companions="Kofi Canary", needs="a canary ramp", phone="+39 02 7654321")
    code = code_on(client.get(f"{ROOT}/receipt"))
    client.post(f"{ROOT}/own/change", data={**AMA, "revision": "0", "name": "Ama Boateng"})
    files = b"".join(path.read_bytes() for path in Path(settings.data).rglob("*") if path.is_file())
    moments = now.strftime("%H:%M:%S"), str(int(now.timestamp()))[:8]
    for trace in ("203.0.113", "anary", code, "Ama", "ama@", "7654321", *moments):
        assert trace.encode() not in files and trace not in caplog.text, trace


@pytest.mark.parametrize("database", ["sqlite", "server"], indirect=True)
def test_no_column_and_no_place_joins_a_sign_up_to_a_person_an_answer_or_a_code(
    settings: Settings, keys: Keys, database: Database, now: dt.datetime
) -> None:
    """People sign up and answer a questionnaire of the same process, at worst with the same code."""
    order = list(range(MANY))
    random.Random(1).shuffle(order)
    with database.transaction() as session:
        survey = responses.make_open(session, "types")
        event = make_event(session, survey.process, selection=Selection.NOMINATION)
        occasion = make_occasion(session, event)
        described = queries.event(session, event.id)
        digests = {}
        for number in order:
            code = codes.spell(number.to_bytes(16))
            person = Person(f"Person {number}", f"p{number}@example.org", code=code)
            wanted = Wanted(person, "en", agreed=True, of_age=True)
            made = signing.sign_up(session, keys, described, occasion.id, wanted, today=now.date(), now=now)
            digests[made.code] = number
            responses.make_submission(session, survey, {"words": f"answer-{number}"}, now=now, code=code)
    tasks.mix(Installation(settings, keys, database), {}, now)
    with database.transaction() as session:
        sealing.seal(session, event.id, now=now)
    with database.reading() as session:
        sides = [values(session, model) for model in (SignUp, SignUpContact, Response)]
        place = [] if database.sqlite else [text("tableoid"), text("ctid")]
        lies = [digests[code] for code in session.scalars(select(SignUp.code).order_by(*place))]
        people = vault.people(session, keys, event.id, digests)
        numbers = {vault.contact_id(keys, event.id, code): number for code, number in digests.items()}
        contacts = [numbers[one] for one in session.scalars(select(SignUpContact.id).order_by(*place))]
    spelt = {code.code.encode() for code in people.values()} | {code.code for code in people.values()}
    for one, other in ((0, 1), (0, 2), (1, 2)):
        shared = {value for value in sides[one] & sides[other] if value not in (None, "", "en", 0, 1, True, False)}
        assert shared <= {event.id, now.date(), responses.FIRST_DAY}
    assert not spelt & (sides[0] | sides[1] | sides[2])
    arrived = [lies.index(number) for number in order], [contacts.index(number) for number in order]
    for place_of in arrived:
        assert abs(float(spearmanr(place_of, range(MANY)).statistic)) < CHANCE, "the place tells who came first"
    assert abs(float(spearmanr(*arrived).statistic)) < CHANCE, "the place joins both"


def values(session: Session, model: type[Base]) -> set[object]:
    """Every value of a table that can be compared."""
    rows = session.execute(select(model.__table__))
    return {value for row in rows for value in row if not isinstance(value, dict | list)}
