"""Which rows and choices are offered: array filters, and conditions of the choices of a multiple choice."""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.core.exchange.lss.conditions import ALWAYS
from consult.core.exchange.lss.context import Context
from consult.core.exchange.lss.shapes import Cell, Shape
from consult.core.exchange.lss.survey import Subquestion
from consult.core.exchange.lss.translating import Translation, both, written
from consult.core.exchange.lss.variables import Own, Variable
from consult.core.expressions import parse
from consult.core.expressions.tree import Call, Node, Reference, Text
from consult.core.questionnaire.definition import SELECTS


@dataclass(slots=True)
class Filters:
    """The filters of one question."""

    context: Context
    shape: Shape
    _sources: list[tuple[str, dict[str, Variable], bool]] = field(init=False)
    """Attribute, the variables of the other question by the code of its row, whether it excludes."""

    def __post_init__(self) -> None:
        self._sources = []
        question = self.shape.question
        for attribute in ("array_filter", "array_filter_exclude"):
            for code in question.attributes.get(attribute, "").replace(",", ";").split(";"):
                cells = self.context.variables.cells(code.strip())
                known = {suffix: cells[suffix] for suffix in self._codes() if suffix in cells}
                if known:
                    self._sources.append((attribute, known, attribute.endswith("exclude")))
                elif code.strip():
                    place = self.context.place(question, attribute)
                    self.context.report.warn("lss.filter", place, code=code.strip()[:60])

    def _codes(self) -> list[str]:
        question = self.shape.question
        return [row.code for row in question.rows()] + [option.code for option in question.options]

    def code(self, code: str) -> str:
        """The condition under which the row or choice of this code is offered."""
        translation = Translation(self.context.variables)
        found = []
        for _, known, excludes in self._sources:
            if code in known:
                given = translation.given(known[code])
                found.append(written(Call("not", (given,)) if excludes else given, code))
        return both(*found)

    def row(self, row: Subquestion | None) -> str:
        """The condition of a row."""
        return self.code(row.code) if row is not None else ""

    def choices(self, cell: Cell) -> str:
        """The choice filter of a question whose choices are filtered one by one."""
        if self.shape.grouped or cell.type not in SELECTS or cell.choices is None:
            return ""
        conditions = {}
        for code, _ in cell.choices.codes:
            if each := self.context.both(self.shape.question, self._relevance(code, cell), self.code(code)):
                conditions[code] = each
        if not conditions:
            return ""
        if len(conditions) == len(cell.choices.codes) and (same := self._same(conditions)):
            return same
        parts = [f"name != '{code}' or ({each})" for code, each in conditions.items()]
        place = self.context.place(self.shape.question, "relevance")
        return self.context.translated("; ".join(parts), place, lambda: _whole(parts))

    def _relevance(self, code: str, cell: Cell) -> str:
        """A subquestion's own condition; one that asks about the same question would take back what it offered."""
        context, question = self.context, self.shape.question
        row = next((row for row in question.rows() if row.code == code), None)
        if row is None or row.relevance.strip() in ALWAYS:
            return ""

        place = context.place(question, f"{code} · relevance")
        return context.condition(row.relevance, place, Own(question.code, code), [cell.name])

    @staticmethod
    def _same(conditions: dict[str, str]) -> str:
        """One condition for all choices: `selected(${q}, name)`, where each asks whether its own code was chosen."""
        shortened = set()
        for code, each in conditions.items():
            tree = parse(each).tree
            match tree:
                case Call(name="selected", arguments=(Reference(name=name), Text(value=value))) if value == code:
                    shortened.add(f"selected(${{{name}}}, name)")
                case Call(name="not", arguments=(Call(name="selected") as inner,)):
                    shortened.add(_negated(inner, code))
                case _:
                    return ""
        return shortened.pop() if len(shortened) == 1 else ""


def _negated(node: Node, code: str) -> str:
    match node:
        case Call(arguments=(Reference(name=name), Text(value=value))) if value == code:
            return f"not(selected(${{{name}}}, name))"
    return code


def _whole(parts: list[str]) -> str:
    return written(parse(both(*parts)).tree, "choice_filter")
