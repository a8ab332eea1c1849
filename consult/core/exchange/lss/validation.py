"""Checks of answers: the attributes and patterns of a question as constraints, where `.` is the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from consult.core.exchange.lss.functions import pattern
from consult.core.exchange.lss.script import Lost
from consult.core.exchange.lss.shapes import Cell, Shape
from consult.core.exchange.lss.translating import both, condition, value, written
from consult.core.exchange.lss.variables import Own, Variables
from consult.core.expressions.dates import looks_like_date
from consult.core.expressions.tree import Call, Dot, Text
from consult.core.questionnaire.definition import QuestionType

_NUMBERS: Final = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL})
_SEVERAL: Final = frozenset({QuestionType.SELECT_MULTIPLE, QuestionType.RANK})
_ANSWER: Final = re.compile(r"\$\{[^{}]+\}")
_BOUNDS: Final = {
    "min_num_value_n": (">=", _NUMBERS),
    "max_num_value_n": ("<=", _NUMBERS),
    "multiflexible_min": (">=", _NUMBERS),
    "multiflexible_max": ("<=", _NUMBERS),
    "slider_min": (">=", _NUMBERS),
    "slider_max": ("<=", _NUMBERS),
    "min_answers": ("count-selected(.) >=", _SEVERAL),
    "max_answers": ("count-selected(.) <=", _SEVERAL),
    "max_subquestions": ("count-selected(.) <=", frozenset({QuestionType.RANK})),
    "maximum_chars": ("string-length(.) <=", _NUMBERS | {QuestionType.TEXT}),
    "date_min": (">=", frozenset({QuestionType.DATE})),
    "date_max": ("<=", frozenset({QuestionType.DATE})),
}
"""Attributes that set a bound, and the types of questions for which they do."""


@dataclass(slots=True)
class Checks:
    """The constraint of a cell, with the attributes that it was made of and those that could not be read."""

    constraint: str = ""
    used: set[str] = field(default_factory=set)
    lost: list[tuple[str, str]] = field(default_factory=list)
    """Attributes with the part of each that has no counterpart."""


def checks(shape: Shape, cell: Cell, variables: Variables) -> Checks:
    """The checks of one cell's answer."""
    question, found, parts = shape.question, Checks(), []
    own = Own(question.code, cell.suffix)
    for name, source in _sources(shape, cell):
        found.used.add(name)
        try:
            parts.append(_check(name, source, cell, variables, own))
        except Lost as lost:
            found.lost.append((name, lost.part))
    try:
        found.constraint = both(*parts)
    except Lost as lost:
        found.lost.append(("em_validation_q", lost.part))
    return found


def _sources(shape: Shape, cell: Cell) -> Iterator[tuple[str, str]]:
    """What is to be checked of a cell: attribute and its value."""
    attributes = shape.question.attributes
    if cell.comment:
        return
    if shape.question.pattern.strip() and cell.choices is None:
        yield "preg", shape.question.pattern
    for name, (_, types) in _BOUNDS.items():
        source = attributes.get(name, "")
        slider = name.startswith("slider_") and attributes.get("slider_layout", "0") in ("", "0")
        if source and cell.type in types and not slider and not (shape.grouped and name.endswith("_answers")):
            yield name, source
    if attributes.get("exclude_all_others") and cell.type is QuestionType.SELECT_MULTIPLE and not shape.grouped:
        yield "exclude_all_others", attributes["exclude_all_others"]
    if attributes.get("em_validation_q") and len(shape.all_cells()) == 1:
        yield "em_validation_q", attributes["em_validation_q"]
    if attributes.get("em_validation_sq") and shape.grouped:
        yield "em_validation_sq", attributes["em_validation_sq"]


def _check(name: str, source: str, cell: Cell, variables: Variables, own: Own) -> str:
    if name == "preg":
        return written(Call("regex", (Dot(), Text(pattern(source)))), source)
    if name.startswith("em_validation"):
        return condition(source, variables, own, cell.name)
    if name == "exclude_all_others":
        return _alone(source, cell)
    left = _BOUNDS[name][0]
    left = left if left.endswith((") >=", ") <=")) else f". {left}"
    if looks_like_date(source):
        return f"{left} date('{source}')"
    bound = value(source, variables, own)
    if "${" not in bound:
        return f"{left} {bound}" if bound.replace(".", "").isdecimal() else f"{left} ({bound})"
    # A bound that is not there yet, because it is another question's answer, does not bind.
    if _ANSWER.fullmatch(bound):
        return f"{bound} = '' or {left} {bound}"
    return f"number({bound}) != number({bound}) or {left} ({bound})"


def _alone(source: str, cell: Cell) -> str:
    """Choices that exclude all others."""
    assert cell.choices is not None
    codes = [code.strip() for code in source.replace(",", ";").split(";") if code.strip()]
    known = {code for code, _ in cell.choices.codes}
    if not codes or not set(codes) <= known:
        raise Lost(source[:60])
    return both(*(f"not(selected(., '{code}')) or count-selected(.) = 1" for code in codes))
