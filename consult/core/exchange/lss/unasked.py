"""Conditions that say something else here while a question they speak of is not asked.

There a condition does not hold while any question it names is not asked, unless it names it with `.NAOK`; here the
answer of such a question is empty, as that of a question nobody has answered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from consult.core.exchange.lss.conditions import ALWAYS
from consult.core.exchange.lss.script import Variable, parse, walk
from consult.core.exchange.lss.shapes import Shape
from consult.core.exchange.lss.survey import Group
from consult.core.exchange.lss.variables import Own, Variables
from consult.core.expressions import Environment, Expression
from consult.core.expressions import parse as parse_ours
from consult.core.expressions.tree import Call, Conjunction, Disjunction, Node, Reference
from consult.core.expressions.tree import walk as walk_ours


@dataclass(slots=True)
class Unasked:
    """Which questions are not always asked."""

    _own: set[str] = field(default_factory=set)
    """Names of questions with a condition of their own."""
    _groups: dict[str, str] = field(default_factory=dict)
    """Names of questions in groups that have one, with the group."""

    def note(self, shape: Shape, group: Group) -> None:
        """Note the conditions of a question's cells."""
        question = shape.question
        filtered = any(question.attributes.get(name) for name in ("array_filter", "array_filter_exclude"))
        whole = question.relevance.strip() not in ALWAYS or bool(question.conditions)
        for cell in shape.all_cells():
            by_row = cell.row is not None and (filtered or cell.row.relevance.strip() not in ALWAYS)
            if whole or by_row or cell.relevant:
                self._own.add(cell.name)
            if group.relevance.strip() not in ALWAYS:
                self._groups[cell.name] = group.id

    def differing(self, source: str, translated: str, variables: Variables, own: Own, group: str) -> Iterator[str]:
        """Names of questions while which are not asked the translation can hold and the source does not."""
        named = {
            variable.question: None
            for part, _ in walk(parse(source))
            if isinstance(part, Variable) and "NAOK" not in part.name.split(".")
            for variable in variables.several(part.name, own)[0]
        }
        tree = parse_ours(translated).tree
        for name in named:
            conditional = name in self._own or self._groups.get(name, group) != group
            if conditional and _truth(tree, name) is not False:
                yield name


def _truth(node: Node, empty: str) -> bool | None:
    """Whether a condition holds while one answer is empty; None where that depends on others."""
    match node:
        case Conjunction(items=items):
            found = [_truth(item, empty) for item in items]
            return False if False in found else (None if None in found else True)
        case Disjunction(items=items):
            found = [_truth(item, empty) for item in items]
            return True if True in found else (None if None in found else False)
        case Call(name="not", arguments=(argument,)):
            inner = _truth(argument, empty)
            return None if inner is None else not inner
    names = {part.name for part, _ in walk_ours(node) if isinstance(part, Reference)}
    expression = Expression("", node) if names <= {empty} else None
    if expression is None or expression.volatile:
        return None
    return expression.truth(Environment(today=datetime.date(2000, 1, 1)))
