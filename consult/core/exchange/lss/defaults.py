"""What stands in a question at first."""

from __future__ import annotations

from consult.core.exchange.lss.context import Context
from consult.core.exchange.lss.script import Lost, parse
from consult.core.exchange.lss.script import Number as Digits
from consult.core.exchange.lss.shapes import Cell, Shape
from consult.core.exchange.lss.translating import value
from consult.core.exchange.lss.variables import Own
from consult.core.expressions.dates import looks_like_date
from consult.core.expressions.values import plain_number
from consult.core.questionnaire.definition import QuestionType, is_dynamic


def default(context: Context, shape: Shape, cell: Cell) -> str:
    """The default of a cell, as a value or an expression. Code: `lss.default`."""
    question = shape.question
    if not question.defaults or cell.type in (QuestionType.NOTE, QuestionType.CALCULATE, QuestionType.FILE):
        return ""
    place = context.place(question, "default")
    try:
        return _default(context, shape, cell)
    except Lost as lost:
        context.report.warn("lss.default", place, source=lost.part[:200])
        return ""


def _default(context: Context, shape: Shape, cell: Cell) -> str:
    question = shape.question
    if cell.type is QuestionType.SELECT_MULTIPLE and not shape.grouped:
        ticked = [row.code for row in question.rows() if question.defaults.get((row.id, 0, "")) == "Y"]
        others = [text for (sub, _, kind), text in question.defaults.items() if kind or sub == "0"]
        if others:
            raise Lost(", ".join(others))
        return " ".join(ticked)
    scale = 1 if cell.suffix.endswith("_1") and question.type == "1" else 0
    key = (cell.row.id if cell.row else "0", scale, "")
    source = question.defaults.get(key, "").strip()
    if not source:
        return ""
    if source.startswith("{") and source.endswith("}"):
        if isinstance(parse(source[1:-1]), Digits):
            return source[1:-1]
        return value(source[1:-1], context.variables, Own(question.code, cell.suffix))
    if not _fits(source, cell):
        raise Lost(source)
    return source


def _fits(source: str, cell: Cell) -> bool:
    """Whether a plain value can be an answer."""
    if is_dynamic(source) or cell.type in (QuestionType.RANK, QuestionType.SELECT_MULTIPLE):
        return False
    if cell.type in (QuestionType.INTEGER, QuestionType.DECIMAL):
        return plain_number(source) is not None
    if cell.type is QuestionType.DATE:
        return looks_like_date(source)
    if cell.choices is not None and cell.choices.codes:
        return source in {code for code, _ in cell.choices.codes}
    return True
