"""A real policy is brought as a Word file, published twice, read in English and Arabic, on a phone, without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consult.accounts.models import Role
from consult.consultations.models.asked import Phase
from consult.db.session import Database
from tests.browser.desk import OFFICER, sign_in
from tests.browser.moving import follow
from tests.browser.validator import Validator, inspect
from tests.factories import accounts as make
from tests.factories.consultations import make_consultation
from tests.factories.processes import make_process, make_theme

Device = Callable[..., BrowserContext]
FIXTURES = Path(__file__).parents[2] / "docs" / "fixtures"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database."""
    return sqlite


@pytest.fixture
def slug(database: Database) -> str:
    """Address of an open consultation in English and Arabic, which has no text yet."""
    with database.transaction() as session:
        process = make_process(session, locales=("en", "ar"), public=True)
        make_theme(session, process, "pathways")
        make.user(session, process.lead_institution, Role.OFFICER, email=OFFICER)
        return make_consultation(session, process, locales=("en", "ar"), phases=(Phase.READ,)).slug


def word(number: int) -> bytes:
    """A version of the policy as a Word file."""
    document = docx.Document()
    for line in (FIXTURES / f"migration-policy-{number}.md").read_text(encoding="utf-8").splitlines():
        text = line.strip().replace("\\(", "(").replace("\\)", ")").replace("*", "")
        if text.startswith("#"):
            document.add_heading(text.lstrip("# "), len(text) - len(text.lstrip("#")))
        elif text.startswith("- "):
            document.add_paragraph(text[2:], style="List Bullet 2" if line.startswith(" ") else "List Bullet")
        elif text:
            document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_policy_is_brought_published_and_read(device: Device, slug: str, validator: Validator) -> None:
    officer = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(officer, OFFICER)
    desk, wrong = f"/en/desk/consultations/{slug}/text", list[str]()

    def look(page: Page, name: str) -> None:
        nonlocal wrong
        wrong += inspect(name, page, page.content(), validator)

    for number in (1, 2):
        officer.goto(f"{desk}/import")
        look(officer, "import")
        name = f"policy-{number}.docx"
        officer.locator("input[name=file]").set_input_files({"name": name, "mimeType": WORD, "buffer": word(number)})
        officer.locator("main form button.button").click()
        expect(officer.locator("tbody tr")).to_have_count(27 if number == 2 else 29)
        look(officer, "draft")
        follow(officer.locator("main .actions a").first)
        look(officer, "publish")
        officer.locator("main form button.button").click()
        expect(officer.locator("main h2").first).to_be_visible()
    follow(officer.locator("tbody tr a").nth(4))
    look(officer, "edit")

    reader = device(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()
    reader.goto(f"/en/c/{slug}")
    reader.locator("main .phases a").click()
    reader.locator(".contents a", has_text="Expansion of Lawful").click()
    expect(reader.locator(".block:target")).to_contain_text("Expansion of Lawful")
    expect(reader.locator(".block:target .remark a")).to_have_attribute("href", f"/en/c/{slug}/text/{reader.url[-9:]}")

    phone = device(viewport={"width": 320, "height": 640}, has_touch=True).new_page()
    phone.goto(f"/ar/c/{slug}/text")
    look(phone, "ar read")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("a[href$='/text/versions']").tap()
    expect(phone.locator(".versions")).to_be_visible()
    look(phone, "ar versions")
    phone.locator("a[href$='/text/versions/1-2']").tap()
    expect(phone.locator(".change.merged").first).to_be_visible()
    look(phone, "ar difference")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong + validator.findings() == []
