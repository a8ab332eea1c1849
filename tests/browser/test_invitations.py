"""Invitations in a real browser: made at the desk, read from a picture's address or typed, used once."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from consult.app import LONG, create_app
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.demo import content
from consult.demo.filling import fill
from consult.jobs import long
from consult.participation.contacts import Person
from consult.participation.models import InvitationList
from consult.processes import queries
from consult.processes.models import Activity
from tests.browser.desk import sign_in
from tests.browser.test_main_job import answer_first_page, answer_to_the_end
from tests.browser.validator import Validator, accessibility
from tests.factories.accounts import user
from tests.factories.invitations import invite, make_codes, make_contacts

Device = Callable[..., BrowserContext]
DEMO = content.load()
SLUG = DEMO.activity.slug
PAGES = ("", "/words", "/codes", "/contacts", "/quotas")
IN_EVERY_BROWSER = pytest.mark.parametrize(
    ("locale", "scripts", "width"),
    [("en", True, 1100), ("ar", True, 320), ("ar", False, 320)],
    ids=["en", "ar-phone", "ar-phone-no-script"],
)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: tests of the pages have both."""
    return sqlite


@pytest.fixture(autouse=True)
def activity(keys: Keys, database: Database) -> Activity:
    """The activity of the demo, without responses, by invitation only."""
    with database.transaction() as session:
        hashed = user(session).password
        fill(session, keys, hashed, floor=10, count=0, rng=random.Random(7), now=dt.datetime.now(dt.UTC))
    with database.transaction() as session:
        found = queries.activity_named(session, SLUG)
        assert found is not None
        return invite(session, found)


@pytest.fixture
def code(database: Database, activity: Activity) -> str:
    with database.transaction() as session:
        return make_codes(session, activity)[0]


@IN_EVERY_BROWSER
def test_the_picture_leads_to_the_questionnaire_once(
    device: Device, code: str, locale: str, scripts: bool, width: int
) -> None:
    page = device(java_script_enabled=scripts, viewport={"width": width, "height": 800}).new_page()
    page.goto(f"/{locale}/q/{SLUG}/invited#{code}")
    field = page.locator("#code")
    if scripts:
        expect(field).to_have_value(code)
        assert page.url.endswith("/invited"), "the code is in no address that somebody could look over"
    else:
        field.fill(f"{code[:10]} {code[10:].lower()}")
    page.locator("main form button").click()
    page.wait_for_url(f"**/{locale}/q/{SLUG}/page/1")
    answer_first_page(page)
    answer_to_the_end(page)
    page.locator("main form button").click()
    page.wait_for_url("**/receipt")
    again = device(java_script_enabled=scripts).new_page()
    again.goto(f"/{locale}/q/{SLUG}")
    again.locator("#code").fill(code)
    again.locator("main form button").click()
    expect(again.locator("[role=alert]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width if scripts else True


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_nothing_is_wrong_with_the_pages(
    device: Device, database: Database, keys: Keys, validator: Validator, activity: Activity, code: str, locale: str
) -> None:
    with database.transaction() as session:
        make_contacts(session, keys, activity, Person("a@example.org", "en", "Gulf"))
        slug = session.get_one(Activity, activity.id).process.slug
    page = device(viewport={"width": 320, "height": 800}).new_page()
    look(page, f"/{locale}/q/{SLUG}/invited", validator)
    page.locator("#code").fill(code[:-1])
    page.locator("main form button").click()
    check(page, validator)
    sign_in(page, "officer@example.org")
    page.wait_for_url("**/desk/")
    desk = f"/{locale}/desk/processes/{slug}/invitations/{SLUG}"
    for path in PAGES:
        look(page, f"{desk}{path}", validator)
    made = lists(database)["Mails"]
    for path in ("mail", "merge", "remove"):
        look(page, f"{desk}/lists/{made}/{path}", validator)
    assert validator.findings() == []


def lists(database: Database) -> dict[str, str]:
    """The lists' ids by their names."""
    with database.reading() as session:
        return {found.name: str(found.id) for found in session.query(InvitationList)}


def look(page: Page, address: str, validator: Validator) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    check(page, validator)


def check(page: Page, validator: Validator) -> None:
    validator.add(page.url, page.content())
    assert accessibility(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def test_an_officer_makes_codes_and_fetches_them_once(
    device: Device, settings: Settings, keys: Keys, database: Database, activity: Activity
) -> None:
    page = device(accept_downloads=True).new_page()
    sign_in(page, "officer@example.org")
    page.wait_for_url("**/desk/")
    page.goto(f"/en/desk/activities/{SLUG}")
    page.get_by_role("link", name="Invitations and quotas").click()
    page.get_by_role("link", name="Make codes").click()
    page.get_by_label("Name of the list").fill("Letters to Leeds")
    page.get_by_label("Number of codes").fill("12")
    page.get_by_label("Also make letters").check()
    page.get_by_role("button", name="Make codes").click()
    work(create_app(settings, keys, database), Installation(settings, keys, database))
    page.get_by_role("link", name="Go on").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(Path(download.value.path())) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("codes.csv").decode("utf-8-sig"))))
        assert len(rows) == 12
        assert any(name.endswith(".pdf") for name in archive.namelist())
    page.reload()
    expect(page.locator("h1")).not_to_contain_text("Fetch the codes")
    page.goto(rows[0]["address"].replace("http://localhost", page.url.split("/en/")[0]))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/page/1")


def work(app: Flask, installation: Installation) -> None:
    """What the worker does."""
    with app.app_context():
        assert long.run_due(installation, LONG, clock=lambda: dt.datetime.now(dt.UTC)) == 1
