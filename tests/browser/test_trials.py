"""A questionnaire is tried by a link before it opens: at the desk, on a computer, on a phone without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.models import TrialIntake
from consult.processes.models import Activity, Process
from consult.questionnaires.models import Trial
from tests.browser.desk import OFFICER, sign_in
from tests.browser.validator import Validator, inspect
from tests.factories.privacy import make_notice
from tests.factories.questionnaires import make_draft, make_edition, make_questionnaire

Device = Callable[..., BrowserContext]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: tests of the pages have both."""
    return sqlite


def prepared(database: Database) -> None:
    """The ministry has published a questionnaire in three languages, and not opened it."""
    with database.transaction() as session:
        process = session.scalars(select(Process)).one()
        activity = Activity(
            process_id=process.id,
            kind="questionnaire",
            slug="survey",
            title=process.title,
            locales=["en"],
            time_zone="UTC",
        )
        session.add(activity)
        session.flush()
        make_edition(session, activity, make_questionnaire())
        make_draft(session, activity, make_questionnaire())
        make_notice(session, activity)


def answered(page: Page) -> None:
    """From the first page to the receipt; each says that it is a trial."""
    for fill in (lambda: page.locator("input[type=text]").first.fill("40"), lambda: None, lambda: None):
        expect(page.locator("aside.trial")).to_be_visible()
        fill()
        page.locator("main form button.button").first.click()
    page.wait_for_url("**/trial/receipt")
    expect(page.locator("aside.trial")).to_be_visible()


def test_a_link_lets_try_the_questionnaire_until_it_opens(
    ministry: Installation, device: Device, database: Database, validator: Validator
) -> None:
    prepared(database)
    found: list[str] = []
    desk = device().new_page()
    sign_in(desk, OFFICER)
    desk.wait_for_url("**/desk/")
    desk.goto("/en/desk/activities/survey")
    desk.locator("main a[href$='/trial']").click()
    desk.locator("main form button.button").click()
    link = desk.locator("#link").input_value()
    code = link.partition("#")[2]
    found += inspect("link", desk, desk.content(), validator)

    there = device().new_page()
    there.goto(link)
    expect(there.locator("#code")).to_have_value(code)
    found += inspect("door", there, there.content(), validator)
    assert "#" not in there.url, "the code does not stay in the address"
    there.locator("main form button.button").click()
    answered(there)

    phone = device(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    phone.goto("/ar/q/survey/trial")
    phone.locator("#code").fill(" ".join(code[start : start + 4] for start in range(0, 26, 4)).lower())
    validator.add("code", phone.content())
    phone.locator("main form button.button").click()
    validator.add("first", phone.content())
    answered(phone)

    desk.goto("/en/desk/activities/survey/trial")
    expect(desk.locator("main table tbody tr")).to_have_count(1)
    found += inspect("desk", desk, desk.content(), validator)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TrialIntake)) == 2
    desk.goto("/en/desk/activities/survey/open")
    desk.locator("main form button.button").click()
    desk.wait_for_url("**/activities/survey")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Trial)) == 0
    there.wait_for_timeout(1_100)  # for a second a process remembers whom it lets in
    there.goto("/en/q/survey/trial/receipt")
    expect(there.locator("h1")).to_have_text("The trial is over")
    found += inspect("over", there, there.content(), validator)
    there.locator("main a.button").click()
    there.wait_for_url("**/en/q/survey")
    expect(there.locator("aside.trial")).to_have_count(0)
    assert found + validator.findings() == []
