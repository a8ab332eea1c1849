"""What the columns of a sheet mean: aliases, prefixes and languages of headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from consult.core.codes import language_tag, private_tag
from consult.core.exchange.workbook import Row, Sheet
from consult.core.exchange.xlsform.report import Report
from consult.core.questionnaire.definition import MEDIA

_ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

TRANSLATED: Final = frozenset(
    {"label", "hint", "guidance_hint", "constraint_message", "required_message", "form_title"}
)
_PREFIXES: Final = frozenset({"bind", "control", "body", "media"})

_QUESTION: Final = (
    *("type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint"),
    *("constraint_message", "calculation", "default", "read_only", "choice_filter", "appearance", "parameters"),
    *("trigger", "repeat_count", "disabled", "our::theme", "our::concept", "our::sensitive", "our::contact"),
    *("our::type", "our::or_other", "our::turns_away", "our::id"),
)
_SETTING: Final = ("form_title", "form_id", "version", "style", "default_language", "instance_name", "our::languages")

SURVEY: Final[Mapping[str, str]] = {
    **{field: field for field in (*_QUESTION, *MEDIA)},
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "relevance": "relevant",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "calculate": "calculation",
    "readonly": "read_only",
    "count": "repeat_count",
    "jr:count": "repeat_count",
}
CHOICES: Final[Mapping[str, str]] = {
    "list_name": "list_name",
    "name": "name",
    "value": "name",
    "label": "label",
    "caption": "label",
    **{medium: medium for medium in MEDIA},
}
SETTINGS: Final[Mapping[str, str]] = {
    **{field: field for field in (*_SETTING, "allow_choice_duplicates")},
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its position, the field it is for (empty: none that is known), and its language where it names one."""

    index: int
    field: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet, in order."""

    sheet: Sheet
    all: tuple[Column, ...]

    def of(self, field: str) -> list[Column]:
        """The columns for a field: one for each language."""
        return [column for column in self.all if column.field == field]

    def has(self, field: str) -> bool:
        """Whether there is such a column."""
        return any(column.field == field for column in self.all)

    def languages(self) -> list[str]:
        """The languages that headers name, in order."""
        return list(dict.fromkeys(column.language for column in self.all if column.language))

    def unlabelled(self) -> list[str]:
        """The translated fields that have a column without a language."""
        return [column.field for column in self.all if column.field in TRANSLATED and not column.language]

    def filled(self, column: Column) -> Row | None:
        """The first row that has something in this column."""
        return next((row for row in self.sheet.rows if column.index in row.cells), None)


def read_columns(sheet: Sheet, known: Mapping[str, str], report: Report) -> Columns:
    """The columns of a sheet; duplicates are errors, unknown languages warnings.

    Codes: `xlsform.column.duplicate`, `xlsform.cell.error`, `xlsform.language.unknown`, `xlsform.column.unnamed`.
    """
    double = any("::" in header for header in sheet.headers)
    found: dict[tuple[str, str], str] = {}
    columns: list[Column] = []
    for index, header in enumerate(sheet.headers):
        if not header:
            continue
        field, language = _parse(header, known, double=double)
        key = (field, tag := _tag(language, sheet, index, report)) if field else ("", header)
        if key in found:
            report.error("xlsform.column.duplicate", sheet.place(None, index), header=header, other=found[key])
        else:
            found[key] = header
            columns.append(Column(index, field, tag if field else ""))
    _check_cells(sheet, columns, report)
    return Columns(sheet, tuple(columns))


def left_out(columns: Columns, report: Report) -> None:
    """Say which columns have content and no place: `xlsform.column.left_out`."""
    for column in columns.all:
        if not column.field and columns.filled(column) is not None:
            place = columns.sheet.place(None, column.index)
            report.warn("xlsform.column.left_out", place, header=columns.sheet.headers[column.index])


def media(columns: Columns, report: Report) -> None:
    """Say which columns name files, which are no part of the form: `xlsform.column.media`, `xlsform.column.video`."""
    sheet = columns.sheet
    for column in columns.all:
        if column.field in MEDIA and (row := columns.filled(column)):
            files = [row.cells[column.index] for row in sheet.rows if column.index in row.cells]
            place, header = sheet.place(row.number, column.index), sheet.headers[column.index]
            code = "xlsform.column.video" if column.field == "video" else "xlsform.column.media"
            report.warn(code, place, header=header, count=len(set(files)), file=files[0][:60])


def shadowed(columns: Columns, source: str, report: Report) -> None:
    """Say where a column without a language and one that names the source are for the same texts."""
    headers = columns.sheet.headers
    for column in columns.all:
        if (column.field in TRANSLATED or column.field in MEDIA) and not column.language:
            other = next((each for each in columns.of(column.field) if each.language == source), None)
            if other is not None:
                place = columns.sheet.place(None, column.index)
                report.warn("xlsform.column.shadowed", place, header=headers[column.index], other=headers[other.index])


def snake(text: str) -> str:
    """A header or type as the reference compares them: lower case, one underscore for any space."""
    return "_".join(text.lower().split())


def _parse(header: str, known: Mapping[str, str], *, double: bool) -> tuple[str, str]:
    """Field and language label of a header; the field is empty where nobody knows it."""
    if snake(header) in known:
        return known[snake(header)], ""
    if double or "::" in header:
        tokens = [token.strip() for token in header.split("::")]
    else:
        tokens = [token.strip() for token in header.replace("jr:", "jr\0").split(":")]
        tokens = [token.replace("jr\0", "jr:") for token in tokens]
    if [snake(token) for token in tokens[:2]] == ["our", "form_title"]:
        tokens = tokens[1:]  # how a translated title is written: pyxform stops at `form_title::…` beside `form_title`
    if snake(tokens[0]) == "our" and len(tokens) == 2:
        return known.get(f"our::{snake(tokens[1])}", ""), ""
    if snake(tokens[0]) in _PREFIXES and len(tokens) > 1:
        tokens = tokens[1:]
    field = known.get(snake(tokens[0]), "")
    translated = field in TRANSLATED or field in MEDIA
    if len(tokens) > 2 or (len(tokens) == 2 and not (translated and tokens[1])):
        return "", ""
    return field, tokens[1] if len(tokens) == 2 else ""


def _tag(language: str, sheet: Sheet, index: int, report: Report) -> str:
    if not language:
        return ""
    tag = language_tag(language)
    if tag is None:
        tag = private_tag(language)
        report.warn("xlsform.language.unknown", sheet.place(None, index), language=language, tag=tag)
    return tag


def _check_cells(sheet: Sheet, columns: list[Column], report: Report) -> None:
    """Cells where a formula failed, and cells under no header."""
    fields = {column.index: column.field for column in columns}
    unnamed: set[int] = set()
    for row in sheet.rows:
        for index, text in row.cells.items():
            if index not in fields:
                if not unnamed and (index >= len(sheet.headers) or not sheet.headers[index]):
                    report.warn("xlsform.column.unnamed", sheet.place(row.number), text=text[:40])
                    unnamed.add(index)
            elif text in _ERRORS and fields[index]:
                report.error("xlsform.cell.error", sheet.place(row.number, index), value=text)
