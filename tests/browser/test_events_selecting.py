"""An officer reads who signed up, enters a nominee, draws the places, and everybody reads the record."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from consult.accounts.models import Role
from consult.config import Keys
from consult.db.session import Database
from consult.events import vault
from consult.events.models.planned import Selection, Target
from consult.events.vault import Person
from tests.browser.desk import sign_in
from tests.browser.validator import Validator, inspect
from tests.factories.accounts import user
from tests.factories.events import make_event, make_occasion, make_sign_up


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


def test_from_who_signed_up_to_the_public_record(
    page: Page, database: Database, keys: Keys, address: str, validator: Validator
) -> None:
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    with database.transaction() as session:
        activity = make_event(session, selection=Selection.DRAW, locales=("en", "ar"), closes_at=now - day)
        activity.process.threshold = 2
        session.add(Target(activity_id=activity.id, cell={"sex": ["f"]}, minimum=2, maximum=3))
        occasion = make_occasion(session, activity, capacity=4, starts_at=now + day, ends_at=now + 2 * day)
        for number in range(8):
            row = make_sign_up(session, occasion, profile={"sex": "fm"[number % 2]})
            vault.keep(session, keys, activity.id, row.code, Person(name=f"Person {number}"))
        officer = user(session, activity.process.lead_institution, Role.OFFICER).email
    wrong = []

    def look(path: str) -> None:
        answer = page.goto(path)
        assert answer is not None
        wrong.extend(inspect(path, page, answer.text(), validator))

    sign_in(page, officer)
    desk = f"desk/events/{activity.slug}/occasions/1"
    look(f"/ar/{desk}/people")
    look(f"/en/{desk}/people")
    expect(page.get_by_text("2 missing")).to_be_visible()
    page.get_by_role("link", name="Enter somebody who was nominated").click()
    page.get_by_label("Nominated by").fill("Union")
    page.get_by_role("button", name="Enter this person").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong.extend(inspect("nominating, refused", page, page.content(), validator))
    look(f"/ar/{desk}/draw")
    look(f"/en/{desk}/draw")
    page.get_by_label("Seed").fill("4 8 15 16 23 42")
    page.get_by_role("button", name="Draw the places").click()
    expect(page.get_by_text("The record is public.")).to_be_visible()
    page.get_by_role("link", name="Public record").click()
    expect(page.get_by_text("Every target is met.")).to_be_visible()
    look(f"/ar/e/{activity.slug}/1/draw")
    assert wrong + validator.findings() == []
