"""Makes small workbooks for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from consult.core.errors import Problem, Refused
from consult.core.exchange.xlsform import read

Grid = Sequence[Sequence[object]]


def workbook(**sheets: Grid) -> bytes:
    """A workbook with these sheets, each a list of rows."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def grid(text: str) -> Grid:
    """Rows of cells written with `|` between them; empty cells are empty."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return [[cell.strip() or None for cell in line.split("|")] for line in lines]


def form(survey: str, choices: str = "", settings: str = "form_title\nTest") -> bytes:
    """A form whose sheets are written as in `grid`."""
    sheets = {"survey": grid(survey), "settings": grid(settings)}
    return workbook(**sheets, **({"choices": grid(choices)} if choices else {}))


def parts(data: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    """The same zip with some parts replaced, added or (None) removed."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        found = {name: old.read(name) for name in old.namelist()} | dict(changed)
        for name, content in found.items():
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def problems(data: bytes) -> list[Problem]:
    """Why a file is refused; nothing where it is read."""
    try:
        read(data)
    except Refused as refused:
        return list(refused.problems)
    return []


def found(problem: Problem) -> str:
    """A problem in short: `code sheet row column`."""
    place = problem.place
    return " ".join(str(part) for part in (problem.code, place.sheet, place.row, place.column) if part)
