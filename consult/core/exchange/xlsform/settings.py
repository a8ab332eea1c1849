"""The settings sheet: title, identity and style of a form, and in which language its unlabelled columns are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from consult.core.codes import language_tag, private_tag
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.columns import Columns, left_out
from consult.core.exchange.xlsform.report import Report
from consult.core.text import LocalisedText, clean

KEPT = ("form_id", "version", "style", "instance_name")
DUPLICATES = "allow_choice_duplicates"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings sheet says."""

    title: LocalisedText
    kept: dict[str, str]
    languages: tuple[str, ...]
    """The languages offered where the form says so itself, the source first."""

    @property
    def duplicates(self) -> bool:
        """Whether a list may have two choices of one name, told apart by a filter."""
        return DUPLICATES in self.kept


def source_locale(settings: Columns, others: list[Columns], wanted: str) -> str:
    """The locale in which a form was written: of columns without a language, else the default or the first language.

    `wanted` is what the caller says of columns without a language; it wins over the form's `default_language`.
    """
    named = list(dict.fromkeys(tag for columns in others for tag in columns.languages()))
    unlabelled = [field for columns in others for field in columns.unlabelled()]
    default = default_language(settings)
    if unlabelled:
        return wanted or default or (named[0] if named and "label" not in unlabelled else "en")
    return next((tag for tag in (default, wanted) if tag in named), named[0] if named else wanted or default or "en")


def default_language(settings: Columns) -> str:
    """The tag of the form's `default_language`, or nothing."""
    rows = settings.sheet.rows
    text = Cells(settings).word(rows[0], "default_language") if rows else ""
    return (language_tag(text) or private_tag(text)) if text else ""


def read_settings(cells: Cells, report: Report, filename: str, title: LocalisedText) -> Settings:
    """The first row of the settings sheet; a form without a title is called `title`, else as its id or its file.

    Codes: `xlsform.title.missing`, `xlsform.row.left_out`, `xlsform.column.left_out`.
    """
    rows = cells.columns.sheet.rows
    left_out(cells.columns, report)
    for row in rows[1:]:
        report.warn("xlsform.row.left_out", cells.place(row))
    kept = {field: text for field in KEPT if rows and (text := cells.text(rows[0], field))}
    own = cells.localised(rows[0], "form_title") if rows else LocalisedText()
    if not own:
        name = kept.get("form_id") or clean(PurePath(filename.replace("\\", "/")).stem)[:200]
        own = title or LocalisedText({cells.source: name})
        report.warn("xlsform.title.missing", cells.columns.sheet.place(), title=own.resolve(cells.source).text)
    if rows and cells.flag(rows[0], DUPLICATES):
        kept[DUPLICATES] = "yes"
    languages = cells.word(rows[0], "our::languages").split() if rows else []
    return Settings(own, kept, tuple(language_tag(label) or private_tag(label) for label in languages))
