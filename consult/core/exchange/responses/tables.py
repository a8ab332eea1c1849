"""The tables of a file with responses: one for the respondents, one for each repeat.

A CSV file is one table; a workbook has one in each sheet, joined by `_index` and `_parent_index` as exports of
KoboToolbox and ODK Central have them.
"""

from __future__ import annotations

from typing import Final

from consult.core.errors import Refused
from consult.core.exchange.csv import read_csv
from consult.core.exchange.workbook import ROWS, Sheet, read_workbook

COLUMNS: Final = 5_000
"""Columns that a table may have: multiple choices take one for each choice."""


def read_tables(data: bytes, filename: str, *, rows: int = ROWS) -> tuple[Sheet, ...]:
    """The tables of a file; that of a CSV file is called as the file, and has at most so many rows.

    Refuses what `read_workbook` and `read_csv` refuse, and with `responses.file.empty`.
    """
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        tables = tuple(read_workbook(data, None, columns=COLUMNS).sheets.values())
    else:
        tables = (read_csv(data, filename or "CSV", columns=COLUMNS, rows=rows),)
    tables = tuple(table for table in tables if table.headers)
    if not tables:
        raise Refused.because("responses.file.empty")
    return tables
