"""One row of the survey sheet as a question."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from consult.core.exchange.workbook import Row
from consult.core.exchange.xlsform.attached import asked_of
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.kinds import Kind
from consult.core.exchange.xlsform.parameters import read_parameters
from consult.core.exchange.xlsform.references import Uses
from consult.core.exchange.xlsform.report import Report
from consult.core.questionnaire.definition import SELECTS, SILENT, Question, QuestionType, is_dynamic
from consult.core.questionnaire.matrices import wordless

_TRIGGER: Final = re.compile(r"\s*\$\{[^{}]+\}(?:\s*,\s*\$\{[^{}]+\})*\s*")
_ANSWERLESS: Final = SILENT | {QuestionType.NOTE}
_UNUSED: Final = {
    "required": _ANSWERLESS,
    "required_message": _ANSWERLESS,
    "constraint": frozenset({QuestionType.NOTE}),
    "repeat_count": frozenset(QuestionType),
    "choice_filter": frozenset(QuestionType) - SELECTS,
    "our::turns_away": frozenset(QuestionType) - {QuestionType.SELECT_ONE},
}
"""Fields that mean nothing for some types."""


def read_question(
    cells: Cells, row: Row, kind: Kind, identity: tuple[str, str], uses: Uses, report: Report
) -> Question:
    """The question of a row, of whose name and type somebody else has taken care.

    Codes: `xlsform.list.* .calculation.missing .parameters .label.missing .cell.unused`.
    """
    unused = _unused(cells, row, kind, report)
    appearance = tuple(cells.word(row, "appearance").split())
    parameters = read_parameters(cells, row, kind, uses, report)
    choices = _choices(cells, row, kind, parameters, uses, report)
    # Above a matrix the labels of its choices stand alone: nobody answers there.
    heads = kind.type in SELECTS and "label" in appearance
    question = Question(
        id=identity[0],
        name=identity[1],
        type=QuestionType.NOTE if heads else kind.type,
        label=uses.texts(row, "label", cells),
        hint=uses.texts(row, "hint", cells),
        guidance=uses.texts(row, "guidance_hint", cells),
        media=cells.media(row, report),
        required="" if heads or "required" in unused else uses.condition(row, "required", cells),
        required_message=uses.texts(row, "required_message", cells),
        relevant=uses.expression(row, "relevant", cells),
        constraint="" if "constraint" in unused else uses.expression(row, "constraint", cells),
        constraint_message=uses.texts(row, "constraint_message", cells),
        calculation=uses.expression(row, "calculation", cells),
        trigger=_trigger(cells, row, uses, report),
        default=_default(cells, row, kind, uses),
        read_only=uses.condition(row, "read_only", cells),
        choices=choices,
        choice_filter="" if "choice_filter" in unused else uses.filter(row, cells, choices),
        or_other=kind.or_other,
        appearance=appearance,
        parameters=parameters,
        theme=cells.word(row, "our::theme"),
        concept=cells.word(row, "our::concept"),
        sensitive=cells.flag(row, "our::sensitive"),
        contact=cells.flag(row, "our::contact"),
        turns_away=() if "our::turns_away" in unused else tuple(cells.word(row, "our::turns_away").split()),
    )
    _check(question, cells, row, report)
    return question


def _unused(cells: Cells, row: Row, kind: Kind, report: Report) -> set[str]:
    """Fields with something that has no meaning for this type; each is told."""
    found = {field for field, types in _UNUSED.items() if kind.type in types and cells.condition(row, field)}
    for field in sorted(found):
        place = cells.place(row, field)
        report.warn("xlsform.cell.unused", place, header=place.column, type=kind.type.value)
    return found


def _choices(cells: Cells, row: Row, kind: Kind, parameters: dict[str, str], uses: Uses, report: Report) -> str:
    """Name of the list; `Uses` checks later that there is one. That of an attached file has the columns asked for."""
    if kind.type not in SELECTS:
        return ""
    place = cells.place(row, "type")
    if not kind.choices:
        report.error("xlsform.list.unnamed", place, type=kind.type.value)
    name = uses.files.get((kind.choices, *asked_of(parameters)), "")
    if name:
        for taken in ("value", "label"):
            parameters.pop(taken, None)
    name = name or kind.choices
    if name:
        uses.lists.append((replace(kind, choices=name), place))
    if kind.or_other:
        uses.left_out[f"{cells.word(row, 'name')}_other"] = ""
    return name


def _default(cells: Cells, row: Row, kind: Kind, uses: Uses) -> str:
    default = cells.text(row, "default")
    if is_dynamic(default):
        return uses.expression(row, "default", cells)
    if kind.type in (QuestionType.TEXT, QuestionType.NOTE):
        return default
    return cells.word(row, "default")


def _trigger(cells: Cells, row: Row, uses: Uses, report: Report) -> str:
    trigger = cells.word(row, "trigger")
    if not trigger:
        return ""
    place = cells.place(row, "trigger")
    if not _TRIGGER.fullmatch(trigger):
        report.error("xlsform.trigger", place, trigger=trigger[:60])
        return ""
    uses.mentions(trigger, place)
    return trigger


def _check(question: Question, cells: Cells, row: Row, report: Report) -> None:
    if question.type is QuestionType.CALCULATE and not question.calculation and not is_dynamic(question.default):
        report.error("xlsform.calculation.missing", cells.place(row, "calculation"), name=question.name)
    needs_words = question.type not in SILENT and not wordless(question)
    if needs_words and not question.label and not question.hint:
        report.warn("xlsform.label.missing", cells.place(row, "label"), name=question.name)
