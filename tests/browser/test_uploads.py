"""Files given on a phone and at a desk, with and without JavaScript, and the steward's page of them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from consult.accounts.models import Institution, Role
from consult.config import Settings
from consult.core.questionnaire.uploads import Upload
from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity, Process
from consult.responses import mixing, uploads
from tests.browser.test_every_page import sign_in
from tests.browser.test_question_types import send
from tests.browser.validator import Validator, inspect
from tests.factories import accounts as make
from tests.factories.files import pdf, photograph
from tests.factories.responses import make_open, make_submission

Device = Callable[..., BrowserContext]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database."""
    return sqlite


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_open(session, "uploads", slug="survey", locales=("en", "ar"))


def choose(page: Page, field: str, content: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg") -> None:
    page.locator(f"#{field}").set_input_files({"name": name, "mimeType": kind, "buffer": content})


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 320])
def test_pages_with_files_and_their_errors_are_accessible(
    device: Device, activity: Activity, validator: Validator, locale: str, width: int
) -> None:
    page = device(viewport={"width": width, "height": 900}).new_page()
    answer = page.goto(f"/{locale}/q/survey")
    assert answer is not None
    wrong = inspect("empty", page, answer.text(), validator)
    choose(page, "photo", b"<svg/>")
    choose(page, "letter", pdf(), "letter.pdf", "application/pdf")
    page.locator("#age").fill("200")
    wrong += inspect("with errors", page, send(page), validator)
    assert page.locator(".summary li").count() == 2
    assert page.locator(".kept").count() == 1, "what came with a mistake beside it is kept"
    choose(page, "photo", photograph(size=(3000, 2000)))
    page.locator("#age").fill("20")
    send(page)
    answer = page.goto(f"/{locale}/q/survey/page/1")
    assert answer is not None
    wrong += inspect("given", page, answer.text(), validator)
    assert page.locator(".kept").count() == 2
    assert wrong + validator.findings() == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_picture_is_given_replaced_and_sent(
    device: Device, activity: Activity, database: Database, settings: Settings, locale: str, script: bool
) -> None:
    page = device(viewport={"width": 320, "height": 900}, java_script_enabled=script).new_page()
    page.goto(f"/{locale}/q/survey")
    assert page.locator("#photo").get_attribute("accept") == "image/jpeg,image/png,image/webp"
    choose(page, "photo", photograph(size=(3000, 2000)))
    choose(page, "letter", pdf(), "letter.pdf", "application/pdf")
    send(page)
    assert page.url.endswith("/page/2")
    page.goto(f"/{locale}/q/survey/page/1")
    choose(page, "photo", photograph("PNG"), "shot.png", "image/png")
    page.locator("[name='letter.remove']").check()
    send(page)
    assert page.url.endswith("/page/4"), "without the letter nothing is asked about it"
    send(page)
    assert page.locator("dl.facts dd:not(.no-print)").first.inner_text().find("(PNG)") > 0
    send(page)
    assert page.url.endswith("/receipt")
    assert len(list(uploads.folder(settings.uploads, activity.id).names())) == 1
    with database.reading() as session:
        assert session.scalars(select(Intake.state)).all() == ["submitted"]


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_stewards_page_is_accessible(
    device: Device, activity: Activity, database: Database, settings: Settings, validator: Validator, locale: str
) -> None:
    folder = uploads.folder(settings.uploads, activity.id)
    with database.transaction() as session:
        opened = session.get_one(Activity, activity.id)
        process = session.get_one(Process, opened.process_id)
        lead = session.get_one(Institution, process.lead_institution_id)
        make.user(session, lead, Role.STEWARD, email="steward@example.org")
    page = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, "steward@example.org")
    address = f"/{locale}/desk/activities/survey/files"
    answer = page.goto(address)
    assert answer is not None
    wrong = inspect("too few", page, answer.text(), validator)
    with database.transaction() as session:
        for _ in range(10):
            picture = photograph()
            upload = Upload(folder.put(picture), "image/jpeg", len(picture))
            make_submission(session, opened, {"photo": upload}, now=opened.opens_at)
        mixing.mix(session, activity.id, least=10, chance=random.Random(1))
    answer = page.goto(address)
    assert answer is not None
    wrong += inspect("files", page, answer.text(), validator)
    for link in ("main .button", "main table a"):
        with page.expect_download() as download:
            page.locator(link).first.click()
        assert download.value.suggested_filename in ("survey.zip", "photo-1.jpg")
    assert wrong + validator.findings() == []


def test_a_file_is_asked_for_in_place(device: Device, database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        activity = make_open(session, "uploads_relevant", slug="survey")
    page = device().new_page()
    page.goto("/en/q/survey")
    page.get_by_label("Yes").check()
    page.locator("#paper").wait_for(state="visible")
    choose(page, "paper", pdf(), "letter.pdf", "application/pdf")
    page.wait_for_timeout(500)
    send(page)
    assert page.url.endswith("/page/2")
    folder = uploads.folder(settings.uploads, activity.id)
    assert len(list(folder.names())) == 1
    page.goto("/en/q/survey/page/1")
    page.get_by_label("No", exact=True).check()
    page.locator("#paper").wait_for(state="hidden")
    send(page)
    assert list(folder.names()) == []
