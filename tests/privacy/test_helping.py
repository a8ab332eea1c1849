"""Help for participants: the same page for everybody, with every country, and nothing that runs or leads astray."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.core.translation import State
from consult.db.session import Database
from consult.privacy import helping, queries
from consult.privacy.helping import Line
from consult.processes.models import Activity
from consult.questionnaires import translating
from consult.questionnaires.translating import Typed
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process

OPENED = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
DESK = "/en/desk/processes/labour/help"
KENYA = Line(
    country="KE",
    name=LocalisedText({"en": "Child helpline", "sw": "Simu ya watoto"}),
    phone="+254 (0)116",
    url="example.org/help",
    words=LocalisedText({"en": "Day and night."}),
)


@pytest.fixture
def activity(database: Database, now: dt.datetime) -> Activity:
    """An open activity in English and Swahili, of a process in English with two helplines."""
    with database.transaction() as session:
        process = make_process(session, slug="labour", locales=("en",))
        made = make_activity(session, process, slug="survey", locales=("en", "sw"), opens_at=OPENED)
        make_notice(session, made)
        helping.put(session, process, None, KENYA, by=None, now=now)
        everywhere = Line(
            country="", name=LocalisedText({"en": "Line"}), phone="", url="https://example.org", words=LocalisedText()
        )
        helping.put(session, process, None, everywhere, by=None, now=now)
        return made


def test_the_page_is_the_same_bytes_for_everybody_and_holds_every_country(app: Flask, activity: Activity) -> None:
    one, other = app.test_client(), app.test_client()
    other.set_cookie("draft-survey", "X" * 26)
    pages = [client.get("/en/q/survey/help") for client in (one, other)]
    assert pages[0].data == pages[1].data
    assert pages[0].headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in pages[0].headers
    for words in (
        "Kenya",
        "Child helpline",
        'href="tel:+2540116"',
        'href="https://example.org/help"',
        "policy@example.org",
    ):
        assert words in pages[0].text
    assert "Exit now" in pages[0].text


def test_it_is_there_in_the_locales_of_the_activity_and_of_the_process(client: FlaskClient, activity: Activity) -> None:
    assert "Simu ya watoto" in client.get("/sw/q/survey/help").text
    assert client.get("/fr/q/survey/help").status_code == 404
    page = client.get("/en/p/labour/help").text
    assert "Child helpline" in page
    assert "Exit now" not in page, "nothing was begun"


def test_every_page_of_participants_links_to_it(client: FlaskClient, activity: Activity) -> None:
    assert 'href="/en/q/survey/help"' in client.get("/en/q/survey/privacy").text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": LocalisedText({"sw": "Simu"})}, "privacy.helpline.name"),
        ({"country": "XX"}, "privacy.helpline.country"),
        ({"phone": "", "url": ""}, "privacy.helpline.way"),
        ({"phone": "call <b>us</b>"}, "privacy.helpline.phone"),
        ({"url": "javascript:alert(1)"}, "privacy.helpline.url"),
        ({"url": "https://user:word@example.org"}, "privacy.helpline.url"),
    ],
)
def test_a_helpline_can_be_called_or_visited(
    session: Session, now: dt.datetime, changes: dict[str, object], code: str
) -> None:
    process = make_process(session, locales=("en", "sw"))
    with pytest.raises(Refused) as refusal:
        helping.put(session, process, None, replace(KENYA, **changes), by=None, now=now)  # type: ignore[arg-type]
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_officers_write_it_and_the_trail_says_so(client: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        officer = make.user(session, session.get_one(Activity, activity.id).process.lead_institution, Role.OFFICER)
    sign_in(client, officer)
    added = {"country": "GH", "name-en": "Women’s line", "phone": "123", "csrf_token": token(client)}
    assert client.post(f"{DESK}/add", data=added).status_code == 302
    page = client.get(DESK).text
    assert "Women’s line" in page
    with database.reading() as session:
        lines = queries.helplines(session, session.get_one(Activity, activity.id).process_id)
        number = next(line.id for line in lines if line.country == "GH")
    wrong = {**added, "phone": "no"}
    assert "Write a telephone number" in client.post(f"{DESK}/{number}", data=wrong).text
    assert client.post(f"{DESK}/{number}/delete", data={"csrf_token": token(client)}).status_code == 302
    complaint = {"complaint-en": "Write to the ombudsman.", "csrf_token": token(client)}
    assert client.post(DESK, data=complaint).status_code == 302
    assert "Write to the ombudsman." in client.get("/en/p/labour/help").text
    with database.reading() as session:
        actions = session.scalars(select(Entry.action).where(Entry.actor_id.is_not(None))).all()
    assert {"privacy.add_helpline", "privacy.remove_helpline", "privacy.describe_complaints"} <= set(actions)


def test_it_is_translated_like_all_that_authors_write(session: Session, now: dt.datetime) -> None:
    process = make_process(session, locales=("en", "fr"))
    helping.describe(session, process, LocalisedText({"en": "Write to us."}), by=None, now=now)
    helpline = helping.put(session, process, None, KENYA, by=None, now=now)
    paths = ["help:complaint", f"help:{helpline.id}/name", f"help:{helpline.id}/words"]
    assert [item.key for item in translating.items(session, process, "fr", helping.KINDS)] == paths
    typed = [Typed(path, "Mots", reviewed=True) for path in paths]
    translating.save(session, process, "fr", typed, by=None, now=now)
    assert (process.complaint["fr"], helpline.name["fr"], helpline.name["sw"]) == ("Mots", "Mots", "Simu ya watoto")
    changed = replace(KENYA, name=helpline.name.with_text("en", "Children"), words=helpline.words)
    helping.put(session, process, helpline, changed, by=None, now=now)
    states = [item.here.state for item in translating.items(session, process, "fr", helping.KINDS)]
    assert states == [State.REVIEWED, State.STALE, State.REVIEWED]


def test_another_institution_finds_nothing(client: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        stranger = make.user(session, make_process(session).lead_institution, Role.OFFICER)
    sign_in(client, stranger)
    for address in (DESK, f"{DESK}/add", "/en/desk/activities/survey/notice"):
        assert client.get(address).status_code == 404
