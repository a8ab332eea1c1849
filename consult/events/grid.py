"""The profile grid: of whom there should be how many on each occasion."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.core import positions
from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import QuestionType
from consult.core.text import LocalisedText
from consult.events import queries
from consult.events.models.planned import Target
from consult.events.trail import note
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import queries as questionnaires

Cell = Mapping[str, Sequence[str]]
"""Codes by the id of a question of the screening: whoever answered one of each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the screening of which profiles are made."""

    id: str
    label: LocalisedText
    choices: Mapping[str, LocalisedText]
    """Labels by code."""
    concept: str
    """By which results compare; may be empty."""


def asked(session: Session, activity_id: uuid.UUID) -> list[Asked]:
    """The questions of the published screening that have one answer among a list of choices."""
    edition = questionnaires.latest_edition(session, activity_id)
    if edition is None:
        return []
    read = document.decode(edition.document)
    lists = read.lists()
    return [
        Asked(
            question.id,
            question.label,
            {choice.name: choice.label for choice in lists[question.choices].choices},
            question.concept,
        )
        for question in read.questions()
        if question.type is QuestionType.SELECT_ONE and question.choices in lists and not question.contact
    ]


def put(
    session: Session,
    activity: Activity,
    target: Target | None,
    *,
    cell: Cell,
    minimum: int,
    maximum: int | None,
    by: Actor | None,
    now: dt.datetime,
) -> Target:
    """Add a row after all others, or change one.

    Refuses `events.target.cell` (of anybody), `events.target.gone` (a category that the screening does not have),
    `events.target.bounds` (a maximum under the minimum) and `events.target.nothing` (neither).
    """
    chosen = {question: list(codes) for question, codes in cell.items() if codes}
    known = {one.id: one.choices for one in asked(session, activity.id)}
    found = []
    if not chosen:
        found.append(Problem("events.target.cell"))
    elif any(code not in known.get(question, ()) for question, codes in chosen.items() for code in codes):
        found.append(Problem("events.target.gone"))
    if maximum is not None and maximum < minimum:
        found.append(Problem("events.target.bounds", place=Place(field="maximum")))
    elif maximum is None and not minimum:
        found.append(Problem("events.target.nothing", place=Place(field="minimum")))
    refuse_if_any(found)
    lock(session, activity)
    session.add(queries.event(session, activity.id))
    if target is None:
        last = positions.after(queries.targets(session, activity.id))
        target = Target(activity_id=activity.id, position=last)
    target.cell, target.minimum, target.maximum = chosen, minimum, maximum
    session.add(target)
    session.flush()
    details = {"target": str(target.id), "cell": chosen, "minimum": minimum, "maximum": maximum}
    note(session, activity, "target", details, by, now)
    return target


def find(session: Session, activity_id: uuid.UUID, target_id: uuid.UUID) -> Target | None:
    """One row of an event's grid."""
    found = session.get(Target, target_id)
    return found if found is not None and found.activity_id == activity_id else None


def raise_up(session: Session, activity: Activity, target: Target, *, by: Actor | None, now: dt.datetime) -> None:
    """Have a row before the one that stands before it."""
    lock(session, activity)
    positions.raise_up(queries.targets(session, activity.id), target)
    note(session, activity, "order_targets", {"target": str(target.id)}, by, now)


def remove(session: Session, activity: Activity, target: Target, *, by: Actor | None, now: dt.datetime) -> None:
    """Take a row out of the grid."""
    lock(session, activity)
    session.delete(target)
    note(session, activity, "remove_target", {"target": str(target.id)}, by, now)


def least(targets: Sequence[Target]) -> int:
    """How many people all minimums need at the least: the most that rows need of which nobody is in two.

    Looked for among rows of the same questions, the largest first; rows of different questions may be met by the same
    people.
    """
    alike: dict[frozenset[str], list[Target]] = defaultdict(list)
    for target in sorted(targets, key=lambda one: one.minimum, reverse=True):
        kept = alike[frozenset(target.cell)]
        if all(_apart(target.cell, other.cell) for other in kept):
            kept.append(target)
    return max((sum(one.minimum for one in kept) for kept in alike.values()), default=0)


def _apart(one: Cell, other: Cell) -> bool:
    """Whether nobody is in two cells of the same questions."""
    return any(not set(codes) & set(other[question]) for question, codes in one.items())
