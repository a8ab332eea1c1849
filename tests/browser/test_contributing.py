"""People write about a draft in a real browser: other words for a paragraph, answers, a submission, all taken back."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import update

from consult.consultations.models.asked import OpenQuestion
from consult.consultations.models.contributed import Comment, CommentTranslation, Submission
from consult.core.text import LocalisedText
from consult.db.session import Database
from tests.browser.moving import follow
from tests.browser.validator import Validator, inspect
from tests.factories.consultations import make_comment, make_consultation
from tests.factories.texts import make_text

PARAGRAPH = {
    "en": "Citizens abroad may vote in elections of the parliament in two years, at the embassies.",
    "ar": "يحق للمواطنين في الخارج التصويت في انتخابات البرلمان بعد سنتين، في السفارات.",
}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: tests of the pages have both."""
    return sqlite


@pytest.fixture(autouse=True)
def _draft(database: Database) -> None:
    """A consultation in English and Arabic with some comments."""
    with database.transaction() as session:
        activity = make_consultation(session, slug="draft", locales=("en", "ar"))
        make_text(session, activity, p1=PARAGRAPH)
        question = LocalisedText({"en": "What is missing?", "ar": "ما الذي ينقص؟"})
        session.add(OpenQuestion(activity_id=activity.id, position=1, label=question, theme=""))
        first = make_comment(
            session,
            activity,
            "Embassies are far away for most of us. Let us vote by post.",
            part="p1",
            stance="oppose",
            stakeholder="association",
            endorsed=14,
        )
        make_comment(session, activity, "Postal votes get lost where I live.", part="p1", parent_id=first.id)
        suggestion = PARAGRAPH["en"].replace("in two years", "within one year")
        make_comment(session, activity, "", part="p1", stance="suggest", suggestion=suggestion, endorsed=2)
        arabic = make_comment(
            session, activity, "متى يبدأ ذلك؟", part="p1", stance="question", locale="ar", endorsed=120
        )
        row = {"activity_id": activity.id, "comment_id": arabic.id, "locale": "en"}
        session.add(CommentTranslation(**row, body="When does this begin?", suggestion=""))
        group = uuid.uuid4()
        for number in range(12):
            make_comment(
                session,
                activity,
                "Two years are too long.",
                id=group if not number else uuid.uuid4(),
                part="p1",
                code=bytes([number]) * 32,
                alike_id=group,
            )


def seen(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at the pages."""
    if folder := os.environ.get("CONSULT_SHOTS"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("locale", "scripts", "width"), [("en", True, 1100), ("ar", False, 320)], ids=["en", "ar-phone-no-script"]
)
def test_a_visit(
    device: Callable[..., BrowserContext],
    database: Database,
    validator: Validator,
    tmp_path: Path,
    locale: str,
    scripts: bool,
    width: int,
) -> None:
    size = {"width": width, "height": 700}
    page = device(java_script_enabled=scripts, locale=locale, viewport=size, has_touch=not scripts).new_page()

    def look(name: str) -> None:
        seen(page, f"{name}-{locale}")
        if scripts:  # axe waits for timers, which there are none of without
            assert inspect(f"{name}-{locale}", page, page.content(), validator) == []
        else:
            validator.add(f"{name}-{locale}", page.content())
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    part = f"/{locale}/c/draft/text/p1"
    page.goto(part)
    look("part")
    page.locator("a[href='#write']").click()
    page.locator("input[value=suggest]").check()
    words = page.locator("textarea[name=suggestion]")
    expect(words).to_have_value(PARAGRAPH[locale])
    words.fill(PARAGRAPH[locale] + " 2027.")
    page.locator("input[value=oppose]").check()
    page.locator("form.writing button.button").click()
    expect(page.locator(".summary")).to_be_visible()
    look("error")
    page.locator("input[value=suggest]").check()
    page.locator("select[name=stakeholder]").select_option("ngo")
    page.locator("form.writing button.button").click()
    expect(page.locator(".code")).to_be_visible()
    look("receipt")
    page.goto(part)
    follow(page.locator("article form button.link").first)
    assert "#comment-" in page.url
    page.goto(f"/{locale}/c/draft/questions")
    page.locator("textarea").first.fill("…")
    look("questions")
    page.locator("form.writing button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    submitted(page, locale, tmp_path, look)
    with database.transaction() as session:
        session.execute(update(Comment).where(Comment.state == "waiting").values(state="shown"))
        session.execute(update(Submission).values(state="shown"))
    page.goto(part)
    expect(page.locator("ins", has_text="2027")).to_have_count(1)
    look("shown")
    follow(page.locator(".doing a").first)
    look("thread")
    page.goto(f"/{locale}/c/draft/submissions")
    follow(page.locator("article a").first)
    look("submission")
    page.goto(f"/{locale}/c/draft/own")
    look("own")
    follow(page.locator(f"a[href='/{locale}/c/draft/own/withdraw']"))
    look("withdraw")
    follow(page.locator("button.danger"))
    page.goto(part)
    expect(page.locator("ins", has_text="2027")).to_have_count(0)
    page.goto(f"/{locale}/c/draft/own")
    look("code")
    assert validator.findings() == []


def submitted(page: Page, locale: str, folder: Path, look: Callable[[str], None]) -> None:
    """A submission with a file."""
    page.goto(f"/{locale}/c/draft/submit")
    page.locator("form.writing button.button").click()
    expect(page.locator(".summary")).to_be_visible()
    look("submit")
    page.locator("input[value=ngo]").check()
    page.locator("input[value=named]").check()
    page.locator("input[name=name]").fill("Home Abroad")
    page.locator("input[name=title]").fill("Our view")
    (folder / "view.txt").write_text("What we think of it.", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(folder / "view.txt")
    page.locator("form.writing button.button").click()
    expect(page.locator(".notice.success")).to_be_visible()
