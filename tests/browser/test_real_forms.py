"""Questionnaires that others wrote: imported, published and answered in a browser, in every language they offer.

What must appear to whom is decided here anew, from the words of the forms: the product's evaluator is not asked.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from consult.accounts.models import Role
from consult.app import EVERY, TASKS
from consult.config import LOCALES, Keys, Settings
from consult.core.exchange.xlsform import Imported, read
from consult.core.questionnaire.definition import Group, Question, Questionnaire, QuestionType
from consult.core.text import LocalisedText, direction
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs.worker import run_due
from consult.participation import codes
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.responses.models import Response
from tests.architecture.sources import ROOT
from tests.browser.test_main_job import sign_in
from tests.core.exchange.making import parts
from tests.core.exchange.test_forms import EXPECTED, FORMS
from tests.factories.accounts import user
from tests.factories.processes import make_process

Device = Callable[..., BrowserContext]
Answer = str | int | tuple[str, ...]
EMAIL = "officer@example.org"
PROCESS = "labour"
TITLE = "What people abroad need"
TERM = re.compile(r"selected\(\$\{([^}]+)\},\s*'([^']*)'\)|\$\{([^}]+)\}\s*=\s*'([^']*)'")
"""All that the conditions of these forms are made of, besides `and`, `or` and parentheses."""
CALCULATED = {
    "correlaid_testB_en_de": (
        {"NO_TC_project-alpha": None, "TT_project-alpha": "Alpha: TT", "missing_coord": "Alpha: TT"},
        {"NO_TC_project-alpha": None, "TT_project-alpha": None, "missing_coord": None},
    )
}
"""What the form's calculations give somebody who chooses everything, and somebody who chooses little."""


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers show does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    """A process of a ministry with an officer."""
    with database.transaction() as session:
        process = make_process(session, slug=PROCESS)
        user(session, process.lead_institution, Role.OFFICER, email=EMAIL)
    return Installation(settings, keys, database)


@pytest.fixture
def officer(installation: Installation, page: Page) -> Page:
    """The officer's browser, on the page of an activity that has just been planned."""
    sign_in(page, EMAIL)
    page.goto(f"/en/desk/processes/{PROCESS}")
    page.locator("a[href$='/activities/new']").first.click()
    page.locator("input[name=title]").fill(TITLE)
    page.locator("main form button.button").click()
    return page


def upload(page: Page, name: str, data: bytes) -> None:
    """Import a file from the page of an activity."""
    page.locator("main a[href$='/import']").first.click()
    send_file(page, name, data)


def send_file(page: Page, name: str, data: bytes) -> None:
    """Choose a file and send it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    with page.expect_navigation():
        page.locator("main form button.button").click()


def plain(text: str) -> str:
    """A text without the breaks of its lines."""
    return " ".join(text.split())


# The officer


def look_through(page: Page, found: Imported, counts: tuple[int, ...]) -> None:
    """The summary has the numbers of the reference; remarks have their places; previews are in their language."""
    numbers = [int(text) for text in page.locator("dl.numbers dd").all_inner_texts()]
    assert numbers[:5] == list(counts)
    told = [problem.place for problem in found.warnings if problem.place.sheet]
    shown = [(place.sheet, str(place.row or "–"), place.column or "–") for place in told]
    assert sorted(places(page)) == sorted(shown)
    assert page.locator("main table td a[href$='/preview']").count() == len(found.questionnaire.locales)
    for locale in found.questionnaire.locales:
        preview(page, found.questionnaire, locale)


def preview(page: Page, questionnaire: Questionnaire, locale: str) -> None:
    """Every question is there, in the locale where it has words in it, and none can be sent."""
    desk = page.url
    page.locator(f"main a[href*='/{locale}/'][href$='/preview']").click()
    words = ""
    while True:
        assert_language(page, locale)
        assert page.locator("form").count() == 0
        words += " " + plain(page.locator("main").inner_text())
        following = page.get_by_role("link", name="Next page") if locale not in LOCALES else None
        following = following or page.locator("nav.actions a.button")
        if not following.count():
            break
        following.click()
    for question in questionnaire.questions():
        if question.type is not QuestionType.IMAGE:
            assert plain(question.label.resolve(locale, questionnaire.source).text) in words
    page.goto(desk)


def assert_language(page: Page, locale: str) -> None:
    """The page is in its language, written its way, and called something."""
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (locale, direction(locale))
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert locale not in page.locator("nav.languages li").all_inner_texts(), "languages are called by their names"
    if locale not in LOCALES:
        own = page.evaluate(WORDS, locale)
        assert [words for words in own if words in INTERFACE] == [], "they are not in the language of the page"


WORDS = """locale => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("[lang]").lang === locale && !parent.closest("script, style")) {
      found.push(walker.currentNode.data.trim().replace(/\\s+/g, " "));
    }
  }
  return found;
}"""
"""Every piece of text of a page that is said to be in a locale."""
INTERFACE = {
    found.strip()
    for message in read_po((ROOT / "translations" / "messages.pot").open("rb"))
    for found in re.split(r"%\(\w+\)s", message.id if isinstance(message.id, str) else message.id[0])
    if len(found) > 3 and found != "Other"
}
"""The words of the interface, in pieces between what is put into them; without one that a form says as well."""


def publish_and_open(page: Page) -> None:
    """Publish the draft, write the notice in every language, let people in."""
    page.locator("main a[href$='/publish']").click()
    page.locator("main form button.button").click()
    page.locator("main a[href$='/notice']").click()
    for box in page.locator("main textarea").all():
        box.fill("Ministry of Foreign Affairs")
    page.locator("input[name=contact]").fill("privacy@example.org")
    page.locator("main form button.button").click()
    page.locator("main a[href$='/open']").click()
    page.locator("main form button.button").click()


# The participants


def holds(condition: str, answers: dict[str, Answer]) -> bool:
    """Whether a condition of these forms holds, by its words alone."""

    def said(term: re.Match[str]) -> str:
        name, code = term[1] or term[3], term[2] or term[4]
        answer = answers.get(name, "")
        return str(code in answer if isinstance(answer, tuple) else code == answer)

    logic = TERM.sub(said, condition) or "True"
    assert set(re.findall(r"\w+", logic)) <= {"True", "False", "and", "or"}, condition
    return bool(eval(logic))


@dataclass
class Participant:
    """Somebody who answers everything such that conditions hold, or (not `eager`) only what must be answered."""

    questionnaire: Questionnaire
    locale: str
    eager: bool
    answers: dict[str, Answer] = field(default_factory=dict)
    """What was sent, by the question's name."""
    seen: dict[str, str] = field(default_factory=dict)
    """On which page each question was shown, by id."""

    def __post_init__(self) -> None:
        source = self.questionnaire.source
        self.texts: Callable[[LocalisedText], str] = lambda text: plain(text.resolve(self.locale, source).text)
        conditions = " ".join(node.relevant for node, _ in self.questionnaire.walk())
        self.decisive = {(term[1] or term[3], term[2] or term[4]) for term in TERM.finditer(conditions)}

    def relevant(self) -> Iterator[Question]:
        """The questions that must be put, given what was sent."""
        for node, above in self.questionnaire.walk():
            if isinstance(node, Question) and node.type is not QuestionType.IMAGE:
                groups = [group.relevant for group in above if isinstance(group, Group)]
                if all(holds(condition, self.answers) for condition in (*groups, node.relevant)):
                    yield node

    def asked(self) -> list[Question]:
        """Those of them that people see."""
        return [question for question in self.relevant() if question.type is not QuestionType.CALCULATE]

    def choose(self, question: Question) -> Answer | None:
        """What they answer; always the same to the same question."""
        if question.type is QuestionType.NOTE or not (self.eager or question.required):
            return None
        names = [
            choice.name for found in self.questionnaire.choice_lists if found.name == question.choices
            for choice in found.choices
        ]  # fmt: skip
        match question.type:
            case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE:
                fitting = [name for name in names if ((question.name, name) in self.decisive) == self.eager]
                if question.type is QuestionType.SELECT_ONE:
                    return (fitting or names)[-1]
                return tuple(names) if self.eager else tuple((fitting or names)[:1])
            case QuestionType.INTEGER:
                return 1234
            case _ if question.constraint:
                return "zoë@example.org" if "\\s" in question.constraint else "zoe@example.org"
            case _:
                return (
                    "Zoë & <b>Ana</b> ‹سارة›\n“and’ more" if "multiline" in question.appearance else "Zoë & <b>Ana</b>"
                )

    def typed(self, answer: Answer) -> str:
        """A text or number as people of the locale type it."""
        if isinstance(answer, int):
            return {"ar": "١٬٢٣٤", "de": "1.234", "fr": "1 234"}.get(self.locale, str(answer))
        return str(answer)

    def fill(self, page: Page, question: Question, answer: Answer) -> None:
        """Put an answer into the fields of a question."""
        if question.type in (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE):
            box = page.locator(f"select[name={question.id}]")
            for name in answer if isinstance(answer, tuple) else (answer,):
                if box.count():
                    box.select_option(str(name))
                else:
                    page.locator(f"input[name={question.id}][value='{name}']").check()
        else:
            page.locator(f"#{question.id}").fill(self.typed(answer))

    def look(self, page: Page) -> list[Question]:
        """What a page asks: nothing that must not be asked, in the participant's language."""
        assert_language(page, self.locale)
        visible = "found => found.filter(one => one.checkVisibility()).map(one => one.id)"
        ids = set(page.locator("main form [id]").evaluate_all(visible))
        relevant = self.asked()
        on_page = [question for question in self.questionnaire.questions() if question.id in ids]
        assert [question.name for question in on_page if question not in relevant] == []
        words = plain(page.locator("main").inner_text())
        for question in on_page:
            assert self.texts(question.label) in words
            assert self.texts(question.hint) in words
            where = page.url.split("?")[0].split("#")[0]
            assert self.seen.setdefault(question.id, where) in (where, first_address(where)), question.name
        return on_page

    def go_through(self, page: Page, address: str, *, scripts: bool) -> None:
        """Answer page after page until the check; with scripts also what appears meanwhile."""
        page.goto(address)
        for _ in range(40):
            if page.url.endswith("/check"):
                break
            questions = self.look(page)
            self.make_mistakes(page, questions)
            put: list[Question] = []
            while questions:
                filled = [self.answer(page, question) for question in questions]
                put += questions
                if scripts and any(filled):
                    expect(page.locator("main form template"), "the script has begun").to_have_count(0)
                questions = [question for question in self.look(page) if question not in put] if scripts else []
            page.locator("main form button.button").click()
            assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
        assert set(self.seen) == {question.id for question in self.asked()}

    def answer(self, page: Page, question: Question) -> bool:
        """Answer a question, or do not."""
        answer = self.choose(question)
        if answer is None:
            return False
        self.fill(page, question, answer)
        self.answers[question.name] = answer
        return True

    def make_mistakes(self, page: Page, questions: list[Question]) -> None:
        """Leave out what must be answered, or break the constraint: each is named, in the author's words."""
        new = [question for question in questions if question.name not in self.answers]
        wrong = [question for question in new if (question.constraint if self.eager else question.required)]
        for question in wrong if self.eager else ():
            page.locator(f"#{question.id}").fill("nobody")
        if not wrong:
            return
        page.locator("main form button.button").click()
        assert_language(page, self.locale)
        links = page.locator(".summary a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert {f"#{question.id}" for question in wrong} <= set(links)
        if not self.eager:
            assert len(links) == len(wrong)
        said = plain(page.locator(".summary").inner_text())
        for question in wrong:
            assert self.texts(question.constraint_message if self.eager else question.required_message) in said

    def check(self, page: Page) -> None:
        """Before they are sent, all answers are shown in words."""
        assert_language(page, self.locale)
        rows = [
            (plain(row.locator("dt").inner_text()), plain(row.locator("dd").first.inner_text()))
            for row in page.locator("main dl.facts > div").all()
        ]
        asked = [question for question in self.asked() if question.type is not QuestionType.NOTE]
        assert [label for label, _ in rows] == [self.texts(question.label) for question in asked]
        for question, (_label, given) in zip(asked, rows, strict=True):
            if question.name in self.answers:
                assert given == self.in_words(question)

    def in_words(self, question: Question) -> str:
        """An answer as it is read."""
        answer = self.answers[question.name]
        labels = {
            choice.name: self.texts(choice.label)
            for found in self.questionnaire.choice_lists if found.name == question.choices for choice in found.choices
        }  # fmt: skip
        if labels:
            return plain(" ".join(labels[name] for name in (answer if isinstance(answer, tuple) else (str(answer),))))
        return plain(str(answer))

    def stored(self) -> dict[str, object]:
        """What the database must hold, calculations apart."""
        return {
            question.id: list(found) if isinstance(found := self.answers.get(question.name), tuple) else found
            for question in self.asked()
            if question.type is not QuestionType.NOTE
        }


def first_address(url: str) -> str:
    """The address of the first page as it is before a draft exists."""
    return url.removesuffix("/page/1")


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected[0])
def test_a_real_form_is_imported_published_and_answered(
    device: Device, installation: Installation, officer: Page, keys: Keys, expected: tuple[str, *tuple[int, ...]]
) -> None:
    name, questions, choices, groups, relevant, constraint, _calculation, _labels, rows_left, _ = expected
    data = (FORMS / f"{name}.xlsx").read_bytes()
    found = read(data, title=LocalisedText({"en": TITLE}))
    desk = officer.url
    slug = desk.rsplit("/", 1)[1]
    upload(officer, f"{name}.xlsx", data)
    look_through(officer, found, (questions - rows_left, groups, choices, relevant, constraint))
    publish_and_open(officer)

    visits = [(locale, True) for locale in found.questionnaire.locales] + [(found.questionnaire.source, False)]
    sent: dict[str, Participant] = {}
    for number, (locale, eager) in enumerate(visits):
        participant = Participant(found.questionnaire, locale, eager)
        scripts = number % 2 == 0
        page = device(java_script_enabled=scripts, viewport={"width": 400, "height": 800}).new_page()
        participant.go_through(page, f"/{locale}/q/{slug}", scripts=scripts)
        participant.check(page)
        page.locator("main form button.button").click()
        assert page.url.endswith("/receipt")
        assert_language(page, locale)
        sent[page.locator(".code").inner_text()] = participant
        for further in ("answers", "withdraw", "privacy"):
            page.goto(f"/{locale}/q/{slug}/{further}")
            assert_language(page, locale)

    officer.goto(f"{desk}/close")
    officer.locator("main form button.button").click()
    for _ in range(3):
        run_due(installation, TASKS, EVERY, clock=lambda: dt.datetime.now(dt.UTC))
    assert_stored(installation.database, keys, slug, name, sent)


def assert_stored(database: Database, keys: Keys, slug: str, name: str, sent: dict[str, Participant]) -> None:
    """The database holds what was chosen, and what follows from it."""
    with database.reading() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == slug)).one()
        responses = {response.code: response for response in session.scalars(select(Response))}
        assert len(responses) == len(sent)
        for shown, participant in sent.items():
            code = codes.read(shown)
            assert code is not None
            response = responses[codes.digest(keys.codes, activity.id, code)]
            assert response.locale == participant.locale
            answers = json.loads(response.answers)
            ids = {question.name: question.id for question in participant.questionnaire.questions()}
            calculated = CALCULATED.get(name, ({}, {}))[0 if participant.eager else 1]
            assert answers == participant.stored() | {ids[key]: value for key, value in calculated.items()}


# Files that cannot be read


def places(page: Page) -> list[tuple[str, ...]]:
    """Sheet, row and column of every line of the tables of problems."""
    rows = page.locator("main table tbody tr:has(td:nth-child(4))").all()
    return [tuple(plain(cell) for cell in row.locator("td").all_inner_texts()[:3]) for row in rows]


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
    installation: Installation, officer: Page, locale: str
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
    with installation.database.reading() as session:
        draft = queries.draft(session, session.scalars(select(Activity)).one().id)
        assert draft is not None
        assert (draft.number, draft.origin) == (1, good)
