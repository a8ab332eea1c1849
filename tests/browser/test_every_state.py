"""Pages that no link leads to: mistakes, refused files, reports, repeats. Axe and the HTML checker find nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Response
from sqlalchemy import select

from consult.accounts.models import Role
from consult.config import Keys, Settings
from consult.core.questionnaire.definition import node_id
from consult.db.session import Database
from consult.processes.models import Activity, Gate
from tests.browser.test_every_page import SCREENS, sign_in
from tests.browser.validator import Validator, inspect
from tests.core.exchange.lss.making import Asked, lss
from tests.core.exchange.lss.making import Page as Group
from tests.core.exchange.making import form
from tests.factories import accounts as make
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.responses import OPENED, make_open
from tests.results.surveying import Survey, two_rounds

Device = Callable[..., BrowserContext]
File = tuple[str, bytes]
CONTINUE = "main form button.button"
MISTAKES, REFUSED, LISTED = ".summary a", ".notice.danger", ".data tbody tr"


@dataclass(frozen=True)
class Step:
    """A page that is opened or sent, and what is then there."""

    name: str
    at: str = ""
    """Where to go first; nothing: the page that is open."""
    fields: Mapping[str, str | list[str] | File] = field(default_factory=dict)
    press: str = ""
    """The button, by a selector; with fields and without one the form's first."""
    tells: str = "h1"
    """What must be on the page, by a selector."""


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database."""
    return sqlite


def walk(page: Page, prefix: str, steps: Sequence[Step], validator: Validator) -> list[str]:
    """Take the steps one after the other; what is wrong with the pages that they lead to."""
    wrong = []
    for step in steps:
        answer = page.goto(f"{prefix}{step.at}") if step.at or step is steps[0] else None
        if step.fields or step.press:
            for name, value in step.fields.items():
                fill(page.locator(f"main form [name='{name}']"), value)
            answer = press(page, step.press or CONTINUE)
        assert answer is not None
        assert answer.status in (200, 422), f"{step.name}: {answer.status} at {page.url}"
        assert page.locator(f"main {step.tells}").count(), f"{step.name}: there is no {step.tells} at {page.url}"
        wrong += inspect(step.name, page, answer.text(), validator)
    return wrong


def fill(control: Locator, value: str | list[str] | File) -> None:
    """Give a control its value, whatever it is; each of several of one name its own."""
    kind = control.last.evaluate("control => control.type")
    if isinstance(value, list):
        for one, its in zip(control.locator("visible=true").all(), value, strict=True):
            fill(one, its)
    elif isinstance(value, tuple):
        control.set_input_files(FilePayload(name=value[0], mimeType="application/octet-stream", buffer=value[1]))
    elif kind in ("radio", "checkbox"):
        control.and_(control.page.locator(f"[value='{value}']")).check()
    elif kind == "select-one":
        control.select_option(value)
    else:
        control.fill(value)


def press(page: Page, selector: str) -> Response | None:
    """The page that a button leads to. Required fields can be left empty, as they can without JavaScript."""
    page.locator("main form").evaluate_all("forms => forms.forEach(form => form.noValidate = true)")
    with page.expect_navigation() as navigation:
        page.locator(selector).first.click()
    return navigation.value


# Those who answer

CHOICES = {"country": "gb", "reason": "other", "reason.other": "The sea", "heard": "often"}
NUMBERS = {
    "mood": "7",
    "children": "2",
    "born.day": "22",
    "born.month": "11",
    "born.year": "1357",
    "wish": "Peace\nWork",
}
MISTAKEN = {
    "share": "7", "sent": "-1", "since.year": "2001", "left.year": "14", "call.hour": "25", "call.minute": "5",
    "meeting.day": "31", "meeting.month": "2", "meeting.year": "2024", "mail": "ama@", "page": "javascript:alert(1)",
}  # fmt: skip
RIGHT = {
    "share": "15", "sent": "80", "since.month": "9", "left.year": "2016", "call.hour": "6", "meeting.day": "29",
    "meeting.hour": "14", "meeting.minute": "30", "mail": "ama@example.org", "page": "example.org",
}  # fmt: skip
SERVICES = {"passport": "bad", "records": "good", "help": "unused", "news": "sms", "agreed": "OK"}
ANSWERING = (
    Step("choices"),
    Step("choices, nothing chosen", press=CONTINUE, tells=MISTAKES),
    Step("choices, half an order", fields={**CHOICES, "order": ["1 work", "", ""]}, tells=MISTAKES),
    Step("numbers", fields={"order": ["1 work", "2 study", "3 family"]}),
    Step("numbers, mistaken", fields={**NUMBERS, **MISTAKEN}, tells=MISTAKES),
    Step("matrices", fields=RIGHT),
    Step("matrices, nothing chosen", press=CONTINUE, tells=MISTAKES),
    Step("no instances", fields=SERVICES),
    Step("an instance", press="[value=add]"),
    Step("an instance, mistaken", fields={"age": "200"}, tells=MISTAKES),
    Step("instances", fields={"called": "Ama", "age": "41"}),
    Step("removing an instance", press="[name=remove]"),
    Step("the draft's answers", at="/answers"),
    Step("check", at="/page/5", press=CONTINUE),
    Step("what was sent", press=CONTINUE),
    Step("own answers", at="/answers"),
)


@SCREENS
def test_questions_of_every_type_their_mistakes_and_what_was_answered(
    device: Device, database: Database, validator: Validator, locale: str, width: int
) -> None:
    with database.transaction() as session:
        make_open(session, "looks", slug="survey", locales=("en", "ar"))
    page = device(viewport={"width": width, "height": 900}).new_page()
    assert walk(page, f"/{locale}/q/survey", ANSWERING, validator) + validator.findings() == []


# Those who ask

HEADS = "type|name|label::English (en)|label::العربية (ar)"
NAMES = "list_name|name|label::English (en)|label::العربية (ar)"
FIRST = form(
    f"""{HEADS}
select_one reasons|reason|Why did you leave?|لماذا غادرت؟
select_one_from_file wards.csv|ward|Your ward|دائرتك
text|job|Your job|عملك
integer|age|Your age|عمرك""",
    f"{NAMES}\nreasons|work|Work|العمل\nreasons|study|Study|الدراسة\nreasons|other one|Something else|سبب آخر",
)
SECOND = form(
    f"""{HEADS}
select_one reasons|reason|Why did you go abroad?|لماذا سافرت إلى الخارج؟
text|work|Your work|مهنتك
integer|age|Your age|عمرك
date|since|Since when?|منذ متى؟""",
    f"{NAMES}\nreasons|job|Work|العمل\nreasons|study|Study|الدراسة\nreasons|family|Family|العائلة",
)
BROKEN = form(f"{HEADS}\nselect_one nothing|a|A|أ\nfrobnicate|b b|B|ب\nselect_one_from_file wards.csv|c|C|ت")
WARDS = ("wards.csv", b"name,label,size\nn,North,4\ns,South,5\n")
LOSSES = lss(
    Group(
        [
            Asked("photo", "|", {"en": "A photo of your street", "ar": "صورة لشارعك"}),
            Asked(
                "shares",
                "K",
                {"en": "Shares", "ar": "حصص"},
                rows={"a": "Food", "b": "Rent"},
                attributes={"equals_num_value": "100"},
            ),
            Asked(
                "town",
                "S",
                {"en": "Where do you live?", "ar": "أين تعيش؟"},
                attributes={"location_mapservice": "1", "time_limit": "30"},
            ),
        ],
        title={"en": "About you", "ar": "عنك"},
    ),
    languages="en ar",
)
RESPONSES = b"_uuid,reason,ward,age,colour\na,work,n,41,red\nb,sea,n,7,\nc,study,x,many,\n"
ASKING = (
    Step("import, nothing chosen", at="/import", press=CONTINUE, tells=MISTAKES),
    Step(
        "import, refused",
        fields={"file": ("form.xlsx", BROKEN), "attached": ("wards.csv", b"code\n\xff")},
        tells=REFUSED,
    ),
    Step("import from LimeSurvey, what was lost", at="/import", fields={"file": ("survey.lss", LOSSES)}, tells=LISTED),
    Step("import with a file of choices", at="/import", fields={"file": ("first.xlsx", FIRST), "attached": WARDS}),
    Step("preview", at="/preview"),
    Step("the first edition", at="/publish", press=CONTINUE),
    Step("responses, nothing chosen", at="/responses/import", press=CONTINUE, tells=MISTAKES),
    Step("responses, a refused file", fields={"file": ("answers.csv", b"colour\nred\n")}, tells=REFUSED),
    Step(
        "responses, what became of them",
        at="/responses/import",
        fields={"file": ("answers.csv", RESPONSES)},
        tells=LISTED,
    ),
    Step("a correction", at="/import", fields={"file": ("second.xlsx", SECOND)}),
    Step("what a correction changes", at="/publish", tells=".facts dd"),
    Step("what becomes of answers, not said", press=CONTINUE, tells=MISTAKES),
    Step("next round, untitled", at="/next-round", fields={"title": ""}, tells=MISTAKES),
    Step("next round", fields={"title": "The second time"}),
)


@SCREENS
def test_imports_corrections_and_rounds_with_what_can_go_wrong(
    device: Device, database: Database, validator: Validator, locale: str, width: int
) -> None:
    with database.transaction() as session:
        process = make_process(session, gate=Gate.BEGUN)
        activity = make_activity(session, process, slug="survey", locales=("en", "ar"), opens_at=OPENED)
        make_notice(session, activity)
        officer = make.user(session, activity.process.lead_institution, Role.OFFICER).email
    page = device(viewport={"width": width, "height": 900}).new_page()
    sign_in(page, officer)
    steps = walk(page, f"/{locale}/desk/activities/survey", ASKING, validator)
    assert steps + validator.findings() == []


@SCREENS
def test_a_question_over_rounds_and_the_themes(
    device: Device, database: Database, results: str, validator: Validator, locale: str, width: int
) -> None:
    page = device(viewport={"width": width, "height": 900}).new_page()
    release = "/".join(results.split("/")[:3])
    steps = (
        Step("rounds", at=results, tells="#rounds"),
        Step("themes", at=f"{release}/themes", tells=".data"),
    )
    assert walk(page, f"/{locale}/p/", steps, validator) + validator.findings() == []


@SCREENS
def test_one_group_of_a_release_alone(
    device: Device,
    database: Database,
    settings: Settings,
    keys: Keys,
    now: dt.datetime,
    validator: Validator,
    locale: str,
    width: int,
) -> None:
    survey = Survey(database, settings, keys, now)
    survey.answer_at_random(300)
    survey.publish(survey.freeze())
    page = device(viewport={"width": width, "height": 900}).new_page()
    steps = (Step("group", at=f"{survey.slug}/results/1", press=".choose button", tells=".choose"),)
    assert walk(page, f"/{locale}/p/", steps, validator) + validator.findings() == []


@pytest.fixture
def results(database: Database, settings: Settings, keys: Keys, now: dt.datetime) -> str:
    """Address of a question's published results in the second of two rounds."""
    survey = two_rounds(database, settings, keys, now)
    survey.publish(1)
    with database.reading() as session:
        second = session.scalars(select(Activity).where(Activity.round == 2)).one()
        return f"{survey.slug}/results/1/{second.slug}/{node_id('hue')}"
