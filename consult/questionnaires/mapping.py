"""What the questions of a process measure: each with its concept, and its choices or numbers with codes of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.concepts import bounds_read, bounds_written, matched
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import NUMBERS, SELECTS, Question, answers_of
from consult.core.questionnaire.scales import whole
from consult.core.text import LocalisedText
from consult.processes.concepts import CodeList
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.models import Mapping as Mapped

END: Final = ":end"
"""In place of a code: the number from which on none counts. No code has a colon."""
_GREATEST: Final = 10**12
"""Numbers beyond are counted as this one."""
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Measured:
    """A question with choices, or for a number, and what it measures."""

    id: str
    name: str
    label: LocalisedText
    choices: Mapping[str, LocalisedText]
    concept: str
    codes: Mapping[str, str]
    """Choices, or lower bounds, with codes of the concept: what was decided, else what is surely the same."""
    decided: bool
    decimals: int | None = None
    """Of a question for a number: how many decimals count; none of other questions."""

    def without(self) -> list[str]:
        """The choices that are no code of the concept."""
        return [name for name in self.choices if not self.codes.get(name)]

    @property
    def starts(self) -> Mapping[float, str]:
        """The codes that numbers are, by the least number of each, ascending; empty: from here on they are none."""
        return {} if self.decimals is None else bounds_read(self.codes)


def decided(session: Session, activity_id: uuid.UUID) -> dict[str, Mapped]:
    """What was decided about an activity's questions, by their ids."""
    rows = session.scalars(select(Mapped).where(Mapped.activity_id == activity_id))
    return {row.question: row for row in rows}


def measured(session: Session, activity: Activity, lists: Mapping[str, CodeList]) -> list[Measured]:
    """The questions with choices and for numbers of an activity's newest edition, else of its draft, in order."""
    edition = queries.latest_edition(session, activity.id)
    found = edition.document if edition else queries.document_of(session, activity.id)
    if found is None:
        return []
    questionnaire = document.decode(found)
    known = decided(session, activity.id)
    choices = {name: {one.name: one.label for one in own.choices} for name, own in questionnaire.lists().items()}
    return [
        _measured(question, choices.get(question.choices, {}), known.get(question.id), lists)
        for question in questionnaire.questions()
        if (question.type in SELECTS and question.choices in choices and not answers_of(question.choices))
        or (question.type in NUMBERS and not question.contact)
    ]


def _measured(
    question: Question, choices: Mapping[str, LocalisedText], row: Mapped | None, lists: Mapping[str, CodeList]
) -> Measured:
    concept = question.concept if row is None else row.concept
    codes = row.codes if row is not None else by_itself(concept, choices, lists)
    decimals = (0 if whole(question) else _DECIMALS) if question.type in NUMBERS else None
    return Measured(question.id, question.name, question.label, choices, concept, codes, row is not None, decimals)


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
    _keep(session, activity, question, concept, chosen, by=by, now=now)


def decide_bounds(
    session: Session,
    activity: Activity,
    question: Measured,
    concept: str,
    bounds: Mapping[str, float],
    end: float | None,
    lists: Mapping[str, CodeList],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Decide what a question for a number measures, and from which number on each code counts (`bounds`).

    A code ends where the next one begins, the last at `end`; without an end it has none. Refuses what `problems_of`
    finds.
    """
    codes = lists[concept].codes if concept in lists else ()
    refuse_if_any(problems_of(question, codes, bounds, end))
    starts = {bounds[code]: code for code in codes if code in bounds}
    if end is not None and starts:
        starts[end] = ""
    _keep(session, activity, question, concept, bounds_written(starts), by=by, now=now)


def problems_of(
    question: Measured, codes: Sequence[str], bounds: Mapping[str, float], end: float | None
) -> list[Problem]:
    """What is wrong with lower bounds, each with its code, or `END`, as its field.

    `questionnaires.bound.number`: beyond a trillion, or with more decimals than count; `.order`: codes follow each
    other neither upwards nor downwards; `.gap`: one is left out between two others, whose numbers would count as the
    one below; `.end`: it is not above all of them; `.open`: they stop before the last one of the list, and no end is
    said.
    """
    given = [(code, bounds[code]) for code in codes if code in bounds]
    if len(given) > 1 and given[0][1] > given[-1][1]:
        codes, given = codes[::-1], given[::-1]
    ends = [] if end is None else [(END, end)]
    wrong = [("questionnaires.bound.number", name) for name, bound in (*given, *ends) if not _counts(question, bound)]
    wrong += [("questionnaires.bound.order", later) for (_, low), (later, high) in pairwise(given) if low >= high]
    if given:
        first, last = (codes.index(code) for code, _ in (given[0], given[-1]))
        wrong += [("questionnaires.bound.gap", code) for code in codes[first:last] if code not in bounds]
        if end is None and last < len(codes) - 1:
            wrong.append(("questionnaires.bound.open", END))
        if end is not None and end <= max(bound for _, bound in given):
            wrong.append(("questionnaires.bound.end", END))
    return [Problem(code, {}, Place(field=name)) for code, name in wrong]


def _counts(question: Measured, bound: float) -> bool:
    return abs(bound) <= _GREATEST and round(bound, question.decimals or 0) == bound


def _keep(
    session: Session,
    activity: Activity,
    question: Measured,
    concept: str,
    codes: Mapping[str, str],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    row = session.get(Mapped, (activity.id, question.id)) or Mapped(activity_id=activity.id, question=question.id)
    row.concept, row.codes = concept, dict(codes)
    session.add(row)
    session.flush()
    record(
        session,
        actor=by,
        action="questionnaires.map",
        subject=f"{activity.slug}/{question.name}",
        now=now,
        process_id=activity.process_id,
        details={"concept": concept, "codes": len({code for code in codes.values() if code})},
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
