"""From a file to a questionnaire, or to a list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from consult.core.errors import Problem
from consult.core.exchange.xlsform import columns as headers
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.choices import Lists, read_choices
from consult.core.exchange.xlsform.columns import Columns, left_out, read_columns, shadowed
from consult.core.exchange.xlsform.references import Uses
from consult.core.exchange.xlsform.report import Report
from consult.core.exchange.xlsform.settings import read_settings, source_locale
from consult.core.exchange.xlsform.summary import Summary, summarise
from consult.core.exchange.xlsform.survey import Survey
from consult.core.exchange.xlsform.workbook import Sheet, Workbook, read_workbook
from consult.core.questionnaire.definition import NO_TEXT, ChoiceList, Node, Question, Questionnaire
from consult.core.text import LocalisedText

_SHEETS: Final = {
    "survey": headers.SURVEY,
    "choices": headers.CHOICES,
    "external_choices": headers.CHOICES,
    "settings": headers.SETTINGS,
}
_LEFT_OUT: Final = ("entities", "osm")


@dataclass(frozen=True, slots=True)
class Imported:
    """A form that was read: the questionnaire, what was left out or looks wrong, and its numbers."""

    questionnaire: Questionnaire
    warnings: tuple[Problem, ...]
    summary: Summary


def read(data: bytes, *, filename: str = "", source: str = "", title: LocalisedText = NO_TEXT) -> Imported:
    """Read an XLSForm (.xlsx).

    `source` is the locale of columns that name no language; without it the form's `default_language` is, else English.
    `title` is what it is called if it has no title of its own; without it the form's id is, else the file's name.
    Raises `Refused` with every problem and its sheet, row and column. Codes: `xlsform.*`, `expression.*`.
    """
    report = Report()
    book = read_workbook(data, tuple(_SHEETS))
    _check_sheets(book, report)
    columns = {name: read_columns(book.sheets.get(name, Sheet(name)), known, report) for name, known in _SHEETS.items()}
    settings_columns = columns.pop("settings")
    locale = source_locale(settings_columns, list(columns.values()), source)
    for each in (settings_columns, *columns.values()):
        shadowed(each, locale, report)
    settings = read_settings(Cells(settings_columns, locale), report, filename, title)
    lists = Lists()
    for name in ("choices", "external_choices"):
        left_out(columns[name], report, sorted(headers.MEDIA))
        read_choices(Cells(columns[name], locale), lists, report, duplicates=settings.duplicates)
    survey, nodes = _read_survey(Cells(columns["survey"], locale), lists, report)
    report.refuse_if_any()
    called = LocalisedText({locale: survey.titles["form_title"]}) if "form_title" in survey.titles else settings.title
    named = [settings_columns, *columns.values()]
    questionnaire = Questionnaire(
        title=called,
        locales=_locales(locale, named, nodes, lists.lists(), report),
        children=nodes,
        choice_lists=lists.lists(),
        settings=settings.kept | {key: value for key, value in survey.titles.items() if key == "form_id"},
    )
    _count_missing(questionnaire, report)
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


def _read_survey(cells: Cells, lists: Lists, report: Report) -> tuple[Survey, tuple[Node, ...]]:
    left_out(cells.columns, report)
    uses = Uses()
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


def _locales(
    source: str,
    sheets: list[Columns],
    nodes: tuple[Node, ...],
    lists: tuple[ChoiceList, ...],
    report: Report,
) -> tuple[str, ...]:
    """The languages in which anything is asked, the source first; one of headers only is told and not offered."""
    draft = Questionnaire(title=NO_TEXT, locales=(source,), children=nodes, choice_lists=lists)
    found = {locale for text in _texts(draft) for locale in text}
    named = dict.fromkeys(tag for columns in sheets for tag in columns.languages())
    for tag in named:
        if tag not in found:
            report.warn("xlsform.language.empty", tag=tag)
    return (source, *(tag for tag in named if tag in found and tag != source))


def _texts(questionnaire: Questionnaire) -> Iterable[LocalisedText]:
    yield questionnaire.title
    for node, _ in questionnaire.walk():
        yield node.label
        if isinstance(node, Question):
            yield from (node.hint, node.guidance, node.required_message, node.constraint_message)
    for choices in questionnaire.choice_lists:
        yield from (choice.label for choice in choices.choices)


def _count_missing(questionnaire: Questionnaire, report: Report) -> None:
    """For every language, how many texts are there in others only."""
    texts = [text for text in _texts(questionnaire) if text]
    for locale in questionnaire.locales:
        if missing := sum(locale not in text for text in texts):
            report.warn("xlsform.language.incomplete", tag=locale, missing=missing, total=len(texts))
