"""Answers as tables, in the columns by which `reading` takes them in: one for the respondents, one for each repeat."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from consult.core.exchange.csv import MARK, lines
from consult.core.exchange.responses.columns import CHANNEL, INDEX, PARENT
from consult.core.exchange.safe import xml
from consult.core.exchange.workbook import new_workbook
from consult.core.expressions.environment import Path
from consult.core.expressions.values import number_text
from consult.core.questionnaire.answers import Answer, Answers
from consult.core.questionnaire.instances import how_many, key, paths, suffixed
from consult.core.questionnaire.steps import Compiled, Step
from consult.core.questionnaire.uploads import Upload

_ABOUT: Final = ("_edition", "_locale", "_state", "_day")
_SHEET: Final = 31
"""Characters of a sheet's name."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered."""

    answers: Answers
    edition: int
    locale: str
    channel: str
    state: str
    day: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its texts as they were typed."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(compiled: Compiled, given: Sequence[Given]) -> list[Table]:
    """The tables of what some people answered, that of the respondents first."""
    chains = sorted(
        {step.chain for step in _asked(compiled)} | _around(compiled), key=lambda chain: (len(chain), chain)
    )
    names = {step.repeat.id: step.name for step in compiled.steps if step.repeat is not None}
    found, indices = [], dict[tuple[int, str, Path], int]()
    for chain in [(), *filter(None, chains)]:
        steps = [step for step in _asked(compiled) if step.chain == chain]
        own = (INDEX, CHANNEL, *_ABOUT) if not chain else (INDEX, PARENT)
        rows = tuple(_rows(chain, steps, given, indices))
        name = "responses" if not chain else names[chain[-1]]
        found.append(Table(name, (*own, *_heads(steps)), rows))
    return found


def _asked(compiled: Compiled) -> Iterator[Step]:
    return (step for step in compiled.answerable if step.question is not None)


def _around(compiled: Compiled) -> set[tuple[str, ...]]:
    """The chains that lead to others, also where nothing is asked in them but another repeat."""
    return {step.chain[:depth] for step in _asked(compiled) for depth in range(len(step.chain))}


def _heads(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        yield step.name
        if step.other:
            yield f"{step.name}_other"


def _rows(
    chain: tuple[str, ...], steps: Sequence[Step], given: Sequence[Given], indices: dict[tuple[int, str, Path], int]
) -> Iterator[tuple[str, ...]]:
    """`indices` has for each row of outer tables its number, and gets those of these."""
    count = 0
    for place, one in enumerate(given):
        for path in paths(chain, partial(how_many, one.answers)):
            count += 1
            indices[place, chain[-1] if chain else "", path] = count
            about: tuple[str, ...]
            if chain:
                about = (str(count), str(indices[place, chain[-2] if len(chain) > 1 else "", path[:-1]]))
            else:
                about = (str(count), one.channel, str(one.edition), one.locale, one.state, one.day)
            yield (*about, *_cells(steps, one.answers, path))


def _cells(steps: Iterable[Step], answers: Mapping[str, Answer], path: Path) -> Iterator[str]:
    for step in steps:
        yield _cell(answers.get(key(step.id, path)))
        if step.other:
            yield _cell(answers.get(suffixed(step.other, path)))


def _cell(answer: Answer) -> str:
    if answer is None:
        return ""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, tuple):
        return " ".join(answer)
    return f"{answer.extension} {answer.size}" if isinstance(answer, Upload) else number_text(float(answer))


def csv(table: Table) -> bytes:
    """One table as CSV, safe to open in a spreadsheet."""
    return b"".join((MARK, *lines(table.head, table.rows)))


def xlsx(found: Sequence[Table]) -> bytes:
    """All tables as the sheets of a workbook, every cell a text."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer)
    for place, table in enumerate(found):
        # Names of repeats may begin alike further than a sheet's name is long.
        sheet = workbook.add_worksheet(
            table.name if len(table.name) <= _SHEET else f"{table.name[: _SHEET - 4]}_{place}"
        )
        for number, row in enumerate((table.head, *table.rows)):
            for column, text in enumerate(row):
                sheet.write_string(number, column, xml(text))
    workbook.close()
    return buffer.getvalue()
