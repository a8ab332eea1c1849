"""CSV: one row per cell of every table, UTF-8 with a mark so that spreadsheets read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from consult.core.documents.safe import cell
from consult.results.content import Content
from consult.results.exports import tidy
from consult.results.presentation import Reader

MARK = "\ufeff".encode()
Fields = Iterable[str | int | float | bool | None]


def write(content: Content, _frozen: bytes, _hash: str, reader: Reader) -> Iterator[bytes]:
    """Header and cells. Hidden cells have an empty count and the status `suppressed`."""
    yield MARK
    yield from lines(tidy.Cell._fields, tidy.cells(content, reader))


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
