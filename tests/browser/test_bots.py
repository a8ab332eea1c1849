"""Sending costs some computing, or half a minute: in a browser with JavaScript, and in one without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import func, select

from consult.db.session import Database
from consult.participation import guard
from consult.participation.guard import Guard
from consult.participation.measures import decide
from consult.participation.models import SpentChallenge
from consult.processes.models import Activity
from tests.factories.responses import make_open
from tests.responses.journey import channels


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.mark.parametrize(("locale", "scripts"), [("en", True), ("ar", False)], ids=["script", "no-script"])
def test_answers_are_sent_with_work_or_with_time(
    device: Callable[..., BrowserContext],
    database: Database,
    locale: str,
    scripts: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database.transaction() as session:
        activity = make_open(session, "same_page", slug="survey", locales=("en", "ar"))
        measures = Guard(seconds=0, hourly=0, counted=True, work=True)
        decide(session, session.get_one(Activity, activity.id), measures, by=None, now=dt.datetime.now(dt.UTC))
    page = device(java_script_enabled=scripts, viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"/{locale}/q/survey")
    expect(page.locator("input[name=website]")).to_be_hidden()
    page.locator("input[name=works][value=no]").check()
    while not page.url.endswith("/check"):  # there is a further question
        page.locator("main form button.button").click()
    page.locator("main form button.button").click()
    if not scripts:
        expect(page.locator(".notice").first).to_be_visible()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        monkeypatch.setattr(guard, "WAIT", 1)  # half a minute has passed
        page.locator("main form button.button").click()
    page.wait_for_url("**/receipt")
    assert channels(database) == {"open": 1}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SpentChallenge)) == (1 if scripts else 0)
