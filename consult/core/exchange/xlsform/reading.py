"""From a file to a questionnaire, or to a list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from consult.core.errors import Problem
from consult.core.exchange.workbook import Sheet, Workbook, read_workbook
from consult.core.exchange.xlsform import columns as headers
from consult.core.exchange.xlsform.attached import Attached, read_attached
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.choices import Lists, read_choices, read_file
from consult.core.exchange.xlsform.columns import Columns, left_out, media, read_columns, shadowed
from consult.core.exchange.xlsform.references import Uses
from consult.core.exchange.xlsform.report import Report
from consult.core.exchange.xlsform.settings import read_settings, source_locale
from consult.core.exchange.xlsform.summary import Summary, summarise
from consult.core.exchange.xlsform.survey import Survey
from consult.core.questionnaire.definition import NO_TEXT, ChoiceList, Node, Questionnaire
from consult.core.questionnaire.texts import all_texts
from consult.core.text import LocalisedText

_SHEETS: Final = {
    "survey": headers.SURVEY,
    "choices": headers.CHOICES,
    "external_choices": headers.CHOICES,
    "settings": headers.SETTINGS,
}
_LEFT_OUT: Final = ("entities", "osm")
NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})
"""No file beside the form."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A form that was read: the questionnaire, what was left out or looks wrong, and its numbers."""

    questionnaire: Questionnaire
    warnings: tuple[Problem, ...]
    summary: Summary


def read(
    data: bytes,
    *,
    filename: str = "",
    source: str = "",
    title: LocalisedText = NO_TEXT,
    attached: Mapping[str, bytes] = NOTHING,
) -> Imported:
    """Read an XLSForm (.xlsx).

    `source` is the locale of columns that name no language; without it the form's `default_language` is, else English.
    `title` is what it is called if it has no title of its own; without it the form's id is, else the file's name.
    `attached` are the files that belong to it, by their names: CSV files are read, others are sounds and pictures.
    Raises `Refused` with every problem and its sheet, row and column. Codes: `xlsform.*`, `expression.*`.
    """
    report = Report()
    book = read_workbook(data, tuple(_SHEETS))
    _check_sheets(book, report)
    columns = {name: read_columns(book.sheets.get(name, Sheet(name)), known, report) for name, known in _SHEETS.items()}
    settings_columns = columns.pop("settings")
    files = read_attached(attached, Cells(columns["survey"]), report)
    sheets = [*columns.values(), *files.columns.values()]
    locale = source_locale(settings_columns, sheets, source)
    for each in (*sheets, settings_columns):
        shadowed(each, locale, report)
        media(each, report)
    settings = read_settings(Cells(settings_columns, locale), report, filename, title)
    lists = Lists()
    for name in ("choices", "external_choices"):
        read_choices(Cells(columns[name], locale), lists, report, duplicates=settings.duplicates)
    for name, of_file in files.columns.items():
        labelled = name in files.selected
        read_file(Cells(of_file, locale), lists, name, report, duplicates=settings.duplicates, labelled=labelled)
    survey, nodes = _read_survey(Cells(columns["survey"], locale), lists, files, report)
    report.refuse_if_any()
    called = LocalisedText({locale: survey.titles["form_title"]}) if "form_title" in survey.titles else settings.title
    questionnaire = Questionnaire(
        title=called,
        locales=_offered(locale, settings.languages)
        or _locales(locale, [*sheets, settings_columns], nodes, lists.lists(), report),
        children=nodes,
        choice_lists=lists.lists(),
        settings=settings.kept | {key: value for key, value in survey.titles.items() if key == "form_id"},
        left_out=survey.uses.missed,
    )
    report.count_missing(questionnaire)
    return Imported(questionnaire, report.told(), summarise(questionnaire))


def _check_sheets(book: Workbook, report: Report) -> None:
    others = [name for name in book.names if name.lower().strip() not in _SHEETS]
    if "survey" not in book.sheets:
        report.error("xlsform.sheet.missing", sheet="survey", sheets=", ".join(book.names)[:200])
        report.refuse_if_any()
    for name in ("choices", "settings"):
        if name not in book.sheets and (near := report.closest(name, others)):
            report.warn("xlsform.sheet.misspelt", sheet=name, found=near)
    for name in others:
        if name.lower().strip() in _LEFT_OUT:
            report.warn("xlsform.sheet.left_out", sheet=name)


def _read_survey(cells: Cells, lists: Lists, files: Attached, report: Report) -> tuple[Survey, tuple[Node, ...]]:
    left_out(cells.columns, report)
    uses = Uses(files=files.lists)
    survey = Survey(cells, uses, report)
    if not cells.columns.has("type"):
        report.error("xlsform.column.missing", cells.columns.sheet.place(), header="type")
        report.refuse_if_any()
    nodes = survey.read()
    draft = Questionnaire(title=LocalisedText(), locales=(cells.source,), children=nodes, choice_lists=lists.lists())
    uses.check(draft, lists, report)
    if not uses.names:
        report.error("xlsform.empty", cells.columns.sheet.place())
    return survey, nodes


def _offered(source: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages that the form says are offered, the source first; none where it says nothing."""
    return (source, *(tag for tag in dict.fromkeys(languages) if tag != source)) if languages else ()


def _locales(
    source: str,
    sheets: list[Columns],
    nodes: tuple[Node, ...],
    lists: tuple[ChoiceList, ...],
    report: Report,
) -> tuple[str, ...]:
    """The languages in which anything is asked, the source first; one of headers only is told and not offered."""
    draft = Questionnaire(title=NO_TEXT, locales=(source,), children=nodes, choice_lists=lists)
    found = {locale for text in all_texts(draft) for locale in text}
    named = dict.fromkeys(tag for columns in sheets for tag in columns.languages())
    for tag in named:
        if tag not in found:
            report.warn("xlsform.language.empty", tag=tag)
    return (source, *(tag for tag in named if tag in found and tag != source))
