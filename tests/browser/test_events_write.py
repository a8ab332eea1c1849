"""A facilitator’s and an officer’s pages about what people at events are told, and what they say afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from consult.accounts.models import Role
from consult.config import Keys
from consult.db.session import Database
from consult.events import vault
from consult.events.vault import Person
from tests.browser.desk import OFFICER, sign_in
from tests.browser.validator import Validator, inspect
from tests.factories.accounts import user
from tests.factories.events import make_event, make_occasion, make_sign_up
from tests.factories.processes import make_process

NEXT_YEAR = dt.datetime(dt.datetime.now(dt.UTC).year + 1, 6, 6, 9, tzinfo=dt.UTC)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def event(database: Database, keys: Keys) -> str:
    """An event with somebody who can only be called; the address of its desk."""
    with database.transaction() as session:
        process = make_process(session, slug="labour", locales=("en", "ar"), public=True)
        user(session, process.lead_institution, Role.OFFICER, email=OFFICER)
        activity = make_event(session, process, slug="abroad", locales=("en", "ar"))
        occasion = make_occasion(session, activity, starts_at=NEXT_YEAR, ends_at=NEXT_YEAR + dt.timedelta(hours=2))
        seat = make_sign_up(session, occasion, standing="placed")
        vault.keep(session, keys, activity.id, seat.code, Person(name="Kofi Mensah", phone="+233 20 123"))
    return "/{}/desk/events/abroad"


def test_people_are_called_and_asked_how_it_was(
    device: Callable[..., BrowserContext], event: str, validator: Validator
) -> None:
    page = device(viewport={"width": 320, "height": 700}).new_page()
    sign_in(page, OFFICER)
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(inspect(name, page, page.content(), validator))

    page.goto(event.format("ar") + "/calls")
    look("calls-ar")
    page.locator("main form button").click()
    expect(page.locator("main")).not_to_contain_text("Kofi")
    look("nobody-ar")
    page.goto(event.format("en") + "/feedback")
    look("feedback-en")
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_have_text("Feedback: Life abroad")
    page.goto(event.format("ar") + "/feedback")
    page.locator("#welcome").fill("4.5")
    page.locator("main form button").last.click()
    expect(page.locator("#welcome")).to_have_value("4.5")
    page.goto("/ar/desk/processes/labour/results/feedback")
    look("compared-ar")
    assert wrong + validator.findings() == []
