"""The main job from end to end in a real browser: people answer, an officer closes, the core group downloads."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from consult.app import EVERY, LONG, TASKS
from consult.config import Keys, Settings
from consult.core.exchange import xlsform
from consult.core.questionnaire.definition import QuestionType
from consult.db.installation import Installation
from consult.db.session import Database
from consult.demo import content
from consult.demo.filling import fill
from consult.jobs import long
from consult.jobs.worker import run_due
from consult.participation.models import Intake
from consult.responses.models import Response
from tests.browser.desk import sign_in
from tests.factories.accounts import user

RESPONSES = 80
Device = Callable[..., BrowserContext]


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    """The demo with a few responses, and nothing released yet."""
    with database.transaction() as session:
        hashed = user(session).password
        fill(session, keys, hashed, floor=10, count=RESPONSES, rng=random.Random(7), now=dt.datetime.now(dt.UTC))
    return Installation(settings, keys, database)


@pytest.fixture
def slug() -> str:
    """Address of the questionnaire."""
    return content.load().activity.slug


def work(installation: Installation) -> None:
    """Let the worker do everything that is due."""
    for _ in range(3):
        run_due(installation, TASKS, EVERY, clock=lambda: dt.datetime.now(dt.UTC))


def answer_first_page(page: Page) -> None:
    """Consent and region: the questions that must be answered."""
    page.locator("input[type=checkbox]").first.check()
    page.locator("input[type=radio][value=europe]").check()
    page.locator("form button.button").click()


def answer_to_the_end(page: Page, pages: int = 7) -> None:
    """Go through the remaining pages, answering what must be answered."""
    for _ in range(pages + 3):
        if page.url.endswith("/check"):
            return
        # One after the other, because what is answered may bring up more.
        open_groups = page.locator("fieldset:visible:has(input[type=radio]):not(:has(input[type=radio]:checked))")
        while open_groups.count():
            open_groups.first.locator("input[type=radio]:visible").first.check()
        for box in page.locator("select:visible").all():
            if not box.input_value():
                box.select_option(index=1)
        page.locator("form button.button").click()
    assert page.url.endswith("/check"), page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("database", "locale", "scripts", "width"),
    [
        ("sqlite", "en", True, 1100),
        ("sqlite", "en", False, 320),
        ("sqlite", "ar", False, 1100),
        ("sqlite", "ar", True, 320),
        ("postgresql", "ar", True, 320),
    ],
    ids=["en", "en-no-script", "ar-no-script", "ar-phone", "ar-phone-postgresql"],
    indirect=["database"],
)
def test_answer_resume_on_another_device_correct_and_submit_twice(
    device: Device, installation: Installation, slug: str, locale: str, scripts: bool, width: int
) -> None:
    options = {"java_script_enabled": scripts, "viewport": {"width": width, "height": 800}}
    first = device(**options).new_page()
    first.goto(f"/{locale}/q/{slug}")
    assert first.locator("html").get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
    answer_first_page(first)
    assert first.url.endswith("/page/2")
    first.locator("button[value=later]").click()
    assert first.url.endswith("/saved")
    code = first.locator(".code").inner_text()

    second = device(**options).new_page()
    second.goto(f"/{locale}/q/{slug}/resume")
    second.locator("input[name=code]").fill(code.lower())
    second.locator("form button.button").click()
    assert "/page/" in second.url
    answer_to_the_end(second)
    second.locator("dl a, .summary a").nth(1).click()
    assert "/page/" in second.url
    answer_to_the_end(second)
    stale = second.context.new_page()
    stale.goto(f"/{locale}/q/{slug}/check")
    second.locator("form button.button").click()
    assert second.url.endswith("/receipt")
    stale.locator("form button.button").first.click()
    assert stale.url.endswith("/receipt")
    assert "".join(second.locator(".code").inner_text().split()) == "".join(code.split())
    with installation.database.reading() as session:
        submitted = len(session.scalars(select(Intake).where(Intake.state == "submitted")).all())
    assert submitted == RESPONSES + 1


def test_language_switch_midway_keeps_answers_and_exit_leaves_nothing(
    page: Page, installation: Installation, slug: str
) -> None:
    page.goto(f"/en/q/{slug}")
    answer_first_page(page)
    page.goto(page.url.replace("/page/2", "/page/1"))
    page.locator("a[hreflang=fr], nav a[lang=fr]").first.click()
    assert "/fr/" in page.url
    assert page.locator("input[type=radio][value=europe]").is_checked()
    page.locator("a[href$='/exit']").first.click()
    assert page.context.cookies() == []
    page.goto(f"/fr/q/{slug}/check")
    assert not page.locator("dl").count()


def test_mistakes_are_listed_first_and_what_was_typed_stays(page: Page, installation: Installation, slug: str) -> None:
    page.goto(f"/en/q/{slug}")
    page.locator("input[type=radio][value=europe]").check()
    page.locator("form button.button").click()
    summary = page.locator("[role=alert], .error-summary").first
    assert summary.is_visible()
    assert page.title().startswith("Error")
    assert page.locator("input[type=radio][value=europe]").is_checked()
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_an_officer_closes_and_the_core_group_downloads_what_a_recount_gives(
    device: Device, installation: Installation, slug: str, tmp_path: Path
) -> None:
    process = content.load().process.slug
    participant = device().new_page()
    participant.goto(f"/en/q/{slug}")
    answer_first_page(participant)
    answer_to_the_end(participant)
    participant.locator("form button.button").click()
    assert participant.url.endswith("/receipt")

    officer = device().new_page()
    sign_in(officer, "officer@example.org")
    officer.goto(f"/en/desk/activities/{slug}/close")
    officer.locator("main form button.button").click()
    assert f"/desk/activities/{slug}" in officer.url
    work(installation)
    officer.goto(f"/en/desk/processes/{process}/results/new")
    officer.locator("main form input[type=text]").first.fill("Results after closing")
    officer.locator("main form button.button").first.click()
    officer.wait_for_url("**/jobs/*")
    long.run_due(installation, LONG, clock=lambda: dt.datetime.now(dt.UTC))
    officer.locator("#progress a.button").click()  # the page has followed the job in place
    officer.locator("form[action$='/freeze'] button").click()
    officer.wait_for_url("**/results/1", timeout=60_000)
    officer.goto(f"/en/desk/processes/{process}/results/1/publish")
    officer.locator("main form button.button").last.click()

    member = device(accept_downloads=True).new_page()
    sign_in(member, "member@example.org")
    member.goto(f"/en/desk/processes/{process}/results")
    with member.expect_download() as download:
        member.locator("a[href*='download.csv']").first.click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    _recount(installation, rows)


def _recount(installation: Installation, rows: list[dict[str, str]]) -> None:
    """Every count shown of a single choice, alone or by another one, equals a count made here from stored responses."""
    demo = content.load()
    asked = xlsform.read(content.questionnaire_file(demo)).questionnaire
    ids = {question.name: question.id for question in asked.questions() if question.type is QuestionType.SELECT_ONE}
    with installation.database.reading() as session:
        answers = [json.loads(text) for text in session.scalars(select(Response.answers))]
    assert len(answers) == RESPONSES + 1
    alone = crossed = 0
    for row in (row for row in rows if row["activity"] == demo.activity.slug):
        name, by = ids.get(row["question"]), ids.get(row["by"])
        # Categories that stand together are joined by a plus; those that begin with a colon are no answers.
        codes, groups = row["category"].split("+"), row["group"].split("+")
        if row["status"] != "published" or name is None or any(":" in code or not code for code in codes):
            continue
        if row["by"] and (by is None or any(":" in code for code in groups)):
            continue
        people = [found for found in answers if not row["by"] or found.get(by) in groups]
        assert int(row["count"]) == sum(found.get(name) in codes for found in people), row
        alone, crossed = alone + (not row["by"]), crossed + bool(row["by"])
    assert alone > 20
    assert crossed > 20
