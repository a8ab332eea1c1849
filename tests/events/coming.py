"""A browser without JavaScript that signs up for the event `/en/e/abroad`, and the screening that it is asked."""

from __future__ import annotations

import datetime as dt
import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType, node_id
from consult.events.models.planned import Occasion
from consult.processes.models import Activity
from tests.consultations.giving import hidden
from tests.factories.events import HELD, make_event, make_occasion
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire, text

SLUG = "abroad"
ROOT = f"/en/e/{SLUG}"
SIGN_UP = f"{ROOT}/1/sign-up"
AMA = {"name": "Ama Mensah", "address": "ama@example.org", "of_age": "yes", "agreed": "yes"}
"""What somebody types in who signs up."""
SEX, ABROAD, YEARS, WISH = (node_id(name) for name in ("sex", "abroad", "years", "wish"))
CHOSEN = {SEX: "female", ABROAD: "yes", YEARS: "4"}
"""What they answer."""


def make_screening(session: Session, activity: Activity) -> None:
    """A sex that is counted, whether somebody lives abroad (else they are led out), for how long, and a wish."""
    locales = tuple(activity.locales)
    lists = tuple(
        ChoiceList(name=name, choices=tuple(Choice(name=code, label=text(code, locales)) for code in codes))
        for name, codes in (("sexes", ("female", "male")), ("yes_no", ("yes", "no")))
    )
    one, required = QuestionType.SELECT_ONE, "true()"
    questions = (
        make_question("sex", one, locales=locales, choices="sexes", required=required, concept="sex"),
        make_question("abroad", one, locales=locales, choices="yes_no", required=required, turns_away=("no",)),
        make_question(
            "years", QuestionType.INTEGER, locales=locales, constraint=". < 100", relevant="${abroad} = 'yes'"
        ),
        make_question("wish", QuestionType.TEXT, locales=locales, relevant="${years} > 50"),
    )
    make_edition(session, activity, make_questionnaire(*questions, locales=locales, lists=lists))


def make_open(
    session: Session, *, screening: bool = False, capacity: int = 12, starts_at: dt.datetime = HELD, **given: object
) -> Occasion:
    """An event with one occasion, to which people can sign up. `given`: what `make_event` takes."""
    activity = make_event(session, slug=SLUG, **given)  # type: ignore[arg-type]  # what it takes
    if screening:
        make_screening(session, activity)
    ends_at = starts_at + dt.timedelta(hours=2)
    return make_occasion(session, activity, capacity=capacity, starts_at=starts_at, ends_at=ends_at)


def sign_up(client: FlaskClient, **typed: object) -> TestResponse:
    """Fill in the form, and send it."""
    shown = client.get(SIGN_UP)
    carried = {name: hidden(shown, name) for name in ("form", "edition")}
    return client.post(SIGN_UP, data={**carried, **AMA, **typed})


def code_on(page: TestResponse) -> str:
    """The code that stands on a page."""
    found = re.search(r'<p class="code"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    assert found is not None
    return "".join(re.findall(r"<span>(\w+)</span>", found[1]))
