"""A household survey of 345 questions is answered to the end, in Arabic and French, with and without JavaScript."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from consult.config import Keys
from consult.core.questionnaire.definition import Questionnaire, QuestionType
from consult.core.questionnaire.steps import Compiled
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import codes
from consult.processes.models import Activity
from consult.responses.models import Response
from tests.browser.desk import close, publish_and_open, upload
from tests.browser.language import assert_language, plain
from tests.browser.robot import Robot, place_of
from tests.browser.validator import accessibility
from tests.factories.household import FORM, HOUSEHOLDS, MEMBERS, Household, files, form

Device = Callable[..., BrowserContext]
LOOKED_AT = frozenset({"1", "5", "7/1", "9/1", "13/1", "22", "26"})
"""Pages with which axe is asked: cascades, the list of members, a roster, matrices with and without words of theirs."""


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


def look(page: Page, household: Household, *, axe: bool) -> None:
    """A page is in its language, fits the screen, and every control has a name."""
    assert_language(page, household.locale)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide"
    if axe and place_of(page.url)[0] in LOOKED_AT:
        assert accessibility(page) == []


def parts_asked(questionnaire: Questionnaire, robot: Robot) -> dict[str, tuple[int, ...]]:
    """Which members were asked each of the groups of their own."""
    found: dict[str, set[int]] = {}
    for page in Compiled(questionnaire).pages:
        if page.repeats and page.repeats[0].name == "S2_repeat" and page.group is not None:
            members = {member for member in range(1, MEMBERS + 1) if f"{page.number}/{member}" in robot.way}
            found.setdefault(page.group.name, set()).update(members)
    return {name: tuple(sorted(members)) for name, members in found.items()}


def named(questionnaire: Questionnaire, answers: dict[str, object]) -> dict[str, object]:
    """Answers by the names of their questions, with the member behind."""
    names = {node.id: node.name for node, _ in questionnaire.walk()}
    by_name = {}
    for key, answer in answers.items():
        name, dash, member = key.partition("-")
        by_name[f"{names[name]}{dash}{member}"] = answer
    return by_name


@pytest.mark.parametrize("made", HOUSEHOLDS, ids=lambda made: made.__name__)
def test_a_household_is_asked_with_and_without_javascript(
    device: Device, ministry: Installation, officer: Page, keys: Keys, made: Callable[[dt.date], Household]
) -> None:
    household, questionnaire = made(dt.datetime.now(dt.UTC).date()), form()
    desk = officer.url
    slug = desk.rsplit("/", 1)[1]
    data, attached = files()
    upload(officer, FORM, data, attached)
    publish_and_open(officer)

    sent: dict[str, Robot] = {}
    for scripts, width in ((True, 1100), (False, 320)):
        page = device(java_script_enabled=scripts, viewport={"width": width, "height": 900}).new_page()
        robot = Robot(questionnaire, household, partial(look, household=household, axe=scripts), scripts)
        page.goto(f"/{household.locale}/q/{slug}")
        robot.go_through(page)
        check(page, robot)
        page.locator("main form button.button").click()
        assert page.url.endswith("/receipt")
        assert_language(page, household.locale)
        sent[page.locator(".code").inner_text()] = robot
        assert parts_asked(questionnaire, robot) == household.parts

    close(officer, desk, ministry)
    with ministry.database.reading() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == slug)).one()
        stored = {response.code: json.loads(response.answers) for response in session.scalars(select(Response))}
    kept = [
        assert_kept(robot, stored[codes.digest(keys.codes, activity.id, codes.read(shown) or "")])
        for shown, robot in sent.items()
    ]
    assert kept[0] == kept[1], "with and without JavaScript the same is asked and kept"


def check(page: Page, robot: Robot) -> None:
    """Before they are sent the answers stand there in words; what is written in the form's own letters is escaped."""
    assert_language(page, robot.household.locale)
    words = plain(page.locator("main").inner_text())
    lists = robot.questionnaire.lists()
    for question in robot.questionnaire.questions():
        answer = robot.given.get(question.id)
        in_other_words = question.type in (QuestionType.DATE, QuestionType.ACKNOWLEDGE)
        if answer is None or question.name in robot.household.taken_back or in_other_words:
            continue
        offered = lists[question.choices].choices if question.choices in lists else ()
        labels = {choice.name: robot.label(choice) for choice in offered}
        for one in answer if isinstance(answer, tuple) else (str(answer),):
            assert plain(labels.get(one, one).partition("${")[0]) in words, question.name
    respondent = robot.id("name_respondent_individual")
    row = page.locator("main dl.facts div:not(.within)").filter(has=page.locator(f"a[href$='#{respondent}']"))
    name = robot.household.names()[int(str(robot.given[respondent])) - 1]
    assert plain(row.locator("dd").first.inner_text()) == name, "a choice that is called as a member"


def assert_kept(robot: Robot, answers: dict[str, object]) -> dict[str, object]:
    """Nothing is lost, nothing is invented; what follows from the answers is there. What people said, by name."""
    household, questionnaire = robot.household, robot.questionnaire
    given = named(
        questionnaire, {key: list(said) if isinstance(said, tuple) else said for key, said in robot.given.items()}
    )
    found = {name: answer for name, answer in named(questionnaire, answers).items() if answer is not None}
    lost = {name for name, answer in given.items() if found.get(name) != answer}
    assert {name.partition("-")[0] for name in lost} <= household.taken_back
    assert not lost & found.keys()
    computed = {question.name for question in questionnaire.questions() if question.calculation}
    repeats = {"rpt_hhmnames", "S1", "S2_repeat"}
    said = {name: answer for name, answer in found.items() if name.partition("-")[0] not in computed | repeats}
    assert said == {name: answer for name, answer in given.items() if name not in lost}
    today = dt.date.fromisoformat(str(household.says["interviewdate"]))
    assert {name: found.get(name) for name in household.computed(today)} == household.computed(today)
    return said
