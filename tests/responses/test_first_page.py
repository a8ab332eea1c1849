"""The first page: the same bytes for everybody, from the memory of the process."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from consult.core.questionnaire.steps import Compiled
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Process
from consult.responses.texts import Texts
from tests.questionnaires import load
from tests.responses.journey import Clock, Opened, code_in, count, first, send, to, visible
from tests.statements import noted

pytestmark = pytest.mark.usefixtures("clock")


def test_the_first_page_is_the_same_bytes_for_everybody(app: Flask, opened: Opened) -> None:
    opened("types")
    one, other = app.test_client(), app.test_client()
    other.set_cookie("draft-survey", "X" * 26)
    other.set_cookie("staff", "whatever")
    pages = [client.get("/en/q/survey", headers={"Accept-Encoding": "gzip"}) for client in (one, other)]
    assert pages[0].data == pages[1].data
    assert pages[0].status_code == 200
    assert dict(pages[0].headers) == dict(pages[1].headers)
    assert pages[0].headers["Cache-Control"] == "public, max-age=60"
    assert pages[0].headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in pages[0].headers
    plain = one.get("/en/q/survey")
    assert gzip.decompress(pages[0].data) == plain.data
    assert len({page.headers["ETag"] for page in (*pages, plain)}) == 2
    again = one.get("/en/q/survey", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Vary"] == "Accept-Encoding"


def test_spaces_that_glue_words_together_do_not_break_pages(app: Flask) -> None:
    words = LocalisedText({"en": "Voulez\xa0vous\xa0venir\xa0? Oui\xa0: 10\xa0000"})
    with app.test_request_context():
        shown = Texts(Compiled(load("pages")), "en").text(words)
    assert shown == "Voulez vous venir\xa0? Oui\xa0: 10\xa0000"


def test_the_first_page_costs_no_query_once_it_is_known(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("types")
    client.get("/en/q/survey")
    with noted(database) as said:
        assert client.get("/en/q/survey").status_code == 200
    assert said == []


def test_statements_per_request_do_not_grow_with_the_questionnaire(
    client: FlaskClient, database: Database, opened: Opened, clock: Clock
) -> None:
    opened("constraint")
    client.get("/en/q/survey")

    def counted(request: Callable[[], TestResponse], status: int) -> int:
        with noted(database) as said:
            assert request().status_code == status
        return len(said)

    assert counted(lambda: first(client, age="20", name="", born=""), 303) == 1
    assert counted(lambda: client.get("/en/q/survey/check"), 200) == 1
    assert counted(lambda: send(client, "/page/1", age="30", name="", born=""), 303) == 2
    assert counted(lambda: send(client, "/submit"), 303) == 2
    assert counted(lambda: client.get("/en/q/survey/receipt"), 200) == 1


@pytest.mark.parametrize("feature", ["volatile", "randomized"])
def test_an_introduction_stands_before_a_page_that_depends_on_reader_or_day(
    client: FlaskClient, opened: Opened, feature: str
) -> None:
    opened(feature)
    introduction = client.get("/en/q/survey")
    assert introduction.headers["Cache-Control"] == "public, max-age=60"
    assert "1 page of questions" in visible(introduction)
    assert "Words" not in visible(introduction)
    assert to(first(client)) == "/page/1"
    page = client.get("/en/q/survey/page/1")
    assert "Words" in visible(page)
    assert page.headers["Cache-Control"] == "no-store"
    if feature == "volatile":
        assert 'value="2026"' in page.text


def test_whoever_starts_again_from_the_introduction_goes_on(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("volatile")
    to(first(client))
    code = code_in(client)
    assert to(first(client)) == "/page/1"
    assert code_in(client) == code
    assert count(database, Intake) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [("/en/q/survey", 200), ("/ar/q/survey", 200), ("/de/q/survey", 200), ("/fr/q/survey", 404), ("/en/q/none", 404)],
)
def test_it_exists_in_the_locales_that_it_is_offered_in(
    client: FlaskClient, opened: Opened, path: str, status: int
) -> None:
    opened("types", locales=("en", "ar", "de"))
    assert client.get(path).status_code == status


def test_direction_and_words_follow_the_locale(client: FlaskClient, opened: Opened) -> None:
    opened("types", locales=("en", "ar", "de"))
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/q/survey").text
    german = client.get("/de/q/survey")
    assert '<html lang="de" dir="ltr">' in german.text
    assert "Whole (de)" in german.text


def test_a_draft_and_a_hidden_process_are_nobodys_business(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("types", slug="draft", opens_at=None)
    hidden = opened("types", slug="hidden")
    with database.transaction() as session:
        session.execute(update(Process).where(Process.id == hidden.process_id).values(public=False))
    assert client.get("/en/q/draft").status_code == 404
    assert client.get("/en/q/hidden").status_code == 404


def test_every_participant_page_links_privacy_help_contact_accessibility_and_exit(
    client: FlaskClient, opened: Opened
) -> None:
    opened("constraint")
    pages = [client.get("/en/q/survey"), first(client, age="x", name="", born="")]
    to(send(client, "/page/1", age="20", name="", born=""))
    pages += [client.get(f"/en/q/survey{path}") for path in ("/page/1", "/check", "/saved", "/answers", "/withdraw")]
    to(send(client, "/submit"))
    pages += [client.get("/en/q/survey/receipt")]
    here = "/en/q/survey"
    for page in pages:
        for address in (f"{here}/privacy", f"{here}/help", "/en/contact", "/en/accessibility", f"{here}/exit"):
            assert f'href="{address}"' in page.text
        assert page.text.count("<h1") == 1
