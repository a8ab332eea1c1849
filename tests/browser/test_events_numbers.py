"""Pages of an event in results, in English and in Arabic on a phone: axe and the HTML checker find nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from consult.accounts.models import Role
from consult.config import Keys, Settings
from consult.db.session import Database
from tests.browser.desk import sign_in
from tests.browser.validator import Validator, inspect
from tests.factories import accounts as make
from tests.results.assembling import PLAN, Event
from tests.results.test_events import held_with

STEWARD = "steward@example.org"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
def test_pages_of_an_event(
    device: Callable[..., BrowserContext],
    database: Database,
    settings: Settings,
    keys: Keys,
    now: dt.datetime,
    validator: Validator,
    locale: str,
    width: int,
) -> None:
    with database.transaction() as session:
        ministry = make.institution(session)
        make.user(session, ministry, Role.STEWARD, email=STEWARD)
    found = held_with(Event(database, settings, keys, now, lead=ministry))
    with database.transaction() as session:
        found.process(session).locales = ["en", "ar"]
    found.note("money", many=3)
    found.note("money", occasion=1)
    found.state("Diaspora council", "opposes", "rights")
    scale = ["5"] * 30 + ["3"] * 30
    found.hear([{"content": said, "hours": 2, "heard": "4"} for said in scale], {"content": 4.0, "heard": 3.5})
    found.publish(found.freeze(PLAN))
    positions = next(one.slug for one in found.draft(PLAN).content.datasets if one.matrix)
    page, wrong = device(viewport={"width": width, "height": 900}).new_page(), []
    sign_in(page, STEWARD)
    desk, public = f"/{locale}/desk/processes/{found.slug}/results", f"/{locale}/p/{found.slug}/results/1"
    parts = ("", "/themes", "/representativeness", f"/{positions}/matrix")
    for path in (desk, f"{desk}/feedback", f"{desk}/new", *(public + part for part in parts)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        wrong += inspect(path, page, answer.text(), validator)
    assert wrong + validator.findings() == []
