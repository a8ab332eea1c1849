"""CSV: a file as a sheet (choices beside a form, responses from another system, weights), and any table as lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.safe import cell
from consult.core.exchange.workbook import ROWS, Row, Sheet, as_text

MARK: Final = "\ufeff".encode()
"""What spreadsheets know UTF-8 by."""
Fields = Iterable[str | int | float | bool | None]
_SEPARATORS: Final = ",;\t"
_FIRST: Final = re.compile(r'[\r\n]*(?:[^"\r\n]|"[^"]*")*')
"""The first line with content; one in quotes may hold ends of lines."""
_QUOTED: Final = re.compile(r'"[^"]*"')


def read_csv(data: bytes, name: str, *, columns: int, rows: int = ROWS) -> Sheet:
    """The rows of a file as those of a sheet of this name; what is wrong is told with the row's number.

    UTF-8, with or without a mark at its beginning, or UTF-16 with one; of comma, semicolon and tab, the one that the
    first row with content has most of outside quotes separates; at most so many columns and rows. Refuses with
    `csv.encoding .row .cells` and `xlsform.sheet.rows .sheet.columns`.
    """
    lines = read_rows(data, name)
    top, cells = next(lines, (1, []))
    headers = [" ".join(as_text(cell).split()) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > columns:
        raise Refused(Problem("xlsform.sheet.columns", {"limit": columns}, Place(name, top)))
    found: list[Row] = []
    for number, cells in lines:
        texts = {index: text for index, cell in enumerate(cells) if (text := as_text(cell))}
        if texts and max(texts) >= len(headers):
            raise Refused(Problem("csv.cells", {"count": len(headers)}, Place(name, number)))
        if texts and len(found) == rows:
            raise Refused(Problem("xlsform.sheet.rows", {"limit": rows}, Place(name, number)))
        if texts:
            found.append(Row(number, texts))
    return Sheet(name, tuple(headers), top, tuple(found))


def read_rows(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, headers included, with their numbers; for files too large for `read_csv`.

    Encoding and separator as there. Refuses with `csv.encoding .row`.
    """
    return _lines(name, _text(name, data))


def _text(name: str, data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Refused(Problem("csv.encoding", {}, Place(name, row))) from error


def _lines(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers as a spreadsheet counts them."""
    first = _FIRST.match(text)
    bare = _QUOTED.sub("", first[0]) if first else ""
    separator = max(_SEPARATORS, key=bare.count)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise Refused(Problem("csv.row", {}, Place(name, number + 1))) from error


def lines(header: Iterable[str], rows: Iterable[Fields]) -> Iterator[bytes]:
    """Any table as lines of CSV, its texts safe to open in a spreadsheet."""
    yield line(header)
    for fields in rows:
        yield line(fields)


def line(fields: Fields) -> bytes:
    """A line of CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_field(field) for field in fields])
    return buffer.getvalue().encode()


def _field(field: str | float | bool | None) -> str | int | float | None:
    if isinstance(field, str):
        return cell(field)
    return str(field).lower() if isinstance(field, bool) else field
