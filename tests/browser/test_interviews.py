"""Interviews in a real browser: begun at the desk, answered, sent, and never read back."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from consult.config import Keys
from consult.db.session import Database
from consult.demo import content
from consult.demo.filling import fill
from consult.participation.models import Intake
from tests.browser.test_main_job import answer_first_page, answer_to_the_end, sign_in
from tests.chromium import ARGUMENTS, executable
from tests.factories.accounts import user

Device = Callable[..., BrowserContext]
SLUG = content.load().activity.slug
IN_EVERY_BROWSER = pytest.mark.parametrize(
    ("locale", "scripts", "width"),
    [("en", True, 1100), ("ar", True, 320), ("en", False, 320), ("ar", False, 1100)],
    ids=["en", "ar-phone", "en-no-script", "ar-no-script"],
)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: tests of the pages have both."""
    return sqlite


@pytest.fixture(autouse=True)
def demo(keys: Keys, database: Database) -> None:
    """The demo without responses."""
    with database.transaction() as session:
        hashed = user(session).password
        fill(session, keys, hashed, floor=10, count=0, rng=random.Random(7), now=dt.datetime.now(dt.UTC))


@pytest.fixture
def interviewer(device: Device, locale: str, scripts: bool, width: int) -> Page:
    """The page of interviews, of an interviewer who has signed in."""
    page = device(java_script_enabled=scripts, viewport={"width": width, "height": 800}).new_page()
    sign_in(page, "interviewer@example.org")
    page.wait_for_url("**/desk/")
    page.locator("main a[href$='/desk/interviews']").click()
    page.wait_for_url("**/desk/interviews")
    return page


def begin(page: Page, locale: str) -> None:
    """Begin an interview in a language."""
    page.locator("main select").select_option(locale)
    page.locator("main form button").click()
    page.wait_for_url(f"**/{locale}/q/{SLUG}/interview/page/1")


def stored(database: Database) -> list[tuple[str, str]]:
    """State and channel of what has come in."""
    with database.reading() as session:
        return sorted((row.state, row.channel) for row in session.scalars(select(Intake)))


@IN_EVERY_BROWSER
def test_two_interviews_one_after_the_other(interviewer: Page, database: Database, locale: str) -> None:
    page, codes = interviewer, set()
    for number in range(2):
        begin(page, locale)
        assert page.locator("html").get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
        assert page.locator("aside.interview").is_visible()
        assert not page.locator("a[href$='/exit'], button[value=later]").count()
        answer_first_page(page)
        answer_to_the_end(page)
        page.locator("form button.button").dblclick()
        page.wait_for_url("**/interview/receipt")
        codes.add(page.locator(".code").inner_text())
        assert stored(database) == [("submitted", "assisted")] * (number + 1)
        page.locator("main a.button").click()
        page.wait_for_url(f"**/{locale}/desk/interviews#{SLUG}")
    assert len(codes) == 2


@IN_EVERY_BROWSER
def test_nothing_is_read_back(interviewer: Page, locale: str) -> None:
    page = interviewer
    begin(page, locale)
    answer_first_page(page)
    answer_to_the_end(page)
    expect(page.locator("dl.facts dd").first).to_be_visible()
    page.locator("form button.button").click()
    code = page.locator(".code").inner_text().split()[0]
    page.locator("main a.button").click()
    page.wait_for_url("**/desk/interviews#*")

    def over() -> None:
        assert page.locator("dl").count() == page.locator(".code").count() == 0
        assert code not in page.content()
        assert not page.locator("input:checked").count()

    for last in ("/interview/receipt", "/interview/check", "/interview/page/"):
        page.go_back()
        assert last in page.url
        over()
    place = f"/{locale}/q/{SLUG}"
    paths = ("/interview", "/interview/receipt", "/interview/check", "/interview/page/1", "/interview/discard")
    for path in (*paths, "/receipt", "/answers", "/check", "/saved", "/resume", "/page/1"):
        page.goto(place + path)
        over()
    page.goto(place)
    assert not page.locator("input:checked").count()
    assert [cookie["name"] for cookie in page.context.cookies()] == ["staff"]


@IN_EVERY_BROWSER
def test_an_interview_is_gone_on_with_and_discarded(interviewer: Page, database: Database, locale: str) -> None:
    page = interviewer
    begin(page, locale)
    answer_first_page(page)
    page.goto(f"/{locale}/desk/interviews")
    assert not page.locator("main form").count(), "one at a time"
    page.locator("main a.button").click()
    page.wait_for_url("**/interview/page/2")
    page.locator("aside.interview a").click()
    page.wait_for_url("**/interview/discard")
    page.locator("main form button").click()
    page.wait_for_url("**/interview/discard?of=*")
    assert stored(database) == []
    page.go_back()
    page.go_back()
    assert not page.locator("main form").count()
    page.goto(f"/{locale}/desk/interviews")
    begin(page, locale)


@pytest.mark.parametrize("locale", ["en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_that_keeps_pages_for_its_back_button_shows_nothing_either(
    chromium: Browser, address: str, locale: str, scripts: bool
) -> None:
    keeping = ["--disable-back-forward-cache"]
    browser = chromium.browser_type.launch(executable_path=executable(), args=ARGUMENTS, ignore_default_args=keeping)
    page = browser.new_context(base_url=address, java_script_enabled=scripts).new_page()
    sign_in(page, "interviewer@example.org")
    page.wait_for_url("**/desk/")
    page.goto(f"/{locale}/desk/interviews")
    begin(page, locale)
    answer_first_page(page)
    answer_to_the_end(page)
    page.locator("form button.button").click()
    expect(page.locator(".code")).to_be_visible()
    page.locator("main a.button").click()
    page.wait_for_url("**/desk/interviews#*")
    for last in ("/interview/receipt", "/interview/check", "/interview/page/"):
        page.go_back()
        assert last in page.url
        assert page.locator("h1").inner_text() == "This interview is over"
    browser.close()
