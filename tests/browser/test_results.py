"""Every page of results, in English and in Arabic on a phone: axe and the HTML checker find nothing.

Two releases with weights, a third in preview, institutions that signed, a file of single records, the jobs behind them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, Response

from consult.accounts.models import Role
from consult.config import Keys, Settings
from consult.core.aggregation import contributions
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity, Process, Unit
from consult.results import columns
from consult.results.content import SUPPRESSION, Plan
from tests.browser.desk import OFFICER, sign_in
from tests.browser.validator import Validator, inspect
from tests.factories import accounts as make
from tests.factories.questionnaires import make_edition
from tests.factories.results import draw_answers, make_responses
from tests.results.gathering import Consultation
from tests.results.surveying import Survey
from tests.results.test_margins import accept
from tests.results.test_signing import ANSWERS, asked

STEWARD = "steward@example.org"
MARGINS = "variable,category,total\nsex,female,600\nsex,male,400\n"
PLAN = Plan(
    title=LocalisedText({"en": "First results", "ar": "النتائج الأولى"}), method=SUPPRESSION, crossings=("sex",)
)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def survey(database: Database, settings: Settings, keys: Keys, now: dt.datetime) -> Survey:
    with database.transaction() as session:
        ministry = make.institution(session)
        make.user(session, ministry, Role.STEWARD, email=STEWARD)
        make.user(session, ministry, Role.OFFICER, email=OFFICER)
    found = Survey(database, settings, keys, now, lead=ministry)
    found.answer([draw_answers(found.rng) for _ in range(300)], channels=("open",))
    with database.transaction() as session:
        session.get_one(Activity, found.activity_id).opens_at = now
        session.get_one(Process, found.process_id).locales = ["en", "ar"]
    accept(found, MARGINS)
    institutions(found)
    for number, title in ((1, "First results"), (2, "Second results")):
        found.freeze(msgspec.structs.replace(PLAN, title=LocalisedText({"en": title})))
        found.publish(number)
        found.keep_reports(number)
    return found


def institutions(survey: Survey) -> None:
    """Another activity of the process, in which institutions answer and sign."""
    with survey.database.transaction() as session:
        edition = make_edition(session, questionnaire=asked())
        activity = session.get_one(Activity, edition.activity_id)
        activity.process_id, activity.unit, activity.slug = survey.process_id, Unit.INSTITUTION, "states"
        activity.sealed_at = activity.opens_at = survey.now
        activity.title = LocalisedText({"en": "What states do"})
        make_responses(session, edition, asked(), ANSWERS)
    columns.refresh(survey.database, activity.id, store=survey.settings.column_store, least=1, rng=survey.rng)


def sent(page: Page, survey: Survey) -> Iterator[tuple[str, Response]]:
    """Send a form; where that asks for a job, the page of the job before and after it is done, and what it made."""
    survey.work()  # what waits already, as the reports of releases do
    with page.expect_navigation() as navigation:
        page.locator("main form button.button").first.click()
    yield "sent", navigation.value
    if "/jobs/" in page.url:
        assert survey.work() == 1
        yield "a job that is done", page.reload()
        made = page.goto(page.locator("#progress a.button").get_attribute("href"))
        yield "what it made", made


def opened(page: Page, survey: Survey, locale: str) -> Iterator[tuple[str, Response]]:
    """Every page of results as a steward gets to it."""
    desk, public = f"/{locale}/desk/processes/{survey.slug}/results", f"/{locale}/p/{survey.slug}/results"
    with survey.database.reading() as session:
        slug = session.get_one(Activity, survey.activity_id).slug
    question = f"{slug}/{survey.ids['topics']}"
    parts = ("2", f"2/{question}", "2/representativeness", "2/states/matrix", "1/compare/2")
    staff = ("", *(f"/{part}" for part in parts), "/2/hidden", "/2/withdraw", "/fieldwork")
    places = [*(desk + part for part in staff), public, *(f"{public}/{part}" for part in parts)]
    for path in (*places, f"/{locale}/desk/activities/{slug}/margins"):
        yield path, page.goto(path)
    for path in (f"{desk}/new", f"{desk}/microdata/{slug}"):
        yield path, page.goto(path)
        if path.endswith("/new"):
            page.locator("input[name=title-en]").fill("Third results")
        yield from sent(page, survey)
    yield "jobs", page.goto(desk.removesuffix("/results") + "/jobs")


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
def test_pages_of_results(
    device: Callable[..., BrowserContext], survey: Survey, validator: Validator, locale: str, width: int
) -> None:
    page = device(viewport={"width": width, "height": 900}).new_page()
    sign_in(page, STEWARD)
    wrong = []
    for name, answer in opened(page, survey, locale):
        assert answer.status == 200, f"{name}: {answer.status}"
        wrong += inspect(name, page, answer.text(), validator)
    assert wrong + validator.findings() == []


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
def test_pages_of_concepts(
    device: Callable[..., BrowserContext], survey: Survey, validator: Validator, locale: str, width: int
) -> None:
    page, wrong = device(viewport={"width": width, "height": 900}).new_page(), []
    sign_in(page, OFFICER)
    desk = f"/{locale}/desk/processes/{survey.slug}/concepts"
    for path in (desk, f"{desk}/states/{next(q.id for q in asked().questions() if q.name == 'state')}"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        wrong += inspect(path, page, answer.text(), validator)
    assert wrong + validator.findings() == []


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
def test_pages_of_a_consultation(
    device: Callable[..., BrowserContext],
    database: Database,
    settings: Settings,
    keys: Keys,
    now: dt.datetime,
    validator: Validator,
    locale: str,
    width: int,
) -> None:
    found = Consultation(database, settings, keys, now)
    with database.transaction() as session:
        found.process(session).locales = ["en", "ar"]
    who = found.take_part(200)
    found.code(found.comment(who[:80]), "vote", "cost")
    found.comment(who[80:140] + who[:1], 1, stance="oppose", locale="fr")
    found.publish(found.freeze())
    public = f"/{locale}/p/{found.slug}/results/1"
    people, comments, *_ = (one.slug for one in found.draft().content.datasets)
    vote = f"{people}/{contributions.statement(found.statements[0].hex)}"
    page, wrong = device(viewport={"width": width, "height": 900}).new_page(), []
    for path in ("", "/themes", f"/{vote}", f"/{comments}/comments_stance", f"/group?of={people}/opinion_group/A"):
        answer = page.goto(public + path)
        assert answer is not None
        assert answer.status == 200, path
        wrong += inspect(path, page, answer.text(), validator)
    assert wrong + validator.findings() == []
