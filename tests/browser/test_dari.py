"""A new language without a release: an administrator adds Dari, a translator completes it, a participant answers."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from msgspec.structs import replace
from playwright.sync_api import BrowserContext, Page, expect

from consult.accounts.models import Role
from consult.core.questionnaire.definition import QuestionType
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Gate
from tests.browser.desk import sign_in
from tests.browser.validator import Validator, inspect
from tests.factories.accounts import institution, user
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire

FILE = Path(__file__).parent.parent / "languages" / "prs.po"
SHOTS = os.environ.get("CONSULT_SHOTS", "")
LABELS = {"age": "چند سال دارید؟", "away": "چند سال است که در خارج زندگی می‌کنید؟"}
OPENED = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def people(database: Database) -> tuple[str, str]:
    """An administrator and a translator of the ministry that operates the installation; a questionnaire in Dari."""
    with database.transaction() as session:
        place = institution(session, operates=True)
        process = make_process(session, slug="labour", gate=Gate.BEGUN)
        activity = make_activity(session, process, slug="survey", opens_at=OPENED)
        asked = []
        for name, label in LABELS.items():
            question = make_question(name, QuestionType.INTEGER, locales=("en", "prs"))
            words = LocalisedText({"en": f"{name} in English", "prs": label})
            asked.append(replace(question, label=words))
        made = make_questionnaire(*asked, locales=("en", "prs"))
        make_edition(session, activity, made)
        activity.locales = ["en", "prs"]
        activity.title = LocalisedText({"en": "Survey", "prs": "پرسشنامه برای افغان‌ها در خارج"})
        make_notice(session, activity)
        administrator = user(session, place, Role.ADMINISTRATOR)
        return administrator.email, user(session, place, Role.TRANSLATOR).email


def shot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for them."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS, f"{name}.png")), full_page=True)


def test_a_language_is_added_translated_and_answered_in(
    device: Callable[..., BrowserContext], people: tuple[str, str], tmp_path: Path, validator: Validator
) -> None:
    administrator, translator = people
    wrong: list[str] = []

    def look(name: str, page: Page) -> None:
        shot(page, name)
        wrong.extend(inspect(name, page, page.content(), validator))

    page = device().new_page()
    sign_in(page, administrator)
    page.locator("a.person").click()
    page.get_by_role("link", name="Languages of participants").click()
    page.get_by_role("link", name="Add a language").click()
    for name, value in {"code": "prs", "name": "دری", "english": "Dari"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=direction]").select_option("rtl")
    page.locator("[name=digits]").select_option("arabext")
    look("adding", page)
    page.locator("main form button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()

    page = device(accept_downloads=True).new_page()
    sign_in(page, translator)
    page.goto("/en/desk/languages")
    page.get_by_role("link", name="Translate").click()
    known = {entry.msgctxt: entry.msgstr for entry in polib.pofile(str(FILE))}
    expect(page.locator("textarea").first).to_have_attribute("dir", "rtl")
    for box in page.locator("textarea").all():
        box.fill(known[(box.get_attribute("name") or "").removeprefix("text:")])
    for tick in page.locator("main input[type=checkbox]").all():
        tick.check()
    page.locator("main form.texts button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    look("editor", page)
    with page.expect_download() as download:
        page.get_by_role("link", name="PO", exact=True).click()
    file = tmp_path / "words.po"
    download.value.save_as(file)
    book = polib.pofile(str(file))
    for entry in book:
        entry.msgstr = known[entry.msgctxt]
    book.save(str(file))
    page.get_by_role("link", name="Take a file in").click()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main input[type=checkbox]").check()
    page.locator("main form button.button").click()
    page.locator("main form button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    page.goto("/en/desk/languages")
    total = len(known)
    expect(page.locator("tbody td.numeric")).to_have_text(f"{total} of {total} texts")
    look("languages", page)

    page = device(viewport={"width": 320, "height": 700}).new_page()
    page.goto("/prs/q/survey")
    html = page.locator("html")
    expect(html).to_have_attribute("dir", "rtl")
    expect(page.locator("nav.languages")).to_contain_text("دری")
    look("first", page)
    fields = page.locator("main input.control")
    fields.nth(0).fill("۳۴")
    fields.nth(1).fill("هفت")
    page.locator("form button.button").click()
    expect(page.locator(".summary")).to_contain_text("یک عدد را با رقم بنویسید، مانند ۱۲")
    expect(fields.nth(0)).to_have_value("۳۴")
    look("refused", page)
    fields.nth(1).fill("۱۲")
    page.locator("form button.button").click()
    expect(page.locator("main")).to_contain_text("۳۴")
    expect(page.locator("main")).to_contain_text("۱۲")
    look("check", page)
    page.locator("form button.button").click()
    expect(page.locator("h1")).to_contain_text("تشکر")
    look("receipt", page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/prs/q/survey/privacy")
    look("notice", page)
    assert not re.search(r"[\ufdd0\ufdd1]", page.content())
    assert wrong + validator.findings() == []
