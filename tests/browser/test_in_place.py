"""With JavaScript, questions follow the answers on their own page; without it, the outcome is the same page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from consult.app import create_app
from consult.config import Keys, Settings
from consult.core.questionnaire.answers import decode
from consult.db.session import Database
from consult.participation.models import Intake
from tests.architecture.sources import ROOT
from tests.factories.responses import make_open

Device = Callable[..., BrowserContext]
OPENED = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
OF_STAFF = {"checking_in.js", "coding.js", "door_worker.js", "job.js", "keeping.js", "noting.js"}
"""Scripts of pages behind the sign-in alone."""


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def opened(database: Database) -> Callable[..., None]:
    """Opens an activity for the questionnaire of a feature at `/…/q/survey`."""

    def make(feature: str = "in_place", locales: tuple[str, ...] = ("en", "fr", "ar")) -> None:
        with database.transaction() as session:
            make_open(session, feature, slug="survey", locales=locales)

    return make


def stored(database: Database) -> dict[str, object]:
    with database.reading() as session:
        return dict(decode(session.scalars(select(Intake.answers)).one()))


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value={value}]").check()


def go_on(page: Page) -> None:
    page.locator("form button.button").click()


def test_questions_appear_and_disappear_in_place(page: Page, opened: Callable[..., None], database: Database) -> None:
    opened()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("?")[0].rpartition("/")[2]))
    page.goto("/en/q/survey")
    assert asked == ["survey", "boot.js"], "nothing else before the first input"
    expect(page.locator("#job")).to_have_count(0)
    choose(page, "works", "yes")
    expect(page.get_by_role("status")).to_have_text("There are further questions on this page.")
    expect(page.locator("#job")).to_be_visible()
    expect(page.get_by_text("Money")).to_be_hidden()
    assert {"answering.js", "expressions.js"} <= set(asked)
    page.locator("#job").fill("Baker")
    expect(page.get_by_role("heading", name="Money")).to_be_visible()
    expect(page.locator("label[for=wage]")).to_contain_text("Wage of a Baker")
    page.locator("#wage").fill("1 200,5")
    expect(page.locator("#sent")).to_be_visible()
    page.locator("#sent").fill("500")
    choose(page, "works", "no")
    for question in ("#job", "#wage", "#sent"):
        expect(page.locator(question)).to_be_hidden()
        assert page.locator(question).is_disabled()
    go_on(page)
    assert page.url.endswith("/page/2")
    assert stored(database) == {"works": "no", "country": None}


def test_calculations_and_what_is_said_about_them_follow(page: Page, opened: Callable[..., None]) -> None:
    opened()
    page.goto("/fr/q/survey")
    choose(page, "works", "yes")
    page.locator("#job").fill("Baker")
    assert page.locator("#months").input_value() == "12", "its default"
    page.locator("#wage").fill("١٠٫٥")
    expect(page.locator("#year")).to_have_value("126")
    assert page.locator("#year").get_attribute("readonly") is not None
    page.locator("#months").fill("11")
    expect(page.locator("#year")).to_have_value("115,5")
    expect(page.locator("#told")).to_contain_text("Together 115,5, 231.")
    page.locator("#wage").fill("100,5")
    expect(page.locator("#year")).to_have_value("1105,5")
    expect(page.locator("#each_day")).to_have_value("3")
    page.locator("#wage").fill("nothing")
    expect(page.locator("#year")).to_have_value("")
    expect(page.locator("#told")).to_be_hidden()


def test_choices_are_filtered_and_what_no_longer_fits_is_taken_back(
    page: Page, opened: Callable[..., None], database: Database
) -> None:
    opened()
    page.goto("/en/q/survey")
    choose(page, "works", "no")
    expect(page.locator("#city")).to_be_hidden()
    choose(page, "country", "gh")
    expect(page.locator("input[name=city]:visible")).to_have_count(2)
    choose(page, "city", "kumasi")
    choose(page, "country", "de")
    expect(page.locator("input[name=city][type=radio]:visible")).to_have_count(1)
    assert page.locator("input[name=city]:checked").count() == 0
    go_on(page)
    assert page.url.endswith("/page/2")
    assert stored(database) == {"works": "no", "country": "de", "city": None}


def test_choices_that_followed_are_not_put_again(page: Page, opened: Callable[..., None]) -> None:
    opened("choice_filter_required")
    page.goto("/en/q/survey")
    choose(page, "country", "gh")
    choose(page, "city", "accra")
    choose(page, "country", "de")
    go_on(page)
    assert page.locator(".summary li").count() == 1, "it was left open, and could have been answered"


def test_answers_of_other_pages_count_and_a_question_taken_back_is_forgotten(
    page: Page, opened: Callable[..., None], database: Database
) -> None:
    opened()
    page.goto("/en/q/survey")
    choose(page, "works", "yes")
    page.locator("#job").fill("baker")
    go_on(page)
    expect(page.locator("#why")).to_have_count(0)
    choose(page, "more", "yes")
    page.locator("#why").fill("Because")
    go_on(page)
    assert stored(database)["why"] == "Because"
    page.goto("/en/q/survey/page/2")
    assert page.locator("#why").input_value() == "Because"
    page.locator("input[name=more][value=yes]").uncheck()
    expect(page.locator("#why")).to_be_hidden()
    go_on(page)
    assert page.url.endswith("/check")
    assert "why" not in stored(database)


def test_whoever_goes_on_while_a_question_appears_is_asked_it(
    page: Page, opened: Callable[..., None], database: Database
) -> None:
    opened()
    page.goto("/en/q/survey")
    choose(page, "works", "no")
    expect(page.locator("#job")).to_have_count(1)
    page.evaluate("""() => {
      document.querySelector("input[name=works][value=yes]").click();
      document.querySelector("main form").requestSubmit();
    }""")
    page.wait_for_url("**/page/1?more=")
    expect(page.locator("#job")).to_be_visible()
    expect(page.locator(".error")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_with_and_without_javascript_the_same_is_stored(
    device: Device, opened: Callable[..., None], database: Database, locale: str
) -> None:
    opened()
    answers = []
    for scripts in (True, False):
        page = device(java_script_enabled=scripts, viewport={"width": 320, "height": 700}).new_page()
        page.goto(f"/{locale}/q/survey")
        for _ in range(8):
            first = page.url.endswith("/q/survey")
            for name, value in (("works", "yes"), ("country", "gh"), ("city", "accra"), ("more", "yes")):
                if page.locator(f"input[name={name}][value={value}]").count():
                    choose(page, name, value)
                if scripts and first:
                    expect(page.locator("#job"), "the script has begun").to_be_visible()
            for name, value in (("job", "Baker"), ("wage", "2000.50"), ("sent", "300"), ("why", "Because")):
                field = page.locator(f"#{name}")
                if field.count() and field.is_visible():
                    field.fill(value)
            if scripts and first:
                expect(page.locator("#year")).to_have_value("24006")
            go_on(page)
            if page.url.endswith("/receipt"):
                break
        assert page.url.endswith("/receipt")
        with database.transaction() as session:
            row = session.scalars(select(Intake)).one()
            answers.append(decode(row.answers))
            session.delete(row)
    assert answers[0] == answers[1]
    assert answers[0]["year"] == 24006
    assert answers[0]["why"] == "Because"


def test_all_scripts_of_participants_weigh_at_most_14_kb(settings: Settings, keys: Keys, database: Database) -> None:
    client = create_app(settings, keys, database).test_client()
    names = {path.name for path in (ROOT / "static" / "js").glob("*.js")} - OF_STAFF
    answers = {name: client.get(f"/static/js/{name}", headers={"Accept-Encoding": "gzip"}) for name in names}
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in answers.values())
    assert len(answers["boot.js"].data) <= 2 * 1024
    assert sum(len(answer.data) for answer in answers.values()) <= 14 * 1024
