"""At the door with a phone: marks wait for the network; a kept list opens without it and goes with signing out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import vault
from consult.events.models.planned import Form
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.vault import Person
from tests.browser.desk import sign_in
from tests.browser.moving import follow
from tests.browser.validator import Validator, inspect
from tests.factories import accounts as make
from tests.factories.accounts import KEYS
from tests.factories.events import make_event, make_occasion, make_sign_up

SHOTS = os.environ.get("CONSULT_SHOTS", "")
"""A folder for pictures to be looked at."""
PHONE = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
PEOPLE = {"AAAA": "Ama Mensah", "KKKK": "Kofi Boateng-Owusu", "SSSS": "سلمى الإدريسي", "ZZZZ": "Zeinab Abdi"}
KEPT = """(async () => {
  const { marks } = document.getElementById("door").dataset;
  while (!(await (await caches.match(marks)).text()).includes('"SSSS":"here"')) {
    await new Promise((go) => setTimeout(go, 50));
  }
})()"""
"""Waits until the phone has kept a mark."""
CAMERA = """
self.BarcodeDetector = class { async detect() { return [{ rawValue: "zz-zz" }]; } };
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  return canvas.captureStream();
};
"""
"""A camera before which somebody holds a ticket: this browser reads none by itself."""
EMAIL = "facilitator@example.org"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def hearing(database: Database) -> str:
    """The address of the desk of a hearing's occasion, without its locale."""
    with database.transaction() as session:
        activity = make_event(
            session, form=Form.HEARING, locales=("en", "ar"), event={"speaking": True, "companions": 2}
        )
        activity.title = LocalisedText({"en": "Hearing on returning", "ar": "جلسة استماع عن العودة"})
        occasion = make_occasion(session, activity, taken=6)
        occasion.title = LocalisedText({"en": "Milan", "ar": "ميلانو"})
        for place, (ticket, name) in enumerate(PEOPLE.items()):
            companions = ("Efua",) if place == 1 else ()
            row = make_sign_up(
                session,
                occasion,
                standing=Standing.PLACED,
                ticket=ticket,
                way=Way.SELF,
                seats=1 + len(companions),
                speaks=0,
                needs=["wheelchair"] if place == 2 else [],
                institution="Ghanaian Association of Lombardy" if place == 0 else "",
            )
            vault.keep(session, KEYS, activity.id, row.code, Person(name, companions=companions))
        make.user(session, activity.process.lead_institution, "facilitator", email=EMAIL)
        return f"/desk/events/{activity.slug}/occasions/1"


def marks(database: Database) -> dict[str, bool | None]:
    with database.reading() as session:
        return dict(session.execute(select(SignUp.ticket, SignUp.attended).where(SignUp.way == Way.SELF)).all())


def press(page: Page, ticket: str, mark: str) -> None:
    page.locator(f"#{ticket} button[data-mark={mark}]").tap()


def test_a_phone_checks_people_in_while_the_network_comes_and_goes(
    device: Callable[..., BrowserContext], database: Database, hearing: str, validator: Validator
) -> None:
    context, wrong = device(**PHONE), list[str]()
    context.add_init_script(CAMERA)
    page = context.new_page()

    def look(name: str) -> None:
        wrong.extend(inspect(name, page, page.content(), validator))
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS, f"day-{name}.png")), full_page=True)

    sign_in(page, EMAIL)
    page.goto(f"/en{hearing}/check-in")
    said, count = page.locator("#door > [role=status]"), page.locator(".count")
    press(page, "AAAA", "here")
    expect(count).to_have_text("Here: 1 of 4")
    page.locator("#search").fill("kof")
    expect(page.locator(".arrivals li:visible")).to_have_count(1)
    context.set_offline(True)
    press(page, "KKKK", "here")
    expect(said).to_contain_text("No network")
    page.locator("#search").fill("")
    press(page, "AAAA", "away")  # thought better of
    press(page, "ZZZZ", "here")
    press(page, "ZZZZ", "here")  # and taken back
    expect(count).to_have_text("Here: 1 of 4")
    look("en-offline")
    assert marks(database)["KKKK"] is None
    context.set_offline(False)
    expect(said).to_have_text("All marks have arrived.")
    assert marks(database) == {"AAAA": False, "KKKK": True, "SSSS": None, "ZZZZ": None}

    page.get_by_role("button", name="Keep on this phone").tap()
    expect(page.locator("#keeping [role=status]")).to_have_text("The list is on this phone until midnight.")
    press(page, "SSSS", "here")
    expect(count).to_have_text("Here: 2 of 4")
    page.evaluate(KEPT)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#KKKK")).to_contain_text(PEOPLE["KKKK"])
    expect(page.locator("#SSSS button[data-mark=here]")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Scan tickets").tap()
    expect(page.locator("#ZZZZ button[data-mark=here]")).to_have_attribute("aria-pressed", "true")
    expect(said).to_contain_text("No network")
    context.set_offline(False)
    expect(said).to_have_text("All marks have arrived.")
    assert marks(database) == {"AAAA": False, "KKKK": True, "SSSS": True, "ZZZZ": True}

    for name in ("sheet", "walk-in", "speaking", "check-in/close"):
        page.goto(f"/en{hearing}/{name}")
        look(f"en-{name.replace('/', '-')}")
    page.goto(f"/en{hearing}/speaking")
    page.locator("#number").fill("42")
    follow(page.locator("main form button.button").last)
    look("en-drawn")
    follow(page.get_by_role("link", name="Show who has the floor"))
    follow(page.get_by_role("button", name="Next speaker"))
    expect(page.locator(".now")).to_contain_text("Now")
    look("en-floor")
    page.goto(f"/ar{hearing}/check-in")
    page.locator(".top form button").tap()
    expect(page.locator("[data-forget]")).to_be_visible()
    assert page.evaluate("new Promise((go) => setTimeout(() => go(caches.keys()), 300))") == [], "nothing stays behind"
    assert wrong + validator.findings() == []


def test_from_right_to_left_on_a_narrow_phone_without_javascript(
    device: Callable[..., BrowserContext], database: Database, hearing: str
) -> None:
    page = device(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    sign_in(page, EMAIL)
    page.goto(f"/ar{hearing}/check-in")
    page.locator("#search").fill("kof")
    page.locator(".seek button").first.click()
    expect(page.locator(".arrivals li")).to_have_count(1)
    page.locator("#KKKK button[data-mark=here]").click()
    expect(page.locator("#KKKK button[data-mark=here]")).to_have_attribute("aria-pressed", "true")
    assert marks(database)["KKKK"] is True
    for name in ("check-in", "sheet", "walk-in", "speaking"):
        page.goto(f"/ar{hearing}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS, f"day-ar-{name}.png")), full_page=True)
