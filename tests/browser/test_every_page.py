"""Every page that can be reached, in English and Arabic, as each role: axe and the HTML checker find nothing."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import sqlite3
import urllib.parse
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Response
from sqlalchemy import select

from consult.accounts.models import Role, User
from consult.accounts.queries import needs_second_step
from consult.accounts.service import secondstep
from consult.app import EVERY, TASKS
from consult.config import Keys, Settings
from consult.core.sealing import seal
from consult.db.installation import Installation
from consult.db.session import Database
from consult.demo import content, event_content
from consult.demo.filling import fill
from consult.demo.release import release
from consult.files import Folder
from consult.jobs.worker import run_due
from tests.browser.desk import sign_in
from tests.browser.test_main_job import answer_first_page, answer_to_the_end
from tests.browser.validator import Validator, accessibility, inspect
from tests.factories.accounts import TOTP_SECRET, user
from tests.factories.media import LOCALES as MEDIA_LOCALES
from tests.factories.media import make_sounding
from tests.factories.processes import make_activity, make_process
from tests.factories.responses import OPENED

Device = Callable[..., BrowserContext]
SCREENS = pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ar", 320)])
STAFF = (
    ("administrator", "en", "desk/(?!processes/|activities/|consultations/|events/)|staff/"),
    ("officer", "en", "desk/(?!processes/[^/]+/results/)|staff/"),
    ("officer", "ar", "desk/(?!processes/[^/]+/results/|events/)"),
    ("steward", "ar", "desk/(?!events/|consultations/|activities/)"),
    ("member", "ar", "desk/(?!events/|consultations/|activities/)"),
    ("interviewer", "ar", "desk/"),
)
"""Who looks at which pages. Nearly all are officers': these are looked at in both directions, those of results in
`test_results.py`, those of events in Arabic in `test_events_*.py`."""
SIMILAR = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)q[0-9a-f]{10}\b|(?<=/)\d+(?=[/?]|$)|(?<=/translations/)[a-z]{2,3}\b"
    r"|(?<=/text/)p[0-9a-f]{8}\b|(?<==)[^&]+|(?<=_)[0-9a-f]{12}\b"
    rf"|{'|'.join(event.slug for event in event_content.events().events)}"
)
"""Parts of addresses behind which pages are of one kind: one of a kind is enough."""
OF_A_KIND = 1


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture(scope="module")
def filled(keys: Keys, _migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the demo with a published release: filled once, as only looking at it is tested here."""
    data = tmp_path_factory.mktemp("demo")
    shutil.copy(_migrated_sqlite, data / "consult.db")
    database = Database(f"sqlite:///{data / 'consult.db'}")
    installation = Installation(Settings(data=data), keys, database)
    now = dt.datetime.now(dt.UTC)
    with database.transaction() as session:
        process = fill(session, keys, user(session).password, floor=10, count=120, rng=random.Random(3), now=now)
        slug = process.slug
        for person in session.scalars(select(User)):
            if needs_second_step(person):
                person.totp_secret = seal(keys.contact, TOTP_SECRET.encode(), secondstep.context(person.id))
    run_due(installation, TASKS, EVERY, clock=lambda: now)
    release(installation, slug, now=now)
    database.close()
    return data


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database, filled: Path) -> Installation:
    """A copy of the filled demo."""
    shutil.copytree(filled, settings.data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("consult.db*"))
    with closing(sqlite3.connect(filled / "consult.db")) as source, closing(database.engine.raw_connection()) as copy:
        source.backup(copy.driver_connection)
    return Installation(settings, keys, database)


def crawl(page: Page, starts: list[str], address: str, within: str = "") -> Iterator[tuple[str, Response]]:
    """Open every page that links lead to within the locale, one of a kind; `within`: only these of it."""
    waiting, seen, kinds = deque(starts), set(starts), dict[str, int]()
    locale = starts[0].split("/")[1]
    while waiting:
        path = waiting.popleft()
        kind = SIMILAR.sub("*", path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > OF_A_KIND:
            continue
        answer = page.goto(path)
        assert answer is not None
        yield path, answer
        for link in page.locator("a[href]:not([download])").evaluate_all("links => links.map(link => link.href)"):
            target = urllib.parse.urlsplit(link)
            found = target.path + (f"?{target.query}" if target.query else "")
            leaves = re.search(r"\.[a-z]{2,5}$|/exit$", target.path)  # files, and another site
            wanted = link.startswith(address) and re.match(rf"/{locale}/{within}", found)
            if wanted and found not in seen and not leaves:
                seen.add(found)
                waiting.append(found)


@SCREENS
def test_pages_for_everybody(
    device: Device, installation: Installation, address: str, validator: Validator, locale: str, width: int
) -> None:
    page = device(viewport={"width": width, "height": 900}).new_page()
    slug, wrong = content.load().activity.slug, []
    starts = [
        f"/{locale}/",
        f"/{locale}/q/{slug}",
        f"/{locale}/q/{slug}/resume",
        f"/{locale}/q/{slug}/offline",
        f"/{locale}/c/{content.consultation().slug}",
        f"/{locale}/nothing",
        f"/{locale}/staff/sign-in",
    ]
    for path, answer in crawl(page, starts, address):
        wrong += inspect(path, page, answer.text(), validator)
    for path, answer in _answering(page, locale, slug):
        wrong += inspect(path, page, answer.text(), validator)
    wrong += _kept(page, locale, slug)
    assert wrong + validator.findings() == []


def _kept(page: Page, locale: str, slug: str) -> list[str]:
    """What is wrong with the page of a questionnaire that a device keeps, all of it shown at once."""
    page.goto(f"/{locale}/q/{slug}")
    page.locator("[data-keep] button").click()
    page.wait_for_url(f"**/{slug}/offline")
    page.locator("#kept-state:not(:empty)").wait_for()
    page.locator(".page").evaluate_all("pages => pages.forEach(page => page.hidden = false)")
    return [f"kept: {finding}" for finding in accessibility(page)]


def _answering(page: Page, locale: str, slug: str) -> Iterator[tuple[str, Response]]:
    """Pages that only participants see: errors, later pages, saved, check, receipt, withdraw."""

    def sent() -> Response:
        with page.expect_navigation() as navigation:
            page.locator("main form button.button").first.click()
        answer = navigation.value
        assert answer is not None
        return answer

    page.goto(f"/{locale}/q/{slug}")
    yield "first page with errors", sent()
    answer_first_page(page)
    yield "second page with errors", sent()
    for path in ("page/2", "saved", "check", "withdraw", "answers", "receipt"):
        answer = page.goto(f"/{locale}/q/{slug}/{path}")
        assert answer is not None
        yield path, answer
    page.context.clear_cookies()
    page.goto(f"/{locale}/q/{slug}/resume")
    page.locator("input[name=code]").fill("not a code")
    yield "a wrong code", sent()


@SCREENS
def test_pages_of_an_interview(
    device: Device, installation: Installation, address: str, validator: Validator, locale: str, width: int
) -> None:
    page = device(viewport={"width": width, "height": 900}).new_page()
    sign_in(page, "interviewer@example.org")
    wrong = []
    for path, answer in _interviewing(page, locale, content.load().activity.slug):
        wrong += inspect(path, page, answer.text(), validator)
    assert wrong + validator.findings() == []


def _interviewing(page: Page, locale: str, slug: str) -> Iterator[tuple[str, Response]]:
    """Pages that only interviewers see: where one begins, what is answered for somebody, how it ends."""
    desk, place = f"/{locale}/desk/interviews", f"/{locale}/q/{slug}/interview"

    def opened(path: str) -> Response:
        answer = page.goto(path)
        assert answer is not None
        return answer

    def sent() -> Response:
        with page.expect_navigation() as navigation:
            page.locator("main form button.button").first.click()
        return navigation.value

    yield desk, opened(desk)
    page.locator("main select").select_option(locale)
    yield "the first page of an interview", sent()
    yield "the first page of an interview with errors", sent()
    yield "interviews, one of them open", opened(desk)
    opened(place)
    answer_first_page(page)
    answer_to_the_end(page)
    for path in (f"{place}/check", f"{place}/discard"):
        yield path, opened(path)
    opened(f"{place}/check")
    yield "the code", sent()
    yield f"{place}/receipt", opened(f"{place}/receipt")
    opened(desk)
    sent()
    opened(f"{place}/discard")
    yield "discarded", sent()


@pytest.mark.parametrize(("who", "locale", "within"), STAFF)
def test_pages_of_staff(
    device: Device,
    installation: Installation,
    address: str,
    validator: Validator,
    locale: str,
    who: str,
    within: str,
) -> None:
    page = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, f"{who}@example.org")
    wrong, errors = [], []
    for path, answer in crawl(page, [f"/{locale}/desk/", f"/{locale}/staff/account"], address, within):
        if answer.status != 200 or "/staff/sign-in" in answer.url:
            errors.append(f"{path}: {answer.status}, {answer.url}")
        wrong += inspect(path, page, answer.text(), validator)
        forms = page.locator("main form[method=post] button.button")
        if locale == "en" and forms.count() and not _acts_at_once(path):
            page.locator("main form [required]").evaluate_all(
                "fields => fields.forEach(field => field.required = false)"
            )
            with page.expect_navigation() as navigation:
                forms.last.click()
            sent = navigation.value
            if sent is not None and page.locator("main .summary").count():
                wrong += inspect(f"{path} with errors", page, sent.text(), validator)
    assert errors + wrong + validator.findings() == []


@SCREENS
def test_pages_with_sounds_and_pictures(
    device: Device, database: Database, settings: Settings, address: str, validator: Validator, locale: str, width: int
) -> None:
    with database.transaction() as session:
        process = make_process(session)
        activity = make_activity(session, process, slug="survey", locales=MEDIA_LOCALES, opens_at=OPENED)
        make_sounding(session, Folder(settings.media), activity)
        officer = user(session, process.lead_institution, Role.OFFICER).email
    page, wrong = device(viewport={"width": width, "height": 900}).new_page(), []

    def look(path: str, answer: Response | None) -> None:
        assert answer is not None
        page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        wrong.extend(inspect(path, page, answer.text(), validator))

    look("questions", page.goto(f"/{locale}/q/survey"))
    sign_in(page, officer)
    desk = f"/{locale}/desk/activities/survey"
    for path in ("", "/preview", "/publish", "/import"):
        look(path, page.goto(desk + path))
    for files in ([], [{"name": "other.mp3", "mimeType": "audio/mpeg", "buffer": b"<html>"}]):
        look("media", page.goto(f"{desk}/media"))
        page.locator("input[type=file]").evaluate("field => field.required = false")
        page.locator("input[type=file]").set_input_files(files)
        with page.expect_navigation() as navigation:
            page.locator("form[enctype] button.button").click()
        assert navigation.value is not None
        assert navigation.value.status == 422
        look(f"media with errors, {len(files)} files", navigation.value)
    assert wrong + validator.findings() == []


def _acts_at_once(path: str) -> bool:
    """Whether sending the last form as it stands would do something: close, publish, delete, invite, sign out."""
    return bool(
        re.search(
            r"/staff/account$|/(close|open|reopen|publish|delete|remove|disable|review|leave-out|recovery-codes|off|new|adopt)\b"
            r"|/themes|/occasions/\d+/(notes|check-in)\b",
            path,
        )
    )
