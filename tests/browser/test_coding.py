"""A coder works through texts with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.accounts.models import Role
from consult.coding.models import Coding
from consult.db.session import Database
from tests.browser.desk import sign_in
from tests.browser.validator import Validator, inspect
from tests.factories.accounts import user
from tests.factories.coding import gathered, make_answered, make_codebook
from tests.factories.processes import make_process


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


def test_texts_are_coded_with_keys_alone(page: Page, database: Database, address: str, validator: Validator) -> None:
    with database.transaction() as session:
        process = make_process(session, slug="policy", locales=("en",))
        make_codebook(session, process, "vote", "cost")
        activity = make_answered(session, process, [{"wish": "To vote"}, {"wish": "Lower fees"}])
        coder = user(session, process.lead_institution, Role.CODER).email
    gathered(database, activity)
    sign_in(page, coder)
    answer = page.goto("/en/desk/processes/policy/coding/next")
    assert answer is not None
    wrong = inspect("a text to be coded", page, answer.text(), validator)
    first = page.url
    page.keyboard.press("2")
    expect(page.locator("input[value=cost]")).to_be_checked()
    page.keyboard.press("2")
    expect(page.locator("input[value=cost]")).not_to_be_checked()
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.get_by_text("The text before this one")).to_be_visible()
    assert page.url != first
    page.keyboard.press("k")
    expect(page.get_by_text("Nothing is left for you here")).to_be_visible()
    with database.reading() as session:
        said = {tuple(coding.codes): coding.state for coding in session.scalars(select(Coding))}
    assert said == {("vote",): "coded", (): "skipped"}
    assert wrong + validator.findings() == []
