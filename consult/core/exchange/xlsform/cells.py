"""Reads the rows of a sheet by field: plain words, expressions, and texts in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from consult.core.errors import Place
from consult.core.exchange.workbook import Row
from consult.core.exchange.xlsform.columns import Columns
from consult.core.exchange.xlsform.report import Report
from consult.core.questionnaire.definition import MEDIA
from consult.core.text import LocalisedText

_STRAIGHT: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_YES_NO: Final[Mapping[str, str]] = {
    **dict.fromkeys(("yes", "true", "true()"), "true()"),
    **dict.fromkeys(("no", "false", "false()"), "false()"),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a sheet; texts in columns that name no language are in the source locale."""

    columns: Columns
    source: str = "en"

    def text(self, row: Row, field: str) -> str:
        """A text as it stands in the first column for this field that has one."""
        return next((row.cells[each.index] for each in self.columns.of(field) if each.index in row.cells), "")

    def word(self, row: Row, field: str) -> str:
        """A name or a type: without superfluous space."""
        return " ".join(self.text(row, field).replace("\u00a0", " ").split())

    def expression(self, row: Row, field: str) -> str:
        """An expression with straight quotes; `yes` and `TRUE` are `true()`."""
        text = self.text(row, field).translate(_STRAIGHT).strip()
        return _YES_NO.get(text.lower(), text)

    def condition(self, row: Row, field: str) -> str:
        """An expression of which `false()` says no more than an empty cell."""
        expression = self.expression(row, field)
        return "" if expression == "false()" else expression

    def flag(self, row: Row, field: str) -> bool:
        """Whether a cell says yes."""
        return self.expression(row, field) == "true()"

    def localised(self, row: Row, field: str) -> LocalisedText:
        """A text in all its languages. A column that names the language wins over one that does not."""
        texts: dict[str, str] = {}
        for column in sorted(self.columns.of(field), key=lambda column: not column.language):
            if column.index in row.cells:
                texts.setdefault(column.language or self.source, row.cells[column.index])
        return LocalisedText(texts)

    def media(self, row: Row, report: Report) -> dict[str, LocalisedText]:
        """Names of files by what they are, per language; a large picture needs its small one. Code: `xlsform.media`."""
        found = {medium: files for medium in MEDIA if (files := self.localised(row, medium))}
        if "big-image" in found and "image" not in found:
            report.warn("xlsform.media", self.place(row, "big-image"))
            del found["big-image"]
        return found

    def place(self, row: Row, field: str = "") -> Place:
        """Where a field of a row is: the column with content, else the first for it, else where one should be."""
        columns = self.columns.of(field)
        column = next((each for each in columns if each.index in row.cells), columns[0] if columns else None)
        if column is None:
            return Place(self.columns.sheet.name, row.number, field)
        return self.columns.sheet.place(row.number, column.index)
