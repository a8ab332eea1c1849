"""A translator at work without JavaScript, on a phone and from right to left: editor, file, conflict."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from consult.accounts.models import Role
from consult.core.questionnaire.definition import Group, QuestionType, node_id
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes import queries as processes
from consult.questionnaires import translating
from consult.questionnaires.translating import Typed
from tests.factories.accounts import PASSWORD, user
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_question, make_questionnaire

Device = Callable[..., BrowserContext]
NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
LABELS = {
    "age": "How old are you?",
    "job": "You are ${age} years old. What is your job at present, or what was it last?",
    "wish": "What do you wish for?",
}
SHOTS = os.environ.get("CONSULT_SHOTS", "")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def translator(database: Database) -> str:
    """Somebody who translates a questionnaire from English into Arabic."""
    with database.transaction() as session:
        process = make_process(session, slug="labour", title="Labour migration policy", locales=("en", "ar"))
        activity = make_activity(session, process, slug="survey", title="Survey of the diaspora")
        questions = [make_question(name, QuestionType.TEXT, locales=()) for name in LABELS]
        asked = tuple(replace(one, label=LocalisedText({"en": LABELS[one.name]})) for one in questions)
        page = Group(id=node_id("you"), name="you", label=LocalisedText({"en": "About you"}), children=asked)
        made = replace(make_questionnaire(page, locales=("en",)), title=LocalisedText({"en": "Survey"}))
        make_draft(session, activity, made)
        return user(session, process.lead_institution, Role.TRANSLATOR).email


def shot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for them."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS, f"{name}.png")), full_page=True)


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
def test_a_translator_writes_reviews_and_takes_a_file_in(
    device: Device, database: Database, translator: str, tmp_path: Path, locale: str, width: int
) -> None:
    page = device(java_script_enabled=False, viewport={"width": width, "height": 800}, accept_downloads=True).new_page()
    page.goto(f"/{locale}/staff/sign-in")
    page.locator("input[type=email]").fill(translator)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button.button").click()
    start = f"/{locale}/desk/processes/labour/translations"
    page.goto(start)
    shot(page, f"overview-{locale}")
    page.goto(f"{start}/ar?activity=survey")
    fields = page.locator("textarea")
    assert fields.count() == 6
    expect(fields.first).to_have_attribute("dir", "rtl")
    fields.nth(3).fill("كم عمرك؟")
    fields.nth(4).fill("ما عملك؟")
    page.locator("input[type=checkbox]").nth(3).check()
    page.locator("main form.texts button.button").click()
    expect(page.locator(".summary")).to_be_visible()
    expect(fields.nth(3)).to_have_value("كم عمرك؟")
    shot(page, f"editor-wrong-{locale}")
    fields.nth(4).fill("عمرك ${age} سنة. ما عملك؟")
    page.locator("main form.texts button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    shot(page, f"editor-{locale}")

    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    file = tmp_path / "survey.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    sheet = book.active
    rows = {row[0].value: row[3] for row in sheet.iter_rows(min_row=2)}
    keys = {name: f"questionnaire:{node_id(name)}/label" for name in LABELS}
    rows[keys["age"]].value = "كم سنة عمرك؟"
    rows[keys["wish"]].value = "ماذا تتمنى؟"
    book.save(file)
    with database.transaction() as session:
        activity = processes.activity_named(session, "survey")
        assert activity is not None
        translating.save(session, activity, "ar", [Typed(keys["age"], "ما عمرك؟", reviewed=False)], by=None, now=NOW)

    page.goto(f"{start}/ar/file?activity=survey")
    shot(page, f"upload-{locale}")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button.button").click()
    expect(page.locator("fieldset")).to_have_count(1)
    shot(page, f"conflict-{locale}")
    page.locator("main form button.button").click()
    expect(page.locator(".summary")).to_be_visible()
    shot(page, f"undecided-{locale}")
    page.locator("fieldset input[type=radio]").nth(1).check()
    page.locator("main form button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    expect(page.locator("textarea").nth(3)).to_have_value("كم سنة عمرك؟")
    expect(page.locator("textarea").nth(5)).to_have_value("ماذا تتمنى؟")
