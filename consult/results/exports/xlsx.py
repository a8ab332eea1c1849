"""XLSX: a cover sheet with method and caveats, then one sheet per question, with real numbers."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from consult.results import method
from consult.results.content import Content
from consult.results.presentation import Item, Reader, Shown, items, summary_values

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_CHUNK = 1 << 16
_LINE = 16
"""Height of a line, in points."""
_ABREAST = 110
"""Characters in a line of the cover."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 31
"""Characters in the name of a sheet."""


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The workbook, written row by row to a temporary file, then passed on in chunks."""
    import xlsxwriter  # noqa: PLC0415  # heavy, and only downloads need it

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(file.name, options) as workbook:
            _Book(workbook, content, hash_, reader).fill()
        while chunk := file.read(_CHUNK):
            yield chunk


class _Book:
    """The workbook at hand: its styles, and how far each sheet has been written."""

    def __init__(self, workbook: Workbook, content: Content, hash_: str, reader: Reader) -> None:
        self._workbook, self._content, self._hash, self._reader = workbook, content, hash_, reader
        styles: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 14},
            "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
            "wrap": {"text_wrap": True, "valign": "top"},
            "plain": {},
            "count": {"num_format": "#,##0"},
            "share": {"num_format": "0.0"},
            "mark": {"bold": True, "font_color": "#9C0006"},
        }
        order = 2 if reader.direction == "rtl" else 1
        self._styles = {name: workbook.add_format({"reading_order": order, **style}) for name, style in styles.items()}
        self._names: set[str] = set()
        self._row = 0

    def fill(self) -> None:
        """Cover first, then the questions in order."""
        frozen = dt.datetime.fromisoformat(self._content.frozen_on)
        self._workbook.set_properties({"created": frozen})
        self._cover()
        for dataset in self._content.datasets:
            for number, item in enumerate(items(dataset, self._reader), start=1):
                self._question(item, number)

    def _sheet(self, name: str) -> Worksheet:
        cleaned = _FORBIDDEN.sub(" ", name).strip() or "?"
        unique, count = cleaned[:_LONGEST], 1
        while unique.lower() in self._names:
            count += 1
            unique = f"{cleaned[: _LONGEST - len(str(count)) - 1]} {count}"
        self._names.add(unique.lower())
        sheet = self._workbook.add_worksheet(unique)
        if self._reader.direction == "rtl":
            sheet.right_to_left()
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 40, 18)
        self._row = 0
        return sheet

    def _cover(self) -> None:
        _ = self._reader.words
        sheet = self._sheet(_("About"))
        sheet.set_column(1, 1, 80)
        self._line(sheet, self._reader.text(self._content.process_title, self._content.source), style="title")
        if self._content.synthetic:
            self._line(sheet, method.synthetic_mark(self._reader), style="mark")
        self._row += 1
        for label, value in method.facts(self._content, self._hash, self._reader):
            sheet.write_string(self._row, 0, label, self._styles["wrap"])
            sheet.write_string(self._row, 1, value, self._styles["wrap"])
            self._row += 1
        for dataset in self._content.datasets:
            self._row += 1
            self._line(sheet, self._reader.text(dataset.title, dataset.source), style="head")
            for line in (*method.weighting(dataset, self._reader), *method.editions(dataset, self._reader)):
                self._line(sheet, line, style="plain")
        for heading, lines in (
            (_("Caveats"), method.caveats(self._reader, self._content)),
            (_("Method"), method.paragraphs(self._content, self._reader)),
        ):
            self._row += 1
            self._line(sheet, heading, style="head")
            for line in lines:
                sheet.merge_range(self._row, 0, self._row, 1, "", self._styles["wrap"])
                sheet.set_row(self._row, _LINE * (2 + len(line) // _ABREAST))
                self._line(sheet, line)

    def _question(self, item: Item, number: int) -> None:
        sheet = self._sheet(f"{number} {item.variable.name}")
        self._line(sheet, item.label, style="title")
        if self._content.synthetic:
            self._line(sheet, method.synthetic_mark(self._reader), style="mark")
        self._line(sheet, method.base_sentence(item, self._reader), style="plain")
        for label, value in summary_values(item.one_way.table.summary, self._reader):
            sheet.write_string(self._row, 0, label, self._styles["plain"])
            self._number(sheet, 1, value, "plain")
            self._row += 1
        for shown in (item.one_way, *item.crossed):
            if not shown.table.withheld:
                self._row += 1
                self._table(sheet, shown)

    def _table(self, sheet: Worksheet, shown: Shown) -> None:
        _ = self._reader.words
        if shown.by:
            self._line(sheet, _("By: %(variable)s") % {"variable": shown.by}, style="head")
        heads = [_("Count"), _("Per cent (%(basis)s)") % {"basis": shown.basis}]
        labels = [f"{group} – {head}" for group in shown.groups for head in heads] if shown.by else heads
        sheet.set_row(self._row, 4 * _LINE)
        for column, label in enumerate(["", *labels]):
            sheet.write_string(self._row, column, label, self._styles["head"])
        self._row += 1
        for line in shown.lines:
            sheet.write_string(self._row, 0, line.label, self._styles["plain"])
            for index, (count, share) in enumerate(zip(line.counts, line.shares, strict=True)):
                self._number(sheet, 1 + 2 * index, count, "count")
                if not line.missing:
                    self._number(sheet, 2 + 2 * index, share, "share")
            self._row += 1
        if sentence := method.hidden_sentence(shown.table, self._reader):
            self._line(sheet, sentence, style="plain")

    def _number(self, sheet: Worksheet, column: int, value: float | None, style: str) -> None:
        _ = self._reader.words
        if value is None:
            sheet.write_string(self._row, column, _("hidden"), self._styles["plain"])
        else:
            sheet.write_number(self._row, column, value, self._styles[style])

    def _line(self, sheet: Worksheet, text: str, *, style: str = "wrap") -> None:
        sheet.write_string(self._row, 0, text, self._styles[style])
        self._row += 1
