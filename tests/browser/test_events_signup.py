"""People sign up for a focus group in a real browser: on a phone without JavaScript, and at a desk with it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consult.core.text import LocalisedText
from consult.db.session import Database
from tests.browser.moving import follow
from tests.browser.validator import Validator, inspect
from tests.events.coming import ABROAD, SEX, WISH, YEARS, make_open

LOCALES = ("en", "ar")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: tests of the pages have both."""
    return sqlite


@pytest.fixture(autouse=True)
def _event(database: Database) -> None:
    """A focus group that asks everything which can be asked."""
    both = {
        "consent": LocalisedText(
            {"en": "Notes are taken; nobody is named in them.", "ar": "تُدوَّن ملاحظات لا تُذكر فيها أسماء."}
        ),
        "guardian": LocalisedText({"en": "My child may take part.", "ar": "أسمح لطفلي بالمشاركة."}),
    }
    soon = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=30)
    with database.transaction() as session:
        event = {**both, "companions": 2, "needs": ["interpreter", "childcare"], "speaking": True}
        make_open(session, screening=True, locales=LOCALES, event=event, starts_at=soon)


def seen(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at the pages."""
    if folder := os.environ.get("CONSULT_SHOTS"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("locale", "scripts", "width"), [("en", True, 1100), ("ar", False, 320)], ids=["en", "ar-phone-no-script"]
)
def test_somebody_signs_up_and_changes_it(
    device: Callable[..., BrowserContext], validator: Validator, locale: str, scripts: bool, width: int
) -> None:
    size = {"width": width, "height": 700}
    page = device(
        java_script_enabled=scripts, locale=locale, viewport=size, has_touch=not scripts, timezone_id="Africa/Accra"
    ).new_page()

    def look(name: str) -> None:
        seen(page, f"{name}-{locale}")
        if scripts:  # axe waits for timers, which there are none of without
            assert inspect(f"{name}-{locale}", page, page.content(), validator) == []
        else:
            validator.add(f"{name}-{locale}", page.content())
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def button() -> None:
        page.locator("form.signing-up button.button").click()

    root = f"/{locale}/e/abroad"
    page.goto(f"{root}/1/sign-up")
    look("sign-up")
    expect(page.locator("#time_zone")).to_have_value("Africa/Accra" if scripts else "")
    page.locator("[name=name]").fill("Ama Mensah")
    page.locator(f"[name={SEX}][value=female]").check()
    page.locator(f"[name={ABROAD}][value=yes]").check()
    if scripts:
        page.locator(f"[name={YEARS}]").fill("60")
        expect(page.locator(f"#{WISH}")).to_be_visible()
    page.locator("[name=of_age][value=yes]").check()
    button()
    expect(page.locator(".summary")).to_be_visible()
    look("sign-up-errors")
    page.locator("[name=address]").fill("ama@example.org")
    page.locator(f"[name={YEARS}]").fill("60")
    page.locator("[name=agreed]").check()
    if not scripts:
        button()
        look("sign-up-more")
    page.locator(f"[name={WISH}]").fill("…")
    page.locator("[name=companions]").fill("Kofi")
    button()
    expect(page.locator(".code")).to_be_visible()
    look("signed-up")
    code = page.locator(".code").inner_text()
    page.goto(f"{root}/exit")
    page.goto(f"{root}/own#{''.join(code.split())}")
    if not scripts:
        page.locator("#code").fill(code)
    look("own-code")
    page.locator("form button.button").click()
    look("own")
    follow(page.locator(f"a[href='{root}/own/change']"))
    look("change")
    page.locator("[name=phone]").fill("+39 02 1234567")
    page.locator("[name=companions]").fill("")
    button()
    expect(page.locator(".facts")).to_contain_text("1234567")
    follow(page.locator(f"a[href='{root}/own/cancel']"))
    look("cancel")
    follow(page.locator("button.danger"))
    look("cancelled")
    follow(page.locator(f"a[href='{root}/own/withdraw']"))
    look("withdraw")
    follow(page.locator("button.danger"))
    page.goto(f"{root}/own")
    expect(page.locator("#code")).to_be_visible()
    assert validator.findings() == []
