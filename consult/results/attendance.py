"""Who signed up for an event and who came, by profile and occasion, as a questionnaire whose respondents they are.

So all that protects respondents protects them: a small class stays hidden, and with it as much as is needed that
nothing shown leads to it, be it from the others of its question, from an occasion or from who came.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.aggregation.audit import protect
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import (
    SKIPPED,
    STATUSES,
    Category,
    Dataset,
    Kind,
    Row,
    Table,
    Variable,
    code,
)
from consult.core.text import LocalisedText
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing
from consult.processes.models import Activity, Unit
from consult.questionnaires.queries import documents
from consult.results.terms import terms_of
from consult.results.translations import words_of
from consult.web.messages.marks import N_

OCCASION: Final = ":occasion"
ATTENDANCE: Final = ":attendance"
CAME, ABSENT, WITHOUT = "came", "absent", "without"
_LABELS: Final = {
    OCCASION: N_("Occasion"),
    ATTENDANCE: N_("Attendance"),
    CAME: N_("Was there"),
    ABSENT: N_("Had a place and is not noted as there"),
    WITHOUT: N_("Had no place"),
}

Person = Mapping[str, str]
"""The category of somebody who signed up, by variable; without those that they did not answer."""


def dataset(session: Session, activity: Activity, occasions: Sequence[Occasion]) -> Dataset:
    """The protected counts of those who signed up for these occasions of an event and did not take it back; of those
    whom others nominated, if they agreed, or came.

    By each question of the screening that puts everybody in one category and that the profile keeps, by occasion where
    there are several, by attendance; the first two by the last one, and by occasion.
    """
    people = list(_people(session, activity.id, {one.id: str(one.number) for one in occasions}))
    asked = terms_of(documents(session, activity.id)).variables()
    profile = [one for one in asked if one.kind is Kind.SINGLE and any(one.id in person for person in people)]
    held = [_occasion(occasions)] if len(occasions) > 1 else []
    variables = (*profile, *held, _attendance())
    crossed = [(one, by) for one, by in product((*profile, *held), (*held, _attendance())) if one != by]
    tables = [*(_one_way(one, people) for one in variables), *(_crossed(one, by, people) for one, by in crossed)]
    limits = Thresholds.of(activity.process.threshold)
    shown = protect({one.id: one for one in variables}, tables, limits).tables
    return Dataset(
        activity=str(activity.id),
        slug=activity.slug,
        title=activity.title,
        unit=Unit.PERSON,
        source=activity.locales[0],
        editions=(),
        responses=len(people) if len(people) >= limits.ordinary else None,
        variables=variables,
        tables=shown,
    )


def classes(found: Dataset) -> set[tuple[str, str]]:
    """The categories of the profile that enough people are in, and that are shown: variable and code."""
    return {
        (table.variable, row.code)
        for table in found.one_way()
        for row in table.rows
        if row.code not in STATUSES and (row.counts[0] or 0) >= table.threshold
    }


def _people(session: Session, activity_id: uuid.UUID, occasions: Mapping[uuid.UUID, str]) -> Iterator[Person]:
    wanted = select(SignUp.occasion_id, SignUp.standing, SignUp.attended, SignUp.profile).where(
        SignUp.activity_id == activity_id,
        SignUp.occasion_id.in_(occasions),
        (SignUp.consented & (SignUp.standing != Standing.CANCELLED)) | SignUp.attended,
    )
    for row in session.execute(wanted):
        came = CAME if row.attended else ABSENT if row.standing == Standing.PLACED else WITHOUT
        profile = {question: code(choice) for question, choice in row.profile.items()}
        yield {**profile, OCCASION: occasions[row.occasion_id], ATTENDANCE: came}


def _occasion(occasions: Iterable[Occasion]) -> Variable:
    named = tuple(Category(code=str(one.number), label=one.title) for one in occasions)
    return Variable(id=OCCASION, name="occasion", kind=Kind.SINGLE, label=_label(OCCASION), categories=named)


def _attendance() -> Variable:
    named = tuple(Category(code=one, label=_label(one)) for one in (CAME, ABSENT, WITHOUT))
    return Variable(id=ATTENDANCE, name="attendance", kind=Kind.SINGLE, label=_label(ATTENDANCE), categories=named)


def _label(name: str) -> LocalisedText:
    return LocalisedText({locale: words_of(locale)(_LABELS[name]) for locale in LOCALES})


def _one_way(variable: Variable, people: Sequence[Person]) -> Table:
    counts = Counter(_category(variable, person) for person in people)
    rows = tuple(Row(code=one, counts=(counts[one],)) for one in _codes(variable))
    return Table(variable=variable.id, totals=(len(people),), rows=rows)


def _crossed(variable: Variable, by: Variable, people: Sequence[Person]) -> Table:
    counts = Counter((_category(variable, person), _category(by, person)) for person in people)
    groups = _codes(by)
    return Table(
        variable=variable.id,
        by=by.id,
        groups=groups,
        totals=tuple(sum(counts[one, group] for one in _codes(variable)) for group in groups),
        rows=tuple(Row(code=one, counts=tuple(counts[one, group] for group in groups)) for one in _codes(variable)),
    )


def _codes(variable: Variable) -> tuple[str, ...]:
    return (*variable.codes(), *STATUSES)


def _category(variable: Variable, person: Person) -> str:
    """What is no category any more counts as not answered."""
    found = person.get(variable.id, SKIPPED)
    return found if found in variable.codes() else SKIPPED
