"""Rows as responses: held to the same rules as what participants send, each refused row with all its reasons."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.responses.columns import Columns, read_columns
from consult.core.exchange.responses.tables import read_tables
from consult.core.exchange.xlsform import workbook
from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import ACKNOWLEDGED, Answer, Answers, from_text
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.instances import key, suffixed
from consult.core.questionnaire.routing import Context, stand
from consult.core.questionnaire.steps import Compiled, Step

_YES: Final = frozenset({"1", "true", "yes", "ok", "x"})
_NO: Final = frozenset({"0", "false", "no"})
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be taken in."""

    number: int
    identity: bytes
    """The same for the same response in every file: so that none is taken in twice."""
    answers: Answers
    """The document of answers, as a participant would have sent it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file has."""

    rows: tuple[Row, ...]
    refused: tuple[Problem, ...]
    """Everything that is wrong with rows that are not taken in, in the order of the rows."""
    refused_rows: int
    warnings: tuple[Problem, ...]
    """Columns that are not used, and answers to questions that would not have been put."""


def read(data: bytes, compiled: Compiled, *, day: dt.date, filename: str = "", incomplete: bool = False) -> Found:
    """The responses in a file, each checked as if a participant had sent it; calculations are made anew.

    `incomplete` takes rows in, too, in which a required question is unanswered. Refuses the file as a whole as
    `read_tables` and `read_columns` do, and with `responses.table.none .table.several .table.unlinked`. Codes of
    refused rows: `responses.value .code .parent.unknown .index.twice .required .constraint`; warnings:
    `responses.column.unknown`, `responses.irrelevant`.
    """
    columns = [read_columns(sheet, compiled) for sheet in read_tables(data, filename)]
    main, repeats = _tables(columns)
    reader = _Reader(compiled, main, repeats, day, incomplete)
    rows, refused, numbers = [], [], 0
    alike: Counter[str] = Counter()
    for row in main.sheet.rows:
        problems: list[Problem] = []
        answers = reader.answers(row, problems)
        if problems:
            refused += problems
            numbers += 1
        else:
            identity = _identity(main, row, answers)
            alike[identity] += 1  # two people may say the same
            digest = hashlib.sha256(f"{identity} {alike[identity]}".encode("utf-8", "surrogatepass")).digest()
            rows.append(Row(row.number, digest, answers))
    return Found(tuple(rows), (*reader.lost(), *refused), numbers, tuple(reader.warnings(columns)))


def _tables(columns: Sequence[Columns]) -> tuple[Columns, list[Columns]]:
    """The table of respondents and those of repeats, the outer ones first."""
    useful = [table for table in columns if any(True for _ in table.steps())]
    mains = [table for table in useful if not table.chain]
    if not mains:
        raise Refused.because("responses.table.none")
    if len(mains) > 1:
        place = mains[1].sheet.place()
        raise Refused(Problem("responses.table.several", {"first": mains[0].sheet.name}, place))
    repeats = sorted((table for table in useful if table.chain), key=lambda table: len(table.chain))
    unlinked = [table for table in repeats if table.parent is None or mains[0].index is None]
    if unlinked:
        raise Refused(*(Problem("responses.table.unlinked", {}, table.sheet.place()) for table in unlinked))
    return mains[0], repeats


def _identity(main: Columns, row: workbook.Row, answers: Answers) -> str:
    """By what a row is known: what the other system calls it, else its index and what it says."""
    known = row.cells.get(main.identity, "") if main.identity is not None else ""
    if known:
        return f"known {known}"
    index = row.cells.get(main.index, "") if main.index is not None else ""
    return f"{index} {sorted((name, repr(answer)) for name, answer in answers.items())}"


class _Reader:
    def __init__(
        self, compiled: Compiled, main: Columns, repeats: Sequence[Columns], day: dt.date, incomplete: bool
    ) -> None:
        self._compiled, self._main, self._repeats = compiled, main, repeats
        self._day, self._incomplete = day, incomplete
        self._below: dict[tuple[str, str], list[tuple[Columns, workbook.Row]]] = defaultdict(list)
        """Rows of repeats by the repeat and the index of the row that they belong to."""
        self._irrelevant: Counter[str] = Counter()
        self._taken: set[tuple[int, int]] = set()
        self._seen: set[str] = set()
        for table in repeats:
            for row in table.sheet.rows:
                assert table.parent is not None, "unlinked tables are refused"
                self._below[table.chain[-1], row.cells.get(table.parent, "")].append((table, row))

    def answers(self, row: workbook.Row, problems: list[Problem]) -> Answers:
        """The document of a row; what is wrong with it is added to `problems`."""
        stored: Answers = {}
        index = row.cells.get(self._main.index, "") if self._main.index is not None else ""
        if index and index in self._seen:
            place = self._main.sheet.place(row.number, self._main.index)
            problems.append(Problem("responses.index.twice", {"index": index[:_SHOWN]}, place))
        self._seen.add(index)
        places: dict[str, Place] = {}
        self._put(self._main, row, (), stored, places, problems)
        self._instances((), (), index, stored, places, problems)
        if problems:
            return stored
        standing = stand(self._compiled, stored, Context(today=self._day))
        for step in self._compiled.answerable:
            for path in standing.paths(step.chain) if step.answers_of else ():
                name = key(step.id, path)
                if name in standing.relevant and stored.get(name) is not None and standing.answers[name] is None:
                    params = {"name": step.name, "value": str(stored[name])[:_SHOWN]}
                    problems.append(Problem("responses.code", params, places[name]))
        for name in stored.keys() - standing.relevant:
            if stored[name] is not None and name in places:
                self._irrelevant[self._compiled.by_id[name.partition("-")[0].partition(".")[0]].name] += 1
        for step in self._compiled.answerable:
            if step.question is None or not step.asked:
                continue
            for path in standing.paths(step.chain):
                name = key(step.id, path)
                if name not in standing.seen or (problem := standing.problem(step.question, path)) is None:
                    continue
                missing = problem.code == "answer.required"
                if not (missing and self._incomplete):
                    code = "responses.required" if missing else "responses.constraint"
                    place = places.get(name, self._main.sheet.place(row.number))
                    problems.append(Problem(code, {"name": step.name}, place))
        return standing.document()

    def _instances(
        self,
        chain: tuple[str, ...],
        path: Path,
        index: str,
        stored: Answers,
        places: dict[str, Place],
        problems: list[Problem],
    ) -> None:
        """The rows of repeats that belong to a row, and those that belong to these."""
        for table in self._repeats:
            if table.chain[:-1] != chain:
                continue
            rows = self._below.get((table.chain[-1], index), [])
            stored[key(table.chain[-1], path)] = len(rows)
            for number, (_, row) in enumerate(rows, start=1):
                self._taken.add((id(table), row.number))
                self._put(table, row, (*path, number), stored, places, problems)
                inner = row.cells.get(table.index, "") if table.index is not None else ""
                if inner:
                    self._instances(table.chain, (*path, number), inner, stored, places, problems)

    def _put(
        self,
        table: Columns,
        row: workbook.Row,
        path: Path,
        stored: Answers,
        places: dict[str, Place],
        problems: list[Problem],
    ) -> None:
        chosen: dict[str, list[str]] = defaultdict(list)
        for place, (step, code) in table.options.items():
            cell = row.cells.get(place, "").lower()
            if cell in _YES:
                chosen[step.id].append(code)
            elif cell and cell not in _NO:
                problems.append(_wrong(step, cell, table, row, place))
            places[key(step.id, path)] = table.sheet.place(row.number, place)
        for step in {id(step): step for step, _ in table.options.values()}.values():
            assert step.question is not None
            stored[key(step.id, path)] = from_text(step.question, " ".join(chosen[step.id]), step.codes)
        for place, step in table.answers.items():
            text = row.cells.get(place, "")
            if not step.asked or (not text and step.id in chosen):
                continue
            name = key(step.id, path)
            places[name] = table.sheet.place(row.number, place)
            answer = _answer(step, text)
            unsaid = (
                step.question is not None and step.question.type is QuestionType.ACKNOWLEDGE and text.lower() in _NO
            )
            if text and answer is None and not unsaid:
                problems.append(_wrong(step, text, table, row, place))
            stored[name] = answer
        for place, step in table.others.items():
            if text := row.cells.get(place, ""):
                stored[suffixed(step.other, path)] = text

    def lost(self) -> Iterator[Problem]:
        """Rows of repeats that belong to no row."""
        for table in self._repeats:
            for row in table.sheet.rows:
                if (id(table), row.number) not in self._taken:
                    place = table.sheet.place(row.number, table.parent)
                    index = row.cells.get(table.parent or 0, "")[:_SHOWN]
                    yield Problem("responses.parent.unknown", {"index": index}, place)

    def warnings(self, columns: Iterable[Columns]) -> Iterator[Problem]:
        """What of the file is not used."""
        for table in columns:
            for place in table.unknown:
                header = table.sheet.headers[place][:_SHOWN]
                yield Problem("responses.column.unknown", {"header": header}, table.sheet.place(None, place))
        for name, count in sorted(self._irrelevant.items()):
            yield Problem("responses.irrelevant", {"name": name, "count": count})


def _wrong(step: Step, text: str, table: Columns, row: workbook.Row, place: int) -> Problem:
    code = "responses.code" if step.codes else "responses.value"
    return Problem(code, {"name": step.name, "value": text[:_SHOWN]}, table.sheet.place(row.number, place))


def _answer(step: Step, text: str) -> Answer:
    """What a cell says: as `answers.from_text`, and what spreadsheets make of dates and of a yes."""
    question = step.question
    assert question is not None
    if question.type is QuestionType.DATE:
        text = text.replace("T", " ").partition(" ")[0]
    elif question.type is QuestionType.ACKNOWLEDGE and text.lower() in _YES:
        text = ACKNOWLEDGED
    elif step.answers_of:
        several = question.type is QuestionType.SELECT_MULTIPLE
        return (tuple(text.split()) if several else text) or None
    return from_text(question, text, step.codes)
