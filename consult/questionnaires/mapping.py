"""What the questions of a process measure: each with its concept, and its choices with codes of the concept."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.concepts import matched
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import SELECTS, Question, answers_of
from consult.core.text import LocalisedText
from consult.processes.concepts import CodeList
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.models import Mapping as Mapped


@dataclass(frozen=True, slots=True)
class Measured:
    """A question with choices, and what it measures."""

    id: str
    name: str
    label: LocalisedText
    choices: Mapping[str, LocalisedText]
    concept: str
    codes: Mapping[str, str]
    """Choices with codes of the concept: what was decided, else what is surely the same."""
    decided: bool

    def without(self) -> list[str]:
        """The choices that are no code of the concept."""
        return [name for name in self.choices if not self.codes.get(name)]


def decided(session: Session, activity_id: uuid.UUID) -> dict[str, Mapped]:
    """What was decided about an activity's questions, by their ids."""
    rows = session.scalars(select(Mapped).where(Mapped.activity_id == activity_id))
    return {row.question: row for row in rows}


def measured(session: Session, activity: Activity, lists: Mapping[str, CodeList]) -> list[Measured]:
    """The questions with choices of an activity's newest edition, else of its draft, in their order."""
    edition = queries.latest_edition(session, activity.id)
    found = edition.document if edition else queries.document_of(session, activity.id)
    if found is None:
        return []
    questionnaire = document.decode(found)
    known = decided(session, activity.id)
    choices = {name: {one.name: one.label for one in own.choices} for name, own in questionnaire.lists().items()}
    return [
        _measured(question, choices[question.choices], known.get(question.id), lists)
        for question in questionnaire.questions()
        if question.type in SELECTS and question.choices in choices and not answers_of(question.choices)
    ]


def _measured(
    question: Question, choices: Mapping[str, LocalisedText], row: Mapped | None, lists: Mapping[str, CodeList]
) -> Measured:
    concept = question.concept if row is None else row.concept
    codes = row.codes if row is not None else by_itself(concept, choices, lists)
    return Measured(question.id, question.name, question.label, choices, concept, codes, row is not None)


def by_itself(concept: str, choices: Iterable[str], lists: Mapping[str, CodeList]) -> dict[str, str]:
    """The choices whose code is one of the concept."""
    codes = lists[concept].codes if concept in lists else ()
    return matched(dict.fromkeys(choices, ()), dict.fromkeys(codes, ()))


def decide(
    session: Session,
    activity: Activity,
    question: Measured,
    concept: str,
    codes: Mapping[str, str],
    lists: Mapping[str, CodeList],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Decide what a question measures and which code each choice is; an empty code is none.

    Refuses `questionnaires.mapping.code` for every code that the concept has not, with the choice as its field.
    """
    known = lists[concept].codes if concept in lists else ()
    chosen = {choice: code for choice, code in codes.items() if code and choice in question.choices}
    refuse_if_any(
        [
            Problem("questionnaires.mapping.code", {"code": code, "choice": choice}, Place(field=choice))
            for choice, code in chosen.items()
            if code not in known
        ]
    )
    row = session.get(Mapped, (activity.id, question.id)) or Mapped(activity_id=activity.id, question=question.id)
    row.concept, row.codes = concept, chosen
    session.add(row)
    session.flush()
    record(
        session,
        actor=by,
        action="questionnaires.map",
        subject=f"{activity.slug}/{question.name}",
        now=now,
        process_id=activity.process_id,
        details={"concept": concept, "codes": len(chosen)},
    )


def take_over(session: Session, made: Activity, before: Activity) -> None:
    """Let the next round measure what the round before measured."""
    for row in decided(session, before.id).values():
        session.add(Mapped(activity_id=made.id, question=row.question, concept=row.concept, codes=dict(row.codes)))
    session.flush()


def questions(
    session: Session, activities: Sequence[Activity], lists: Mapping[str, CodeList]
) -> Iterator[tuple[Activity, list[Measured]]]:
    """The questions of every activity that has any."""
    for activity in activities:
        if found := measured(session, activity, lists):
            yield activity, found
