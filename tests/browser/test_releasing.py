"""A release from its plan to its withdrawal in a browser, with and without JavaScript."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consult.accounts.models import Role
from consult.app import LONG
from consult.config import Keys, Settings
from consult.db.session import Database
from consult.jobs import asking, service
from consult.processes.models import Activity, Process
from tests.browser.desk import OFFICER, sign_in
from tests.factories import accounts as make
from tests.results.surveying import Survey

NOTE = "A country was counted twice. Use release 2."


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: tests of the pages have both."""
    return sqlite


@pytest.fixture
def survey(database: Database, settings: Settings, keys: Keys, now: dt.datetime) -> Survey:
    with database.transaction() as session:
        ministry = make.institution(session)
        make.user(session, ministry, Role.OFFICER, email=OFFICER)
    found = Survey(database, settings, keys, now, lead=ministry)
    found.answer_at_random(120)
    with database.transaction() as session:
        session.get_one(Activity, found.activity_id).opens_at = now
        session.get_one(Process, found.process_id).locales = ["en", "ar"]
    return found


def plan(page: Page, survey: Survey, locale: str) -> None:
    page.goto(f"/{locale}/desk/processes/{survey.slug}/results/new")
    page.locator("input[name=title-en]").fill("First results")
    page.locator("main form button.button").first.click()
    page.wait_for_url("**/jobs/*")


def press(page: Page, action: str) -> None:
    page.locator(f"form[action$='/{action}'] button").click()


@pytest.mark.parametrize("script", [True, False])
def test_from_plan_to_withdrawal(device: Callable[..., BrowserContext], survey: Survey, script: bool) -> None:
    locale, width = ("en", 1280) if script else ("ar", 320)
    page = device(java_script_enabled=script, viewport={"width": width, "height": 900}).new_page()
    sign_in(page, OFFICER)
    plan(page, survey, locale)
    assert survey.work() == 1
    page.locator("#progress a.button").click(timeout=20_000)  # the page has read itself again
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("main a[download]").count() == 0
    press(page, "freeze")
    page.wait_for_url("**/results/1")
    page.locator("a[href$='/publish']").click()
    page.locator("main form button.button").click()
    assert page.goto(f"/{locale}/p/{survey.slug}/results/1").status == 200  # type: ignore[union-attr]  # it answers
    page.goto(f"/{locale}/desk/processes/{survey.slug}/results/1/withdraw")
    for box in page.locator("main textarea").all():
        box.fill(NOTE)
    page.locator("main form button.danger").click()
    page.wait_for_url("**/results")
    assert page.goto(f"/{locale}/p/{survey.slug}/results/1").status == 410  # type: ignore[union-attr]  # it answers
    expect(page.locator(".notice")).to_contain_text(NOTE)
    page.goto(f"/{locale}/p/{survey.slug}/results")
    expect(page.locator("main")).to_contain_text(NOTE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_progress_is_followed_in_place(page: Page, survey: Survey) -> None:
    sign_in(page, OFFICER)
    plan(page, survey, "en")
    job_id, moment = uuid.UUID(page.url.rsplit("/", 1)[1]), dt.datetime.now(dt.UTC)
    page.evaluate("window.same = true")
    with survey.database.transaction() as session:
        taken = service.take(session, LONG, moment)
        assert taken is not None
        assert asking.note(session, taken, 3, 7, moment)
    expect(page.locator("#progress")).to_contain_text("3 of 7 steps done")
    assert page.locator("progress").evaluate("bar => [bar.value, bar.max]") == [3, 7]
    press(page, "cancel")
    expect(page.locator("#progress")).to_contain_text("It stops before its next step.")
    page.evaluate("window.same = true")
    with survey.database.transaction() as session:
        assert not asking.note(session, taken, 4, 7, moment)
        asking.end_without(session, taken, "cancelled", moment)
    expect(page.locator("#progress")).to_contain_text("Nothing of it was kept")
    assert page.evaluate("window.same")
    with survey.database.reading() as session:
        assert asking.any_job(session, job_id).state == "cancelled"  # type: ignore[union-attr]  # it was asked for
