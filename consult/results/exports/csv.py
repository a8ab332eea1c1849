"""CSV: one row per cell of every table, UTF-8 with a mark so that spreadsheets read it."""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.exchange.csv import MARK, lines
from consult.results.content import Content
from consult.results.exports import tidy
from consult.results.presentation import Reader


def write(content: Content, _frozen: bytes, _hash: str, reader: Reader) -> Iterator[bytes]:
    """Header and cells. Hidden cells have an empty count and the status `suppressed`."""
    yield MARK
    yield from lines(tidy.Cell._fields, tidy.cells(content, reader))
