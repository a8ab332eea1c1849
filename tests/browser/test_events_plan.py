"""An event is read by one’s own clocks, and from right to left on a narrow phone without JavaScript."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consult.accounts.models import Role
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import grid, programme
from tests.browser.desk import OFFICER, sign_in
from tests.browser.validator import Validator, inspect
from tests.events.test_grid import AGE, SEX, screening
from tests.factories.accounts import user
from tests.factories.events import make_event, make_occasion
from tests.factories.processes import make_process
from tests.factories.questionnaires import make_edition

SHOTS = os.environ.get("CONSULT_SHOTS", "")
"""A folder for pictures to be looked at."""
NEXT_YEAR = dt.datetime(dt.datetime.now(dt.UTC).year + 1, 6, 6, 9, tzinfo=dt.UTC)
PARTS = (("Welcome", "ترحيب", 15), ("Cards and visas", "البطاقات والتأشيرات", 105))


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def event(database: Database, now: dt.datetime) -> str:
    """A series of two occasions with a programme and a grid, and an officer; its address."""
    with database.transaction() as session:
        process = make_process(session, slug="labour", locales=("en", "ar"), public=True)
        user(session, process.lead_institution, Role.OFFICER, email=OFFICER)
        activity = make_event(session, process, slug="abroad", locales=("en", "ar"))
        make_edition(session, activity, screening("en", "ar"))
        held = {"starts_at": NEXT_YEAR, "ends_at": NEXT_YEAR + dt.timedelta(hours=2)}
        rest = {"online": True, "languages": ["en", "tw"], "interpretation": ["ar"], "provisions": ["childcare"]}
        one = make_occasion(session, activity, taken=11, **held, **rest)
        make_occasion(session, activity, "New York", time_zone="America/New_York", state="cancelled", **held)
        for english, arabic, minutes in PARTS:
            title = LocalisedText({"en": english, "ar": arabic})
            programme.put(session, activity, one, None, title=title, minutes=minutes, theme="", by=None, now=now)
        for cell, least in (({SEX: ["female"]}, 7), ({SEX: ["male"], AGE: ["young", "old"]}, 4), ({SEX: ["male"]}, 6)):
            grid.put(session, activity, None, cell=cell, minimum=least, maximum=None, by=None, now=now)
    return "/{}/e/abroad"


def test_times_are_read_by_ones_own_clocks(
    device: Callable[..., BrowserContext], event: str, validator: Validator
) -> None:
    wrong: list[str] = []

    def look(page: Page, name: str, *, scripted: bool = True) -> None:
        if scripted:  # axe is a script
            wrong.extend(inspect(name, page, page.content(), validator))
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS, f"{name}.png")), full_page=True)

    page = device(timezone_id="Asia/Tehran", locale="en-GB").new_page()
    page.goto(event.format("en"))
    own = page.locator(".occasions li").first.locator("[data-starts]")
    expect(own).to_be_visible()
    expect(own).to_contain_text(re.compile(r"Sunday,? 6 June .*, 12:30\W+14:30 Iran"))
    look(page, "first-en")
    page.locator(".occasions a").first.click()
    expect(page.locator(".programme li")).to_have_count(len(PARTS))
    look(page, "occasion-en")
    sign_in(page, OFFICER)
    for name, path in (
        ("desk", ""),
        ("plan", "/occasions/1"),
        ("series", "/occasions/1/series"),
        ("programme", "/occasions/1/programme"),
        ("cancel", "/occasions/1/cancel"),
        ("documents", "/documents"),
        ("grid", "/grid"),
    ):
        page.goto(f"/en/desk/events/abroad{path}")
        look(page, f"{name}-en")
    narrow = device(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    narrow.goto(event.format("ar"))
    narrow.locator("#zone").select_option("Asia/Tehran")
    narrow.locator(".zones button").click()
    assert narrow.url.endswith("?zone=Asia%2FTehran")
    expect(narrow.locator(".occasions li").first.locator(".when")).to_have_count(2)
    look(narrow, "first-ar", scripted=False)
    narrow.locator(".occasions a").first.click()
    expect(narrow.locator(".when.hint")).to_be_visible()
    look(narrow, "occasion-ar", scripted=False)
    assert wrong + validator.findings() == []
