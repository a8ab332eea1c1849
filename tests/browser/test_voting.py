"""Voting by touch, from right to left on a narrow phone, without JavaScript; every page and error state is clean."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import insert

from consult.consultations import analysing
from consult.consultations.models.asked import Phase
from consult.consultations.models.opinions import Vote
from consult.core.text import LocalisedText
from consult.db.session import Database
from tests.browser.validator import Validator, inspect
from tests.factories.consultations import make_consultation, make_participant, make_statement

Device = Callable[..., BrowserContext]
SHOTS = os.environ.get("CONSULT_SHOTS", "")
"""A folder for pictures to be looked at."""
ENGLISH = ("Consulates", "Schools", "Banks", "Airlines", "Ministries", "Employers", "Landlords", "Newspapers", "Courts")
ARABIC = ("القنصليات", "المدارس", "المصارف", "شركات الطيران", "الوزارات", "أرباب العمل", "المؤجرون", "الصحف", "المحاكم")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def voted(database: Database, now: dt.datetime) -> str:
    """A consultation in two languages on which two camps have voted; its address."""
    chance = random.Random(2)
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,), locales=("en", "ar"))
        ids = []
        for english, arabic in zip(ENGLISH, ARABIC, strict=True):
            label = {"en": f"{english} should listen more to people abroad.", "ar": f"{arabic}: ينبغي الإصغاء أكثر."}
            statement = make_statement(session, activity)
            statement.label = LocalisedText(label)
            ids.append(statement.id)
        for person in range(40):
            code = make_participant(session, activity).code
            said = [((at + person) % 2 * 2 - 1) if chance.random() < 0.9 else 0 for at in range(len(ids))]
            rows = zip(ids, said, strict=True)
            session.execute(
                insert(Vote),
                [
                    {"activity_id": activity.id, "code": code, "statement_id": one, "value": value}
                    for one, value in rows
                ],
            )
        slug = activity.slug
    analysing.analyse(database, activity.id, floor=10, now=now)
    return f"/{{}}/c/{slug}/vote"


@pytest.mark.parametrize(
    ("locale", "options"),
    [
        ("en", {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}),
        ("ar", {"java_script_enabled": False, "viewport": {"width": 320, "height": 700}}),
    ],
    ids=["touch", "narrow, right to left, without JavaScript"],
)
def test_somebody_votes_to_the_end(
    device: Device, voted: str, validator: Validator, locale: str, options: dict[str, object]
) -> None:
    page, address, wrong = device(**options).new_page(), voted.format(locale), list[str]()
    scripted = options.get("java_script_enabled", True)
    press = "tap" if "has_touch" in options else "click"

    def look(name: str) -> None:
        if scripted:  # axe is a script
            wrong.extend(inspect(name, page, page.content(), validator))
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS, f"voting-{locale}-{name}.png")), full_page=True)

    page.goto(address)
    look("the first statement")
    for number in range(len(ENGLISH)):
        buttons = page.locator(".votes button")
        expect(buttons).to_have_count(3)
        said = page.locator(".statement").inner_text()
        getattr(buttons.nth(number % 2), press)()
        expect(page.locator(".last [role=status]")).to_be_visible()
        if number == 1:
            look("after a vote")
            if scripted:
                expect(page.locator("#statement")).to_be_focused()
            getattr(page.locator(".last button"), press)()
            expect(page.locator(".statement")).to_have_text(said)
            getattr(page.locator(".votes button").nth(1), press)()
    expect(page.locator(".votes")).to_have_count(0)
    look("all done")
    _go(page, "mine", press)
    expect(page.locator(".facts > div")).to_have_count(len(ENGLISH))
    look("my votes")
    _go(page, "place", press)
    expect(page.locator(".place-picture svg ellipse")).to_have_count(2)
    expect(page.locator("#place-table tbody tr")).to_have_count(2)
    look("my place")
    _go(page, "propose", press)
    page.locator("#statement").fill((ENGLISH if locale == "en" else ARABIC)[0] + " " + "x" * 140)
    getattr(page.locator("main form button.button"), press)()
    expect(page.locator(".summary")).to_be_visible()
    look("too long")
    near = "Schools should listen more to people abroad" if locale == "en" else "المدارس: ينبغي الإصغاء أكثر"
    page.locator("#statement").fill(near)
    getattr(page.locator("main form button.button"), press)()
    expect(page.locator("#near li")).not_to_have_count(0)
    look("nearly the same")
    getattr(page.locator("main form button.button"), press)()
    page.wait_for_url("**/proposed")
    look("proposed")
    assert wrong + validator.findings() == []


def _go(page: Page, where: str, press: str) -> None:
    getattr(page.locator(f".more a[href$='/vote/{where}']"), press)()
    page.wait_for_url(f"**/vote/{where}")
