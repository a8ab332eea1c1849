"""Files that are no questionnaire, or a wrong one: what is wrong is told, and nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires import queries
from tests.browser.desk import places, send_file, upload
from tests.core.exchange.making import parts
from tests.core.exchange.test_forms import FORMS


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


def png() -> bytes:
    """A picture."""
    return b"\x89PNG\r\n\x1a\n" + b"\0" * 5_000


def bomb() -> bytes:
    """A small workbook that would unpack to 300 MB."""
    return parts((FORMS / "ona_tutorial_arabic.xlsx").read_bytes(), {"xl/media/bomb.bin": bytes(300_000_000)})


WRONG = {
    "pyxform_BAD_calculate_without_calculation": {("survey", "34", "calculation")},
    "pyxform_BAD_duplicate_columns": {("survey", "1", "label")},
    "pyxform_BAD_group_no_name": {("survey", "3", "name")},
    "pyxform_BAD_unknown_question_type": {("survey", "1", "relevance"), ("survey", "52", "type")},
    "picture": set(),
    "bomb": set(),
}
"""Where each file is wrong; nowhere in particular if it is no form at all."""


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_what_is_wrong_with_a_file_is_told_at_once_and_the_draft_stays(
    ministry: Installation, officer: Page, locale: str
) -> None:
    good = "ona_unicode_relevant_en_tetun.xlsx"
    upload(officer, good, (FORMS / good).read_bytes())
    desk = officer.url.split("#")[0].replace("/en/", f"/{locale}/")
    made = {"picture": png, "bomb": bomb}
    officer.goto(f"{desk}/import")
    for name, where in WRONG.items():
        data = made[name]() if name in made else (FORMS / f"{name}.xlsx").read_bytes()
        send_file(officer, f"{name}.xlsx", data)
        assert officer.locator("main .notice.danger").is_visible()
        assert set(places(officer)) == where
        told = officer.locator("main table td:last-child, main ul.whole li").all_inner_texts()
        assert len(told) == max(len(where), 1)
        assert all(re.search("[ء-ي]" if locale == "ar" else "[a-z]", sentence) for sentence in told)
    officer.goto(desk)
    assert good in officer.locator("main").inner_text()
    with ministry.database.reading() as session:
        draft = queries.draft(session, session.scalars(select(Activity)).one().id)
        assert draft is not None
        assert (draft.number, draft.origin) == (1, good)
