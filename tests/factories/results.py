"""A questionnaire of every tabulated type, and responses to it drawn at random."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.orm import Session

from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.questionnaires.models import Edition
from consult.responses.models import Response
from tests.factories.questionnaires import make_question, make_questionnaire

COUNTRIES = ("GB", "US", "DE", "IT", "NL", "TG")
SEXES = ("female", "male")
TOPICS = ("remittances", "skills", "vote", "services")
ALL = ("en", "fr", "ar")


def choices(name: str, *codes: str, locales: tuple[str, ...] = ALL) -> ChoiceList:
    """A list whose labels say the code and the locale."""
    labels = {code: LocalisedText({locale: f"{code} ({locale})" for locale in locales}) for code in codes}
    return ChoiceList(name=name, choices=tuple(Choice(name=code, label=labels[code]) for code in codes))


def make_survey(*, locales: tuple[str, ...] = ALL) -> Questionnaire:
    """Country, sex, age, amount sent, arrival, topics, a sensitive status, consent, an open question, a calculation."""
    question = make_question
    return make_questionnaire(
        question(
            "country", QuestionType.SELECT_ONE, locales=locales, choices="countries", concept="country_of_residence"
        ),
        question("sex", QuestionType.SELECT_ONE, locales=locales, choices="sexes", concept="sex"),
        question("age", QuestionType.INTEGER, locales=locales),
        question("sent", QuestionType.DECIMAL, locales=locales, theme="remittances"),
        question("arrived", QuestionType.DATE, locales=locales),
        question("topics", QuestionType.SELECT_MULTIPLE, locales=locales, choices="topics", theme="remittances"),
        question("status", QuestionType.SELECT_ONE, locales=locales, choices="statuses", sensitive=True),
        question("agreed", QuestionType.ACKNOWLEDGE, locales=locales),
        question("wishes", QuestionType.TEXT, locales=locales),
        question("adult", QuestionType.CALCULATE, locales=locales, calculation="${age} >= 18"),
        question("email", QuestionType.TEXT, locales=locales, contact=True),
        locales=locales,
        lists=(
            choices("countries", *COUNTRIES, locales=locales),
            choices("sexes", *SEXES, locales=locales),
            choices("topics", *TOPICS, locales=locales),
            choices("statuses", "regular", "irregular", locales=locales),
        ),
    )


def draw_answers(rng: random.Random) -> dict[str, object]:
    """Answers by name: some skipped (None), some not relevant (absent)."""
    answers: dict[str, object] = {
        "country": rng.choices(COUNTRIES, (40, 30, 15, 10, 4, 1))[0],
        "sex": rng.choices([*SEXES, None], (48, 50, 2))[0],
        "age": rng.choice([None, *range(18, 80)]),
        "sent": rng.choice([None, round(rng.lognormvariate(5, 0.6), 2)]),
        "arrived": None if rng.random() < 0.1 else str(dt.date(rng.randint(1985, 2025), rng.randint(1, 12), 1)),
        "status": rng.choices(["regular", "irregular", None], (85, 10, 5))[0],
        "agreed": rng.choice(["OK", None]),
        "wishes": rng.choice(["More consulates", "=1+1", None]),
        "adult": "true",
    }
    if rng.random() < 0.8:
        answers["topics"] = sorted(rng.sample(TOPICS, rng.randint(0, 4))) or None
    return answers


def make_responses(
    session: Session,
    edition: Edition,
    questionnaire: Questionnaire,
    answers: Sequence[Mapping[str, object]],
    channels: Sequence[str] = ("open", "invited"),
) -> list[Response]:
    """Mixed responses, not yet in the column store; the channels take turns. What is of an instance is `name-2`."""
    ids = {node.name: node.id for node, _ in questionnaire.walk()}

    def kept_as(name: str) -> str:
        if name in ids:
            return ids[name]
        head, dash, instance = name.partition("-")
        return ids[head] + dash + instance

    made = [
        Response(
            activity_id=edition.activity_id,
            id=uuid.uuid4(),
            code=uuid.uuid4().bytes,
            edition=edition.number,
            locale=("en", "fr", "ar")[index % 3],
            channel=channels[index % len(channels)],
            day=dt.date(2026, 3, 1),
            answers=msgspec.json.encode({kept_as(name): value for name, value in answer.items()}).decode(),
        )
        for index, answer in enumerate(answers)
    ]
    session.add_all(made)
    session.flush()
    return made
