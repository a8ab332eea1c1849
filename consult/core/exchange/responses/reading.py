"""Rows as responses: held to the same rules as what participants send, each refused row with all its reasons."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.exchange import workbook
from consult.core.exchange.responses.columns import TRIAL, Columns, read_columns
from consult.core.exchange.responses.tables import read_tables
from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import ACKNOWLEDGED, LONGEST_TEXT, OTHER, Answer, Answers, from_text
from consult.core.questionnaire.definition import UPLOADS, QuestionType
from consult.core.questionnaire.instances import MOST, key, suffixed
from consult.core.questionnaire.routing import Context, Standing, stand
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
    `responses.column.unknown .column.file`, `responses.irrelevant`.
    """
    columns = [read_columns(sheet, compiled) for sheet in read_tables(data, filename)]
    main, repeats = _tables(columns)
    if main.channel is not None and any(row.cells.get(main.channel) == TRIAL for row in main.sheet.rows):
        raise Refused.because("responses.trial")
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
            identity = reader.identity(row)
            alike[identity] += 1  # two people may say the same
            digest = hashlib.sha256(f"{identity} {alike[identity]}".encode("utf-8", "surrogatepass")).digest()
            rows.append(Row(row.number, digest, answers))
    return Found(tuple(rows), (*reader.lost(), *refused), numbers, tuple(reader.warnings(columns)))


def _tables(columns: Sequence[Columns]) -> tuple[Columns, list[Columns]]:
    """The table of respondents and those of repeats, the outer ones first."""
    useful = [table for table in columns if table.chain or any(True for _ in table.steps())]
    mains = [table for table in useful if not table.chain]
    if not mains:
        raise Refused.because("responses.table.none")
    if len(mains) > 1:
        place = mains[1].sheet.place()
        raise Refused(Problem("responses.table.several", {"first": mains[0].sheet.name}, place))
    repeats = sorted((table for table in useful if table.chain), key=lambda table: (len(table.chain), table.chain))
    doubled = [table for before, table in itertools.pairwise(repeats) if table.chain == before.chain]
    if doubled:
        first = {"first": repeats[repeats.index(doubled[0]) - 1].sheet.name}
        raise Refused(Problem("responses.table.several", first, doubled[0].sheet.place()))
    unlinked = [table for table in repeats if table.parent is None or mains[0].index is None]
    if unlinked:
        raise Refused(*(Problem("responses.table.unlinked", {}, table.sheet.place()) for table in unlinked))
    return mains[0], repeats


def _told(table: Columns, row: workbook.Row) -> list[tuple[str, str]]:
    """What a row says, by the headers of its columns."""
    used = (*table.answers, *table.options, *table.others)
    return sorted((table.sheet.headers[place], row.cells.get(place, "")) for place in used)


def _twice(table: Columns, column: int | None, row: workbook.Row, seen: set[str]) -> Problem | None:
    """What is wrong where a row is called as another one before it."""
    name = row.cells.get(column, "") if column is not None else ""
    again, known = name in seen, bool(name)
    seen.add(name)
    place = table.sheet.place(row.number, column)
    return Problem("responses.index.twice", {"index": name[:_SHOWN]}, place) if again and known else None


class _Reader:
    def __init__(
        self, compiled: Compiled, main: Columns, repeats: Sequence[Columns], day: dt.date, incomplete: bool
    ) -> None:
        self._compiled, self._main, self._repeats = compiled, main, repeats
        self._day, self._incomplete = day, incomplete
        self._below: dict[tuple[str, str], list[workbook.Row]] = defaultdict(list)
        """Rows of repeats by the repeat and the index of the row that they belong to, until they are read."""
        self._irrelevant: Counter[str] = Counter()
        self._said: list[list[tuple[str, str]]] = []
        """What the row at hand and those below it say."""
        self._indices: set[str] = set()
        self._identities: set[str] = set()
        problems: list[Problem | None] = []
        for table in repeats:
            seen: set[str] = set()
            for row in table.sheet.rows:
                assert table.parent is not None, "unlinked tables are refused"
                problems.append(_twice(table, table.index, row, seen))
                self._below[table.chain[-1], row.cells.get(table.parent, "")].append(row)
        refuse_if_any(filter(None, problems))

    def identity(self, row: workbook.Row) -> str:
        """By what the row read last is known: what the other system calls it, else its index and what it says."""
        known = row.cells.get(self._main.identity, "") if self._main.identity is not None else ""
        index = row.cells.get(self._main.index, "") if self._main.index is not None else ""
        return f"known {known}" if known else f"{index} {self._said}"

    def answers(self, row: workbook.Row, problems: list[Problem]) -> Answers:
        """The document of a row; what is wrong with it is added to `problems`."""
        stored: Answers = {}
        main, self._said = self._main, []
        twice = (_twice(main, main.index, row, self._indices), _twice(main, main.identity, row, self._identities))
        problems += filter(None, twice)
        places: dict[str, Place] = {}
        self._put(main, row, (), stored, places, problems)
        index = row.cells.get(main.index, "") if main.index is not None else ""
        self._instances((), (), index, stored, places, problems)
        if problems:
            return stored
        standing = stand(self._compiled, stored, Context(today=self._day))
        problems += self._not_offered(standing, stored, places)
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
                if step.question.type in UPLOADS:
                    continue  # no table brings a file along
                if not (missing and (self._incomplete or stored.get(name) is not None)):
                    code = "responses.required" if missing else "responses.constraint"
                    place = places.get(name, self._main.sheet.place(row.number))
                    problems.append(Problem(code, {"name": step.name}, place))
        return standing.document()

    def _not_offered(
        self, standing: Standing, stored: Mapping[str, Answer], places: Mapping[str, Place]
    ) -> Iterator[Problem]:
        """Choices that other answers of the row rule out."""
        for step in self._compiled.answerable:
            if step.filter is None and not step.answers_of:
                continue
            for path in standing.paths(step.chain):
                name = key(step.id, path)
                answer = stored.get(name)
                if name in standing.relevant and answer is not None and standing.answers[name] != answer:
                    params = {"name": step.name, "value": str(answer)[:_SHOWN]}
                    yield Problem("responses.code", params, places[name])

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
            rows = self._below.pop((table.chain[-1], index), []) if index else []
            stored[key(table.chain[-1], path)] = len(rows)
            if len(rows) > MOST:
                place = table.sheet.place(rows[MOST].number, table.parent)
                problems.append(Problem("answer.instances", {"most": MOST}, place))
            for number, row in enumerate(rows, start=1):
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
        self._said.append(_told(table, row))
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
            text, answer = row.cells.get(place, ""), stored.get(key(step.id, path))
            if not text or not (answer == OTHER or (isinstance(answer, tuple) and OTHER in answer)):
                continue
            stored[suffixed(step.other, path)] = text
            if len(text) > LONGEST_TEXT:
                problems.append(_wrong(step, text, table, row, place))

    def lost(self) -> Iterator[Problem]:
        """Rows of repeats that belong to no row."""
        for table in self._repeats:
            for row in table.sheet.rows:
                index = row.cells.get(table.parent, "") if table.parent is not None else ""
                if (table.chain[-1], index) in self._below:
                    place = table.sheet.place(row.number, table.parent)
                    yield Problem("responses.parent.unknown", {"index": index[:_SHOWN]}, place)

    def warnings(self, columns: Iterable[Columns]) -> Iterator[Problem]:
        """What of the file is not used."""
        for table in columns:
            for place in table.unknown:
                header = table.sheet.headers[place][:_SHOWN]
                yield Problem("responses.column.unknown", {"header": header}, table.sheet.place(None, place))
            for place in table.files:
                header = table.sheet.headers[place][:_SHOWN]
                yield Problem("responses.column.file", {"header": header}, table.sheet.place(None, place))
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
