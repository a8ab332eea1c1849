"""Workbooks: read as rows of clean text, one at a time and never more than is allowed; written with texts as texts."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import IO, TYPE_CHECKING, Final, Protocol, cast

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.container import inspect
from consult.core.text import clean

if TYPE_CHECKING:
    import xlsxwriter

UNDATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the file has no date: the same texts, the same bytes
ROWS: Final = 20_000
"""Rows with content that a sheet may have."""
COLUMNS: Final = 200
"""Columns that a sheet may have."""

# openpyxl warns of styles and extensions that it does not know; none of them matters here.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

_TOP: Final = 100
"""The headers stand within so many rows from the top."""
_BEYOND: Final = 20
"""So many columns beyond the last header are looked at, for what stands there by mistake."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with content: its number in the spreadsheet and its texts by the position of their column."""

    number: int
    cells: dict[int, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name as written, the texts of its first row with content, and the rows below."""

    name: str
    headers: tuple[str, ...] = ()
    header_row: int = 1
    rows: tuple[Row, ...] = ()

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Where something is in this sheet."""
        header = self.headers[column] if column is not None and column < len(self.headers) else ""
        return Place(self.name, (self.header_row if self.headers else None) if row is None else row, header)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets wanted, by their names in lower case, and the names of all sheets."""

    sheets: dict[str, Sheet]
    names: tuple[str, ...]


class _Worksheet(Protocol):
    title: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(
        self, min_row: int | None = None, max_col: int | None = None, *, values_only: bool
    ) -> Iterator[tuple[object, ...]]: ...


def read_workbook(data: bytes, wanted: Sequence[str] | None, *, columns: int = COLUMNS) -> Workbook:
    """The wanted sheets of an .xlsx file, or all. Refuses what is no workbook, is not safe to open, or too large."""
    from openpyxl import load_workbook  # noqa: PLC0415  # heavy, brings numpy, and only who reads a workbook needs it

    inspect(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            found: dict[str, Sheet] = {}
            for worksheet in cast("list[_Worksheet]", book.worksheets):
                name = " ".join(worksheet.title.split()).lower()
                if (wanted is None or name in wanted) and name not in found:
                    found[name] = _sheet(worksheet, columns)
            return Workbook(found, tuple(book.sheetnames))
        finally:
            book.close()
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever a malformed part makes it stumble over
        raise Refused.because("xlsform.file.damaged") from error


def _sheet(worksheet: _Worksheet, columns: int) -> Sheet:
    name = clean(worksheet.title)
    worksheet.reset_dimensions()  # the size written in a file is often false
    header_row, headers = _headers(worksheet, name, columns)
    rows: list[Row] = []
    width = min(len(headers) + _BEYOND, columns)
    below = worksheet.iter_rows(min_row=header_row + 1, max_col=width, values_only=True)
    for number, values in enumerate(below, start=header_row + 1):
        if values.count(None) == len(values):  # a million such rows are nothing unusual
            continue
        cells = {index: text for index, value in enumerate(values) if (text := as_text(value))}
        if not cells:
            continue
        if len(rows) == ROWS:
            raise Refused(Problem("xlsform.sheet.rows", {"limit": ROWS}, Place(name, number)))
        rows.append(Row(number, cells))
    return Sheet(name, headers, header_row, tuple(rows))


def _headers(worksheet: _Worksheet, name: str, columns: int) -> tuple[int, tuple[str, ...]]:
    """Number and texts of the first row with content, without the empty cells at its end."""
    top = islice(worksheet.iter_rows(max_col=columns + 1, values_only=True), _TOP)
    for number, values in enumerate(top, start=1):
        texts = [" ".join(as_text(value).replace("\u00a0", " ").split()) for value in values]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > columns:
            raise Refused(Problem("xlsform.sheet.columns", {"limit": columns}, Place(name, number)))
        if texts:
            return number, tuple(texts)
    return 1, ()


def as_text(value: object) -> str:
    """A cell's value as the author sees it: 1.0 is 1, TRUE is true, dates are ISO dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    return clean(str(value).replace("_x000D_", "")).strip()


def new_workbook(target: IO[bytes], *, created: dt.datetime = UNDATED, streamed: bool = False) -> xlsxwriter.Workbook:
    """A workbook to be filled in which all that is typed stays text: no formula, address or number starts in it.

    `streamed`: rows are written in order, and not kept.
    """
    import xlsxwriter  # noqa: PLC0415  # heavy, and only downloads need it

    options = {
        "constant_memory" if streamed else "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(target, options)
    workbook.set_properties({"created": created})
    return workbook
