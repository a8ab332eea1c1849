"""A facilitator on a phone, from the guide to the report; what was typed without a connection is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from consult.accounts.models import Role
from consult.db.session import Database
from consult.events.models.held import Note
from tests.browser.desk import sign_in
from tests.browser.language import assert_language
from tests.browser.moving import follow
from tests.browser.validator import Validator, inspect
from tests.factories.accounts import user
from tests.factories.events import make_event, make_occasion
from tests.factories.held import make_screening
from tests.factories.processes import make_process, make_theme

FACILITATOR = "facilitator@example.org"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def desk(database: Database) -> str:
    """Address of a meeting in English, French and Arabic without a guide, below the locale."""
    locales = ("en", "fr", "ar")
    with database.transaction() as session:
        process = make_process(session, slug="policy", locales=locales)
        make_theme(session, process, "papers")
        activity = make_event(session, process, locales=locales)
        make_occasion(session, activity)
        make_screening(session, activity)
        user(session, process.lead_institution, Role.FACILITATOR, email=FACILITATOR)
        return f"/desk/events/{activity.slug}"


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "Les papiers prennent un an."), ("ar", "تستغرق الأوراق سنة كاملة.")]
)
def test_from_the_guide_to_the_report_on_a_phone(
    device: Callable[..., BrowserContext], database: Database, validator: Validator, desk: str, locale: str, said: str
) -> None:
    context = device(viewport=PHONE, has_touch=True)
    page, wrong = context.new_page(), list[str]()

    def look(name: str) -> None:
        assert_language(page, locale)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{name} is too wide"
        wrong.extend(inspect(f"{name} {locale}", page, context.request.get(page.url).text(), validator))

    sign_in(page, FACILITATOR)
    page.goto(f"/{locale}{desk}")
    follow(page.locator("a[href$='/guide']"))
    follow(page.locator("a[href$='/guide/new']"))
    page.locator("[name=title-en]").fill("Papers")
    page.locator(f"[name=questions-{locale}]").fill(f"{said}؟\n2")
    page.locator("[name=questions-en]").fill("How long?")
    page.locator("[name=probes-en]").fill("And the fees?")
    page.locator("[name=theme]").select_option("papers")
    page.locator("[name=minutes]").fill("20")
    look("a block")
    follow(page.locator("main form button.button"))
    look("the guide")

    page.goto(f"/{locale}{desk}")
    look("the event")
    follow(page.locator("a[href$='/notes']"))
    expect(page.locator("[data-timer]")).not_to_have_text("")
    look("notes")
    page.locator("[name=body]").fill(said)
    page.locator("[name=speaker]").select_option("participant")
    page.reload()
    expect(page.locator("[name=body]")).to_have_value(said)
    context.set_offline(True)
    page.locator(".saying button.button").tap()
    expect(page.locator(".saying [role=status]")).not_to_be_empty()
    context.set_offline(False)
    expect(page.locator(".noted .said")).to_have_text(said)
    expect(page.locator("[name=body]")).to_have_value("")

    follow(page.locator("main a[href$='/positions']"))
    page.locator("[name=institution]").fill("CGTM")
    page.locator("[name=view][value=opposes]").check()
    follow(page.locator(".saying button.button"))
    look("positions")
    page.goto(f"/{locale}{desk}/occasions/1/sum-up")
    page.locator(f"[name=summary-{locale}]").fill(said)
    page.locator("[name=theme-papers]").fill("Too slow.")
    look("summing up")
    follow(page.locator("main form button.button"))
    follow(page.locator("main a[href*='/results/events/']").first)
    look("the report")
    for words in ("CGTM", "Too slow."):
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
    with database.reading() as session:
        kept = [(note.body, note.speaker, note.theme) for note in session.scalars(select(Note).order_by(Note.said))]
    assert kept == [(said, "participant", "papers"), ("", "", "")]
    assert wrong + validator.findings() == []
