"""CSV files that belong to a form: choices of `select_one_from_file`, and tables that `pulldata` looks into.

Each becomes a choice list called as the file without `.csv`, so that nothing stands beside the document.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.columns import CHOICES, Columns, read_columns, snake
from consult.core.exchange.xlsform.kinds import read_kind
from consult.core.exchange.xlsform.parameters import pairs
from consult.core.exchange.xlsform.report import Report
from consult.core.exchange.xlsform.workbook import COLUMNS, ROWS, Row, Sheet, as_text

BYTES: Final = 5_000_000
"""Size of an attached file."""
_LOOKED_UP: Final = re.compile(r"(?:pulldata|instance)\s*\(\s*[\"'‘’“”]([^\"'‘’“”]+)[\"'‘’“”]")
_PLAIN: Final = ("name", "label")
"""Columns that hold codes and texts where `parameters` names no others."""


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of a form that are used, each read for every pair of columns (code, label) that is asked of it."""

    columns: dict[str, Columns] = field(default_factory=dict)
    """By the name of the list that it becomes."""
    lists: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """By file, column of codes and column of labels: name of the list."""
    selected: frozenset[str] = frozenset()
    """Lists that are offered as choices, so that their labels are read by somebody."""


def read_attached(files: Mapping[str, bytes], survey: Cells, report: Report) -> Attached:
    """The attached files that the survey uses. Raises `Refused` where one cannot be read at all.

    Codes: `xlsform.attached.unused .type`, `xlsform.csv.*`, `xlsform.column.*`, `xlsform.sheet.*`.
    """
    wanted, looked_up = _wanted(survey)
    attached = Attached(selected=frozenset())
    selected: set[str] = set()
    for path, data in files.items():
        name = PurePath(path.replace("\\", "/")).name
        stem = PurePath(name).stem
        pairs_of_columns = wanted.get(name, [])
        known = pairs_of_columns or stem in looked_up
        if not known and not name.lower().endswith(".csv"):
            continue  # a sound or picture, at which `core.questionnaire.media` looks
        if not known:
            report.warn("xlsform.attached.unused", Place(name), file=name)
            continue
        if not name.lower().endswith(".csv"):
            report.error("xlsform.attached.type", Place(name), file=name)
            continue
        sheet = _sheet(name, data)
        for value, label in pairs_of_columns or [_PLAIN]:
            called = stem if stem not in attached.columns else f"{stem}_{value}_{label}"
            attached.columns[called] = _columns(sheet, value, label, bool(pairs_of_columns), report)
            attached.lists[name, value, label] = called
            if pairs_of_columns:
                selected.add(called)
    return Attached(attached.columns, attached.lists, frozenset(selected))


def asked_of(parameters: Mapping[str, str]) -> tuple[str, str]:
    """The columns of codes and of labels that a question asks of its file."""
    return parameters.get("value", _PLAIN[0]), parameters.get("label", _PLAIN[1])


def _wanted(survey: Cells) -> tuple[dict[str, list[tuple[str, str]]], set[str]]:
    """For every file that choices come from the columns asked of it, and the names of tables that are looked up."""
    wanted: dict[str, list[tuple[str, str]]] = {}
    looked_up: set[str] = set()
    for row in survey.columns.sheet.rows:
        kind = read_kind(survey.word(row, "type"))
        if kind.choices:
            asked = wanted.setdefault(kind.choices, [])
            columns = asked_of(pairs(survey.word(row, "parameters")))
            if columns not in asked:
                asked.append(columns)
        for text in row.cells.values():
            looked_up.update(_LOOKED_UP.findall(text))
    return wanted, looked_up


def _columns(sheet: Sheet, value: str, label: str, selected: bool, report: Report) -> Columns:
    """The columns of a file: codes and labels where they are asked for, codes of a mere table in its first column."""
    known = {header: field for header, field in CHOICES.items() if field not in ("list_name", "name", "label")}
    headers = [snake(header.split("::")[0]) for header in sheet.headers]
    if not selected and snake(value) not in headers:
        value = sheet.headers[0] if sheet.headers else value
    known |= {snake(label): "label", snake(value): "name"}
    columns = read_columns(sheet, known, report)
    for header, wanted in (("name", value), ("label", label)):
        if not columns.has(header) and (selected or header == "name"):
            report.error("xlsform.column.missing", sheet.place(), header=wanted)
    return columns


def _sheet(name: str, data: bytes) -> Sheet:
    """A file's rows as those of a sheet of this name."""
    if len(data) > BYTES:
        raise Refused(Problem("xlsform.csv.too_large", {"megabytes": BYTES // 1_000_000}, Place(name)))
    text = _text(name, data)
    rows = _rows(name, text)
    number, top = next(rows, (1, []))
    headers = tuple(" ".join(as_text(cell).split()) for cell in top)
    if len(headers) > COLUMNS:
        raise Refused(Problem("xlsform.sheet.columns", {"limit": COLUMNS}, Place(name, number)))
    found: list[Row] = []
    for number, cells in rows:
        if len(cells) > len(headers) and any(as_text(cell) for cell in cells[len(headers) :]):
            raise Refused(Problem("xlsform.csv.cells", {"count": len(headers)}, Place(name, number)))
        if len(found) == ROWS:
            raise Refused(Problem("xlsform.sheet.rows", {"limit": ROWS}, Place(name, number)))
        texts = {index: text for index, cell in enumerate(cells) if (text := as_text(cell))}
        if texts:
            found.append(Row(number, texts))
    return Sheet(name, headers, 1, tuple(found))


def _text(name: str, data: bytes) -> str:
    """UTF-8, with or without a mark at its beginning, or UTF-16 with one."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Refused(Problem("xlsform.csv.encoding", {}, Place(name, row))) from error


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers; the separator is the one that the first row has most of."""
    top = text.partition("\n")[0]
    separator = max(",;\t", key=top.count)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise Refused(Problem("xlsform.csv.row", {}, Place(name, number + 1))) from error
