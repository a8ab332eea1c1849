"""A small questionnaire, and an activity that publishes it."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy.orm import Session

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    node_id,
)
from consult.core.text import LocalisedText
from consult.processes.models import Activity
from consult.questionnaires.models import Edition, Revision
from tests.factories.processes import make_activity

LABELS = {"en": "{} in English", "fr": "{} en français", "ar": "{} بالعربية"}


def text(words: str, locales: tuple[str, ...] = ("en", "fr", "ar")) -> LocalisedText:
    """Words in several locales, told apart."""
    return LocalisedText({locale: LABELS.get(locale, "{}").format(words) for locale in locales})


def make_question(name: str, type: QuestionType, *, locales: tuple[str, ...] = ("en",), **rest: object) -> Question:  # noqa: A002  # the field's name
    """A question whose label says its name."""
    return Question(id=node_id(name), name=name, type=type, label=text(name, locales), **rest)  # type: ignore[arg-type]


def make_questionnaire(
    *children: Node, locales: tuple[str, ...] = ("en", "fr", "ar"), lists: tuple[ChoiceList, ...] = ()
) -> Questionnaire:
    """A questionnaire of these nodes; without any, two pages: age and country, then one open question."""
    if not children:
        lists = (
            ChoiceList(
                name="countries",
                choices=tuple(Choice(name=code, label=text(code, locales)) for code in ("de", "gb", "us")),
            ),
        )
        children = (
            Group(
                id=node_id("about"),
                name="about",
                label=text("About you", locales),
                children=(
                    make_question(
                        "age", QuestionType.INTEGER, locales=locales, required="true()", constraint=". >= 15"
                    ),
                    make_question("country", QuestionType.SELECT_ONE, locales=locales, choices="countries"),
                ),
            ),
            Group(
                id=node_id("views"),
                name="views",
                label=text("Your views", locales),
                children=(make_question("wishes", QuestionType.TEXT, locales=locales),),
            ),
        )
    return Questionnaire(
        title=text("Survey", locales), locales=locales, children=children, choice_lists=lists, settings={}
    )


def make_draft(session: Session, activity: Activity, questionnaire: Questionnaire, *, number: int = 1) -> Revision:
    """A state of the document being written."""
    revision = Revision(
        activity_id=activity.id,
        number=number,
        document=document.encode(questionnaire),
        origin="survey.xlsx",
        created_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
    )
    session.add(revision)
    session.flush()
    return revision


def make_edition(
    session: Session,
    activity: Activity | None = None,
    questionnaire: Questionnaire | None = None,
    *,
    number: int = 1,
    opens_at: dt.datetime | None = dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
) -> Edition:
    """A published questionnaire of an activity, which is open since the day before the tests' now."""
    questionnaire = questionnaire or make_questionnaire()
    if activity is None:
        activity = make_activity(session, locales=questionnaire.locales, opens_at=opens_at)
    activity.locales = list(questionnaire.locales)
    encoded = document.encode(questionnaire)
    edition = Edition(
        activity_id=activity.id,
        number=number,
        hash=hashlib.sha256(encoded).hexdigest(),
        document=encoded,
        published_at=dt.datetime(2026, 2, 2, tzinfo=dt.UTC),
    )
    session.add(edition)
    session.flush()
    return edition
