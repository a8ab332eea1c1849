"""The tables of a file with responses: one for the respondents, one for each repeat.

A CSV file is one table; a workbook has one in each sheet, joined by `_index` and `_parent_index` as exports of
KoboToolbox and ODK Central have them.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.xlsform.workbook import ROWS, Row, Sheet, read_workbook
from consult.core.text import clean

COLUMNS: Final = 5_000
"""Columns that a table may have: multiple choices take one for each choice."""
_CELL: Final = 100_000
_DELIMITERS: Final = ",;\t"


def read_tables(data: bytes, filename: str, *, rows: int = ROWS) -> tuple[Sheet, ...]:
    """The tables of a file; that of a CSV file is called as the file, and has at most so many rows.

    Refuses what `read_workbook` refuses, and `responses.file.encoding .file.csv .file.empty`, `xlsform.sheet.rows`,
    `xlsform.sheet.columns`.
    """
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        tables = tuple(read_workbook(data, None, columns=COLUMNS).sheets.values())
    else:
        tables = (_csv(data, filename or "CSV", rows),)
    tables = tuple(table for table in tables if table.headers)
    if not tables:
        raise Refused.because("responses.file.empty")
    return tables


def _csv(data: bytes, name: str, most: int) -> Sheet:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused.because("responses.file.encoding") from error
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_CELL)
    rows: list[Row] = []
    headers: tuple[str, ...] = ()
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for values in lines:
            if not headers:
                headers = tuple(clean(value).strip() for value in values)
                if len(headers) > COLUMNS:
                    raise Refused(Problem("xlsform.sheet.columns", {"limit": COLUMNS}, Place(name, 1)))
                continue
            cells = {place: cleaned for place, value in enumerate(values) if (cleaned := clean(value).strip())}
            if cells and len(rows) == most:
                raise Refused(Problem("xlsform.sheet.rows", {"limit": most}, Place(name, lines.line_num)))
            if cells:
                rows.append(Row(lines.line_num, cells))
    except csv.Error as error:
        raise Refused(Problem("responses.file.csv", place=Place(name, lines.line_num))) from error
    return Sheet(name, headers, 1, tuple(rows))
