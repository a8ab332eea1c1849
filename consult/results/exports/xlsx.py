"""XLSX: the workbook of a release, written row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from consult.core.exchange import safe
from consult.core.exchange.workbook import new_workbook
from consult.results.content import Content
from consult.results.exports.sheets import Line, Shape, Sheet, Style, book
from consult.results.exports.spool import spooled
from consult.results.presentation import Reader

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINE = 16
"""Height of a line, in points."""
_ABREAST = 110
"""Characters in a line of the cover."""
_STYLES: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"bold": True, "font_size": 14},
    Style.MARK: {"bold": True, "font_color": "#9C0006"},
    Style.HEAD: {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    Style.WRAP: {"text_wrap": True, "valign": "top"},
    Style.PLAIN: {},
    Style.COUNT: {"num_format": "#,##0"},
    Style.SHARE: {"num_format": "0.0"},
}


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The workbook, in chunks."""

    def fill(file: IO[bytes]) -> None:
        with new_workbook(file, created=dt.datetime.fromisoformat(content.frozen_on), streamed=True) as workbook:
            order = 2 if reader.direction == "rtl" else 1
            styles = {name: workbook.add_format({"reading_order": order, **style}) for name, style in _STYLES.items()}
            for sheet in book(content, hash_, reader):
                _fill(workbook, sheet, styles, rtl=reader.direction == "rtl")

    return spooled(fill)


def _fill(workbook: Workbook, sheet: Sheet, styles: dict[Style, Format], *, rtl: bool) -> None:
    target = workbook.add_worksheet(sheet.name)
    if rtl:
        target.right_to_left()
    target.set_column(0, 0, 46)
    target.set_column(1, 40, 18)
    if sheet.cover:
        target.set_column(1, 1, 80)
    for row, line in enumerate(sheet.lines):
        _line(target, row, line, styles)


def _line(target: Worksheet, row: int, line: Line, styles: dict[Style, Format]) -> None:
    if line.shape is Shape.HEADS:
        target.set_row(row, 4 * _LINE)
    elif line.shape is Shape.PROSE:
        target.merge_range(row, 0, row, 1, "", styles[Style.WRAP])
        target.set_row(row, _LINE * (2 + len(str(line.fields[0].value)) // _ABREAST))
    for column, (value, style) in enumerate(line.fields):
        if isinstance(value, str):
            target.write_string(row, column, safe.xml(value), styles[style])
        elif value is not None:
            target.write_number(row, column, value, styles[style])
