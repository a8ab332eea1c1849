"""A questionnaire kept on a device, as its owner goes through it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from consult.core.questionnaire.answers import decode
from consult.db.session import Database
from consult.participation.models import Intake

Device = Callable[..., BrowserContext]
CANARY = "Kanarienvogel"
WORDS = {
    "en": ("Keep this questionnaire on this device", "Continue", "Send my answers", "wait on this device"),
    "ar": ("حفظ هذا الاستبيان على هذا الجهاز", "متابعة", "إرسال إجاباتي", "تنتظر على هذا الجهاز"),
}
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((found) => found.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).map((found) => found.scope),
  local: localStorage.length,
  session: sessionStorage.length,
})"""
NOTHING = {"databases": [], "caches": [], "workers": [], "local": 0, "session": 0}


def keep(page: Page, locale: str = "en") -> None:
    """Open the questionnaire and take up the offer to keep it."""
    page.goto(f"/{locale}/q/survey")
    page.get_by_role("button", name=WORDS[locale][0]).click()
    page.wait_for_url(f"**/{locale}/q/survey/offline")
    expect(page.locator("#kept-state")).not_to_be_empty()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def press(page: Page, which: int, locale: str = "en") -> None:
    page.get_by_role("button", name=WORDS[locale][which]).click()


def fill_in(page: Page, locale: str = "en") -> None:
    """Both pages, up to the check."""
    page.locator("input[name=works][value=yes]").check()
    page.locator("#job").fill(CANARY)
    page.locator("#wage").fill("2000")
    page.locator("input[name=country][value=gh]").check()
    page.locator("input[name=city][value=accra]").check()
    press(page, 1, locale)
    page.locator("input[name=more][value=yes]").check()
    page.locator("#why").fill("Because")


def finished(device: Device) -> tuple[BrowserContext, Page]:
    """A device without a network on which everything is answered and sealed."""
    context = device()
    page = context.new_page()
    keep(page)
    context.set_offline(True)
    fill_in(page)
    press(page, 1)
    press(page, 2)
    return context, page


def saved(page: Page) -> None:
    """Wait until what was typed is kept."""
    page.wait_for_timeout(300)


def nothing_left(context: BrowserContext) -> None:
    """Wait until nothing is on the device any more, as another page of this origin sees it."""
    context.set_offline(False)
    page = context.new_page()
    page.goto("/en/")
    for _ in range(100):
        if page.evaluate(LEFT) == NOTHING:
            break
        page.wait_for_timeout(50)
    assert page.evaluate(LEFT) == NOTHING
    page.close()


def rows(database: Database) -> list[Intake]:
    with database.reading() as session:
        return list(session.scalars(select(Intake)))


def answers(database: Database) -> dict[str, object]:
    (row,) = rows(database)
    return dict(decode(row.answers))


ANSWERS = {
    "works": "yes",
    "job": CANARY,
    "wage": 2000,
    "months": 12,
    "sent": None,
    "year": 24000,
    "double": "48000",
    "each_day": 65,
    "country": "gh",
    "city": "accra",
    "more": ("yes",),
    "why": "Because",
}
