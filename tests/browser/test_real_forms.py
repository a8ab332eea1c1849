"""Questionnaires that others wrote: imported, published and answered in a browser, in every language they offer.

What must appear to whom is decided here anew, from the words of the forms: the product's evaluator is not asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from consult.config import LOCALES, Keys
from consult.core.exchange.xlsform import Imported, read
from consult.core.questionnaire.definition import Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import codes
from consult.processes.models import Activity
from consult.responses.models import Response
from tests.browser.desk import TITLE, close, places, publish_and_open, upload
from tests.browser.language import assert_language, plain
from tests.browser.participant import Participant
from tests.core.exchange.test_forms import EXPECTED, FORMS

Device = Callable[..., BrowserContext]
CALCULATED = {
    "correlaid_testB_en_de": (
        {"NO_TC_project-alpha": None, "TT_project-alpha": "Alpha: TT", "missing_coord": "Alpha: TT"},
        {"NO_TC_project-alpha": None, "TT_project-alpha": None, "missing_coord": None},
    )
}
"""What the form's calculations give somebody who chooses everything, and somebody who chooses little."""


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


def look_through(page: Page, found: Imported, counts: tuple[int, ...]) -> None:
    """The summary has the numbers of the reference; remarks have their places; previews are in their language."""
    numbers = [int(text) for text in page.locator("dl.numbers dd").all_inner_texts()]
    assert numbers[:5] == list(counts)
    told = [problem.place for problem in found.warnings if problem.place.sheet]
    shown = [(place.sheet, str(place.row or "–"), place.column or "–") for place in told]
    assert sorted(places(page)) == sorted(shown)
    assert page.locator("main table td a[href$='/preview']").count() == len(found.questionnaire.locales)
    for locale in found.questionnaire.locales:
        preview(page, found.questionnaire, locale)


def preview(page: Page, questionnaire: Questionnaire, locale: str) -> None:
    """Every question is there, in the locale where it has words in it, and none can be sent."""
    desk = page.url
    page.locator(f"main a[href*='/{locale}/'][href$='/preview']").click()
    words = ""
    while True:
        assert_language(page, locale)
        assert page.locator("form").count() == 0
        words += " " + plain(page.locator("main").inner_text())
        following = page.get_by_role("link", name="Next page") if locale not in LOCALES else None
        following = following or page.locator("nav.actions a.button")
        if not following.count():
            break
        following.click()
    for question in questionnaire.questions():
        if question.type is not QuestionType.IMAGE:
            assert plain(question.label.resolve(locale, questionnaire.source).text) in words
    page.goto(desk)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected[0])
def test_a_real_form_is_imported_published_and_answered(
    device: Device, ministry: Installation, officer: Page, keys: Keys, expected: tuple[str, *tuple[int, ...]]
) -> None:
    name, questions, choices, groups, relevant, constraint, _calculation, _labels, rows_left, _ = expected
    data = (FORMS / f"{name}.xlsx").read_bytes()
    found = read(data, title=LocalisedText({"en": TITLE}))
    desk = officer.url
    slug = desk.rsplit("/", 1)[1]
    upload(officer, f"{name}.xlsx", data)
    look_through(officer, found, (questions - rows_left, groups, choices, relevant, constraint))
    publish_and_open(officer)

    visits = [(locale, True) for locale in found.questionnaire.locales] + [(found.questionnaire.source, False)]
    sent: dict[str, Participant] = {}
    for number, (locale, eager) in enumerate(visits):
        participant = Participant(found.questionnaire, locale, eager)
        scripts = number % 2 == 0
        page = device(java_script_enabled=scripts, viewport={"width": 400, "height": 800}).new_page()
        participant.go_through(page, f"/{locale}/q/{slug}", scripts=scripts)
        participant.check(page)
        page.locator("main form button.button").click()
        assert page.url.endswith("/receipt")
        assert_language(page, locale)
        sent[page.locator(".code").inner_text()] = participant
        for further in ("answers", "withdraw", "privacy"):
            page.goto(f"/{locale}/q/{slug}/{further}")
            assert_language(page, locale)

    close(officer, desk, ministry)
    assert_stored(ministry.database, keys, slug, name, sent)


def assert_stored(database: Database, keys: Keys, slug: str, name: str, sent: dict[str, Participant]) -> None:
    """The database holds what was chosen, and what follows from it."""
    with database.reading() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == slug)).one()
        responses = {response.code: response for response in session.scalars(select(Response))}
        assert len(responses) == len(sent)
        for shown, participant in sent.items():
            code = codes.read(shown)
            assert code is not None
            response = responses[codes.digest(keys.codes, activity.id, code)]
            assert response.locale == participant.locale
            answers = json.loads(response.answers)
            ids = {question.name: question.id for question in participant.questionnaire.questions()}
            calculated = CALCULATED.get(name, ({}, {}))[0 if participant.eager else 1]
            assert answers == participant.stored() | {ids[key]: value for key, value in calculated.items()}
