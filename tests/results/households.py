"""Surveys of households: each response says something of the household, and of each person in it."""

from __future__ import annotations

import uuid

from sqlalchemy import delete

from consult.core.questionnaire.definition import QuestionType, Repeat
from consult.processes.models import Activity
from consult.responses.models import Response, Tombstone
from consult.results import columns
from consult.results.content import Plan
from tests.factories.questionnaires import make_question, make_questionnaire, text
from tests.factories.results import choices
from tests.results.surveying import Survey

SEXES, TIES, COUNTRIES = ("female", "male"), ("partner", "child", "other"), ("GB", "US", "DE", "TG")
PLAN = Plan(crossings=("country", "tie"))


def household(count="", *more, **rest):
    question = make_question
    return make_questionnaire(
        question("country", QuestionType.SELECT_ONE, choices="countries", concept="country_of_residence"),
        question("size", QuestionType.INTEGER),
        Repeat(
            id="qmember",
            name="member",
            label=text("People"),
            repeat_count=count,
            children=(
                question("sex", QuestionType.SELECT_ONE, choices="sexes", concept="sex"),
                question("tie", QuestionType.SELECT_ONE, choices="ties"),
                question("years", QuestionType.INTEGER),
                question("speaks", QuestionType.SELECT_MULTIPLE, choices="countries"),
                question("called", QuestionType.TEXT),
                question("school", QuestionType.SELECT_ONE, choices="sexes", relevant="${tie} = 'child'"),
                *more,
            ),
            **rest,
        ),
        lists=(choices("sexes", *SEXES), choices("ties", *TIES), choices("countries", *COUNTRIES)),
    )


def member(rng):
    tie = rng.choices(TIES, (30, 60, 10))[0]
    found = {
        "sex": rng.choice([*SEXES, None]),
        "tie": tie,
        "years": rng.randrange(1, 90),
        "speaks": rng.sample(COUNTRIES, rng.randint(1, 3)),
        "called": "Ama",
    }
    return found | ({"school": rng.choice(SEXES)} if tie == "child" else {})


def drawn(rng, many):
    """Households, each with its members."""
    found = []
    for _ in range(many):
        members = [member(rng) for _ in range(rng.choices(range(7), (10, 20, 25, 20, 15, 6, 4))[0])]
        country = rng.choices(COUNTRIES, (50, 30, 15, 5))[0]
        found.append(({"country": country, "size": len(members)}, members))
    return found


def answers(households):
    """As they are kept: by id, and by instance."""
    for own, members in households:
        kept = {**own, "member": len(members)}
        for number, one in enumerate(members, start=1):
            kept |= {f"{name}-{number}": value for name, value in one.items()}
        yield kept


class Households(Survey):
    """A survey of households."""

    def __init__(self, *arguments, questionnaire=None):
        super().__init__(*arguments, questionnaire=questionnaire or household())
        self.held = []

    def ask(self, many, households=None):
        self.held += (households := households or drawn(self.rng, many))
        self.answer(answers(households))

    def dataset(self, plan=PLAN):
        """What a release would say of people; none: nothing."""
        return next((one for one in self.draft(plan).content.datasets if one.entries), None)

    def full(self):
        """The same before it is protected."""
        tables = self.draft(PLAN).restricted.datasets[1].tables
        return {(table.variable, table.by): table for table in tables}

    def refresh(self):
        columns.refresh(self.database, self.activity_id, store=self.settings.column_store, least=10, rng=self.rng)

    def compact(self):
        columns.compact(self.database, self.activity_id, store=self.settings.column_store, rng=self.rng)

    def unseal(self):
        with self.database.transaction() as session:
            session.get_one(Activity, self.activity_id).sealed_at = None


def withdraw(survey, key):
    name = uuid.UUID(bytes=key)
    with survey.database.transaction() as session:
        session.execute(delete(Response).where(Response.id == name))
        session.add(Tombstone(activity_id=survey.activity_id, id=name))
