"""What the columns of a table are: answers, one choice of several, words for “other”, links between tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from consult.core.errors import Problem, Refused
from consult.core.exchange.workbook import Sheet
from consult.core.questionnaire.definition import UPLOADS, QuestionType
from consult.core.questionnaire.steps import Compiled, Step

INDEX: Final = "_index"
PARENT: Final = "_parent_index"
CHANNEL: Final = "_channel"
TRIAL: Final = "trial"
"""What stands in that column of what was answered in a trial."""
IDENTITIES: Final = ("_uuid", "meta/instanceID", "instanceID", "KEY", "_id")
"""Columns by which other systems know a response for good, the surest first."""
_TRACES: Final = frozenset(
    {"start", "end", "today", "deviceid", "username", "subscriberid", "simserial", "phonenumber", "audit"}
)
"""Never stored: they would trace a participant."""
_STEPS: Final = re.compile(r"[/.:]")


@dataclass(slots=True)
class Columns:
    """The columns of one table that mean something, by their position."""

    sheet: Sheet
    answers: dict[int, Step] = field(default_factory=dict)
    options: dict[int, tuple[Step, str]] = field(default_factory=dict)
    others: dict[int, Step] = field(default_factory=dict)
    index: int | None = None
    parent: int | None = None
    identity: int | None = None
    channel: int | None = None
    named: tuple[str, ...] = ()
    """The chain of the repeat by whose name the table goes: nothing may be asked in one but another repeat."""
    unknown: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    """Names of files, which a table does not bring along."""

    @property
    def chain(self) -> tuple[str, ...]:
        """Ids of the repeats whose instances the rows are."""
        chains = {step.chain for step in self.steps()}
        return max(chains, key=len, default=self.named)

    def steps(self) -> Iterator[Step]:
        """The questions that the table has columns for."""
        yield from self.answers.values()
        yield from (step for step, _ in self.options.values())
        yield from self.others.values()


def read_columns(sheet: Sheet, compiled: Compiled) -> Columns:
    """What the headers of a table name: a question's name, alone or behind the names of its groups.

    Refuses `responses.column.twice` and `responses.table.mixed` (questions of different repeats in one table).
    """
    found = Columns(sheet)
    lower = {name.lower(): place for place, name in reversed(list(enumerate(sheet.headers)))}
    found.index, found.parent = lower.get(INDEX), lower.get(PARENT)
    found.channel = lower.get(CHANNEL)
    found.identity = next((lower[name.lower()] for name in IDENTITIES if name.lower() in lower), None)
    for place, header in enumerate(sheet.headers):
        if header and place not in (found.index, found.parent, found.identity):
            _column(found, place, header, compiled)
    repeats = {step.name: (*step.chain, step.id) for step in compiled.steps if step.repeat is not None}
    found.named = repeats.get(sheet.name, ())
    _check(found)
    return found


def _column(found: Columns, place: int, header: str, compiled: Compiled) -> None:
    parts = _STEPS.split(header)
    for name in (header, header.rpartition("/")[2], parts[-1]):
        if (step := _answered(compiled, name)) is not None:
            if step.question is not None and step.question.type in UPLOADS:
                found.files.append(place)
            else:
                found.answers[place] = step
            return
        if name.endswith("_other") and (step := _answered(compiled, name.removesuffix("_other"))) and step.other:
            found.others[place] = step
            return
    if (option := _option(compiled, parts)) is not None:
        found.options[place] = option
    elif not header.startswith("_") and parts[-1] not in _TRACES:
        found.unknown.append(place)


def _answered(compiled: Compiled, name: str) -> Step | None:
    step = compiled.by_name.get(name)
    return step if step is not None and step.question is not None and step.answerable else None


def _option(compiled: Compiled, parts: list[str]) -> tuple[Step, str] | None:
    """One choice of a multiple-choice question: `group/name/code`, or `name_code`."""
    pairs = [(parts[-2], parts[-1])] if len(parts) > 1 else []
    last = parts[-1]
    pairs += [(last[:place], last[place + 1 :]) for place, letter in enumerate(last) if letter == "_"]
    for name, code in pairs:
        step = _answered(compiled, name)
        if step is None or step.question is None or step.question.type is not QuestionType.SELECT_MULTIPLE:
            continue
        if code in step.codes or (code == "other" and step.other):
            return step, code
    return None


def _check(found: Columns) -> None:
    problems = []
    seen: dict[str, str] = {}
    for place, step in found.answers.items():
        header = found.sheet.headers[place]
        if step.id in seen:
            params = {"name": step.name, "first": seen[step.id]}
            problems.append(Problem("responses.column.twice", params, found.sheet.place(None, place)))
        seen[step.id] = header
    chain = found.chain
    options = {place: step for place, (step, _) in found.options.items()}
    for place, step in sorted({**found.answers, **options, **found.others}.items()):
        if step.chain != chain:
            problems.append(Problem("responses.table.mixed", {"name": step.name}, found.sheet.place(None, place)))
    if problems:
        raise Refused(*problems)
