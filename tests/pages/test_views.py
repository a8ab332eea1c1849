"""Pages that everybody can read, in every shipped locale."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from consult.config import LOCALES
from consult.db.session import Database
from tests.factories.processes import make_activity, make_process


@pytest.mark.parametrize("path", ["", "help", "contact", "accessibility", "privacy"])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_is_there_in_every_locale_without_a_cookie(client: FlaskClient, locale: str, path: str) -> None:
    answer = client.get(f"/{locale}/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{locale}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("accepted", "locale"), [("fr-CA,en;q=0.5", "fr"), ("ar", "ar"), ("sw", "en"), ("", "en"), ("pt-BR", "pt")]
)
def test_the_start_leads_to_the_readers_language(client: FlaskClient, accepted: str, locale: str) -> None:
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert answer.headers["Location"] == f"/{locale}/"
    assert answer.headers["Vary"] == "Accept-Language"


def test_home_lists_what_is_open_first_and_links_it_in_a_language_it_has(
    client: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        make_process(session, slug="a-quiet", title="Quiet policy", locales=("en", "fr"))
        busy = make_process(session, slug="b-busy", title="Busy policy", locales=("en",))
        opened = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        make_activity(session, busy, slug="survey", title="Busy survey", locales=("sw", "fr"), opens_at=opened)
        make_activity(session, busy, slug="over", title="Past survey", opens_at=opened, closes_at=opened)
    page = client.get("/fr/").text
    assert page.index("Busy policy") < page.index("Quiet policy")
    assert 'href="/fr/q/survey"' in page
    assert 'href="/en/p/b-busy"' in page
    assert 'href="/fr/p/a-quiet"' in page
    assert "Past survey" not in page
    assert 'href="/sw/q/survey"' in client.get("/en/").text


def test_contact_names_whom_to_ask_for_each_process(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        make_process(session, title="Labour policy")
    page = client.get("/en/contact").text
    assert "Labour policy" in page
    assert "policy@example.org" in page


def test_health_answers_when_the_database_does(client: FlaskClient) -> None:
    assert client.get("/health").text == "ok\n"


@pytest.mark.parametrize("path", ["/xx/", "/EN/", "/en/nothing", "/en/p/", "/en/p/Nothing", "/en/q/nothing"])
def test_addresses_that_lead_nowhere_say_so(client: FlaskClient, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 404
