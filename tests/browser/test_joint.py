"""Three people of one institution answer at the same time, in three browsers; one signs, the officer reopens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from consult.accounts.models import Role, User
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.definition import node_id
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity
from consult.responses.models import Response
from tests.browser.desk import OFFICER, sign_in
from tests.browser.moving import follow
from tests.browser.validator import Validator, inspect
from tests.factories import accounts as make
from tests.factories.accounts import PASSWORD
from tests.factories.joint import make_joint
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition

Device = Callable[..., BrowserContext]
AGE, COUNTRY, WISHES = (node_id(name) for name in ("age", "country", "wishes"))
IN_EVERY_BROWSER = pytest.mark.parametrize(
    ("locale", "scripts", "width"), [("en", False, 1100), ("ar", True, 320)], ids=["en-no-script", "ar-phone"]
)


@dataclass
class Room:
    """Three hands of an institution, each in a browser of their own, and what was found wrong with its pages."""

    locale: str
    path: str
    hands: list[Page]
    officer: Page
    validator: Validator
    wrong: list[str]
    scripts: bool

    def open(self, page: Page, path: str) -> None:
        """Open a page about the response, and look for what is wrong with it."""
        answer = page.goto(f"/{self.locale}{path}")
        assert answer is not None
        assert answer.status == 200, path
        self.look(page, path, answer.text())

    def look(self, page: Page, name: str, html: str = "") -> None:
        """What is wrong with an open page."""
        if self.scripts:  # axe is one
            self.wrong += inspect(f"{self.locale} {name}", page, html or page.content(), self.validator)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What differs between databases is tested without a browser."""
    return sqlite


@pytest.fixture
def room(device: Device, database: Database, validator: Validator, locale: str, scripts: bool, width: int) -> Room:
    with database.transaction() as session:
        process = make_process(session)
        titles = LocalisedText({"en": "Metadata of member states", "ar": "البيانات الوصفية للدول الأعضاء"})
        opened = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        activity = make_activity(session, process, slug="survey", title=titles, opens_at=opened)
        joint, *people = make_joint(session, make_edition(session, activity))
        make.user(session, process.lead_institution, Role.OFFICER, email=OFFICER)
        session.execute(update(Activity).values(closes_at=opened + dt.timedelta(days=90)))
        path = f"/desk/answers/survey/{joint.institution_id}"
        emails = [person.email for person in people]

    def browser(email: str) -> Page:
        page = device(java_script_enabled=scripts, viewport={"width": width, "height": 800}).new_page()
        sign_in(page, email)
        return page

    return Room(locale, path, [browser(email) for email in emails], browser(OFFICER), validator, [], scripts)


def answer(page: Page, key: str, words: str) -> None:
    """Fill a question in and send the page."""
    field = page.locator(f"[name='{key}']:not([type=hidden])").first
    if field.get_attribute("type") == "radio":
        page.locator(f"[name='{key}'][value='{words}']").check()
    else:
        field.fill(words)
    with page.expect_navigation():
        page.locator("main form button.button").first.click()


@IN_EVERY_BROWSER
def test_three_hands_at_once(room: Room, database: Database) -> None:
    first, second, third = room.hands
    room.open(first, "/desk/answers")
    room.open(first, room.path)
    for page in room.hands:
        room.open(page, f"{room.path}/page/1") if page is first else page.goto(f"/{room.locale}{room.path}/page/1")
    answer(first, AGE, "40")
    third.locator(f"[name='{COUNTRY}'][value='gb']").check()
    answer(third, AGE, "41")
    assert third.url.endswith(f"{room.path}#disputed")
    room.look(third, "disputed")
    room.open(first, f"{room.path}/page/1")
    third.locator("#disputed button[value=held]").click()
    expect(third.locator("#disputed")).to_have_count(0)
    second.goto(f"/{room.locale}{room.path}/page/2")
    answer(second, WISHES, "سفارات أقرب" if room.locale == "ar" else "Embassies that are closer")
    room.open(second, f"{room.path}/question/{AGE}")
    second.locator("textarea").fill("Is this of last year?")
    with second.expect_navigation():
        second.locator("main form button.button").last.click()
    room.open(second, f"{room.path}/question/{AGE}")
    history = second.locator("table tbody tr").all_inner_texts()
    assert [next(name for name in ("Hand 1", "Hand 2", "Hand 3") if name in row) for row in history] == [
        "Hand 3",
        "Hand 3",
        "Hand 1",
    ]

    room.open(first, room.path)
    room.open(first, f"{room.path}/check")
    first.locator("input[name=name]").fill("Ama Mensah, director")
    first.locator("input[name=password]").fill(PASSWORD)
    with first.expect_navigation():
        first.locator("#sign button.button").click()
    room.look(first, "signed")
    with database.reading() as session:
        (answers,) = session.scalars(select(Response.answers))
    assert decode(answers).items() >= {AGE: 41, COUNTRY: "gb"}.items()
    room.open(third, f"{room.path}/page/1")
    assert not third.locator("main form button").count(), "nothing can be changed now"

    desk = "/desk/activities/survey/institutions"
    room.open(room.officer, desk)
    follow(room.officer.locator("a[href$='/signed']"))
    room.look(room.officer, "what was signed")
    room.officer.goto(f"/{room.locale}{desk}")
    follow(room.officer.locator("a[href$='/reopen']"))
    room.look(room.officer, "reopen")
    room.officer.locator("textarea").fill("The year is missing.")
    with room.officer.expect_navigation():
        room.officer.locator("main form button.button").click()
    room.look(room.officer, "reopened")
    room.open(second, room.path)
    expect(second.locator("main")).to_contain_text("The year is missing.")
    assert room.wrong + room.validator.findings() == []


@pytest.mark.parametrize(("locale", "scripts", "width"), [("en", True, 1100)])
def test_those_who_name_them(room: Room, database: Database) -> None:
    with database.transaction() as session:
        head = make.user(session, name="Head of department")
        person = session.scalars(select(User).where(User.name == "Hand 1")).one()
        make.grant(session, head, person.grants[0].institution, Role.OFFICER)
    page = room.officer.context.browser.new_context(base_url=room.officer.url.partition("/en/")[0]).new_page()
    sign_in(page, head.email)
    room.open(page, "/desk/answers")
    follow(page.locator("a[href$='/hands']"))
    room.look(page, "hands")
    follow(page.locator("a[href$='/remove']").first)
    room.look(page, "remove a hand")
    page.context.close()
    assert room.wrong + room.validator.findings() == []
