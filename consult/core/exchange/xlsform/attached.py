"""CSV files that belong to a form: choices of `select_one_from_file`, and tables that `pulldata` looks into.

Each becomes a choice list called as the file without `.csv`, so that nothing stands beside the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.csv import read_csv
from consult.core.exchange.workbook import COLUMNS, Sheet
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.columns import CHOICES, Columns, read_columns, snake
from consult.core.exchange.xlsform.kinds import read_kind
from consult.core.exchange.xlsform.parameters import pairs
from consult.core.exchange.xlsform.report import Report

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

    Codes: `xlsform.attached.unused .type .too_large`, `xlsform.column.*`, and those of `read_csv`.
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
        if len(data) > BYTES:
            raise Refused(Problem("xlsform.attached.too_large", {"megabytes": BYTES // 1_000_000}, Place(name)))
        sheet = read_csv(data, name, columns=COLUMNS)
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
