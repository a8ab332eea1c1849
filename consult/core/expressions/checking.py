"""What can be said about an expression before anyone answers: against the questions it speaks of."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from consult.core.errors import Problem
from consult.core.expressions import patterns
from consult.core.expressions.dates import looks_like_date
from consult.core.expressions.expression import Expression, labelled_question
from consult.core.expressions.functions import FUNCTIONS, REPEATED, Kind
from consult.core.expressions.reading import unknown
from consult.core.expressions.tree import (
    Arithmetic,
    Attribute,
    Call,
    Comparison,
    Dot,
    Lookup,
    Node,
    Reference,
    Text,
    children,
)
from consult.core.expressions.values import plain_number
from consult.core.questionnaire.definition import (
    SELECTS,
    UNANSWERED,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    answers_of,
)

WARNINGS: Final = frozenset(
    {
        "expression.name.later",
        "expression.name.unanswered",
        "expression.choice.unknown",
        "expression.type.number",
        "expression.type.comparison",
        "expression.type.selection",
    }
)
"""Codes of problems that are worth a look but stop nothing; all other codes of `check` do."""

_NUMBERS: Final = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
_DATES: Final = frozenset({QuestionType.DATE, QuestionType.DATETIME})
_UNLISTED: Final = _NUMBERS | _DATES | {QuestionType.TIME}
"""Types whose answer is surely no list of codes."""
_OF_ANSWERS: Final = frozenset({"name", "label"})
"""The columns of choices that are answers to another question."""
_SELECTION: Final = frozenset({"selected", "selected-at", "count-selected"})


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression may speak of. Empty parts are unknown, and nothing is said about them."""

    questions: Mapping[str, QuestionType]
    """Types of the questions by name, in document order."""
    groups: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()
    codes: Mapping[str, frozenset[str]] = {}
    """The codes that can be chosen, by question name."""
    lists: Mapping[str, frozenset[str]] = {}
    """The columns of the choice lists, by list name."""
    own: str = ""
    """Name of the question whose expression it is."""
    columns: frozenset[str] = frozenset()
    """In a choice filter: the columns of the list under test."""

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Scope:
        """The scope of a whole questionnaire; `at` narrows it to one question."""
        questions = {question.name: question for question in questionnaire.questions()}
        lists = questionnaire.lists()
        containers = [node for node, _ in questionnaire.walk() if not isinstance(node, Question)]
        return cls(
            questions={name: question.type for name, question in questions.items()},
            groups=frozenset(node.name for node in containers if isinstance(node, Group)),
            repeats=frozenset(node.name for node in containers if not isinstance(node, Group)),
            codes={
                name: frozenset(lists[question.choices].names()) | ({"other"} if question.or_other else set())
                for name, question in questions.items()
                if question.choices in lists
            },
            lists={
                name: frozenset({"name", "label"}.union(*(choice.attributes for choice in choices.choices)))
                for name, choices in lists.items()
            },
        )

    def at(self, own: str, choice_filter_of: str = "") -> Scope:
        """The scope at one question; with the name of its choice list, that of its choice filter."""
        columns = _OF_ANSWERS if answers_of(choice_filter_of) else self.lists.get(choice_filter_of, frozenset())
        return msgspec.structs.replace(self, own=own, columns=columns)

    def known(self, name: str) -> bool:
        """Whether there is a question, group or repeat with that name."""
        return name in self.questions or name in self.groups or name in self.repeats

    def type_of(self, node: Node) -> QuestionType | None:
        """The type of the question that a node stands for, if it stands for one."""
        match node:
            case Reference(name=name):
                return self.questions.get(name)
            case Dot():
                return self.questions.get(self.own)
        return None


def check(expr: Expression, scope: Scope) -> list[Problem]:
    """Everything wrong or doubtful; codes in `WARNINGS` are the doubtful ones.

    `expression.name.unknown .name.misspelt .name.bare .column.unknown .list.unknown .regex .repeat.needed
    .choice_name.question` and the warnings.
    """
    found = [*_names(expr, scope), *_parts(expr.tree, scope, frozenset())]
    return list({(problem.code, tuple(sorted(problem.params.items()))): problem for problem in found}.values())


def cycles(calculations: Mapping[str, Expression]) -> list[tuple[str, ...]]:
    """Calculations that wait for each other, each cycle as the names along it; without the last link there is none."""
    graph = {
        name: {other for other in expr.names - expr.labelled if other in calculations}
        for name, expr in calculations.items()
    }
    found = []
    while True:
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            cycle: list[str] = error.args[1]
            found.append(tuple(reversed(cycle[1:])))
            graph[cycle[1]].discard(cycle[0])
        else:
            return found


def _names(expr: Expression, scope: Scope) -> Iterator[Problem]:
    """Unknown questions, and questions that come later or take no answer."""
    places = {name: place for place, name in enumerate(scope.questions)}
    here = places.get(scope.own, len(places))
    for name in sorted(expr.names):
        if not scope.known(name):
            yield unknown("question", name, [*scope.questions, *scope.groups, *scope.repeats])
        elif places.get(name, 0) > here:
            yield Problem("expression.name.later", {"name": name})
        elif scope.questions.get(name) in UNANSWERED:
            yield Problem("expression.name.unanswered", {"name": name})


def _parts(node: Node, scope: Scope, columns: frozenset[str]) -> Iterator[Problem]:
    """Problems of a node and all below it; `columns` are those of the list being searched around it."""
    match node:
        case Attribute(name=name) if name not in scope.columns | columns:
            if scope.columns or columns:
                yield unknown("column", name, scope.columns | columns)
            elif scope.known(name):
                yield Problem("expression.name.bare", {"name": name})
            else:
                yield Problem("expression.name.quotes", {"name": name})
        case Call():
            yield from _call(node, scope)
        case Comparison():
            yield from _comparison(node, scope)
        case Arithmetic():
            yield from _numeric((node.left, node.right))
        case Lookup():
            yield from _lookup(node, scope)
            columns = columns | scope.lists.get(node.choices, frozenset())
    for child in children(node):
        yield from _parts(child, scope, columns)


def _lookup(node: Lookup, scope: Scope) -> Iterator[Problem]:
    if node.choices not in scope.lists:
        yield unknown("list", node.choices, scope.lists)
    elif node.column not in scope.lists[node.choices]:
        yield unknown("column", node.column, scope.lists[node.choices])


def _call(node: Call, scope: Scope) -> Iterator[Problem]:
    arguments = node.arguments
    signature = FUNCTIONS[node.name]
    if node.name in REPEATED and not scope.repeats:
        yield Problem("expression.repeat.needed", {"function": node.name})
    if node.name in _SELECTION and scope.type_of(arguments[0]) in _UNLISTED:
        yield Problem("expression.type.selection", {"function": node.name})
    match node:
        case Call(name="regex", arguments=(_, Text(value=source))) if patterns.pattern(source) is None:
            yield Problem("expression.regex", {"pattern": source})
        case Call(name="jr:choice-name") if scope.questions.get(labelled_question(node)) not in SELECTS:
            yield Problem("expression.choice_name.question")
        case Call(name="pulldata", arguments=(Text(value=choices), *_)) if choices not in scope.lists:
            yield unknown("list", choices, scope.lists)
        case Call(name="selected", arguments=(question, Text(value=code))):
            yield from _code(question, code, scope)
    yield from _numeric(argument for place, argument in enumerate(arguments) if signature.kind(place) is Kind.NUMBER)


def _numeric(nodes: Iterable[Node]) -> Iterator[Problem]:
    """Texts where a number is wanted: they count as NaN."""
    for node in nodes:
        if isinstance(node, Text) and node.value and not _is_number(node.value):
            yield Problem("expression.type.number", {"text": node.value})


def _comparison(node: Comparison, scope: Scope) -> Iterator[Problem]:
    """Literals to which no answer of the question's type can be equal, or which have no order."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(other, Text) or not other.value:
            continue
        kind = scope.type_of(side)
        if node.operator not in {"=", "!="}:
            yield from _numeric((other,))
        elif (kind in _NUMBERS and plain_number(other.value) is None) or (
            kind in _DATES and not looks_like_date(other.value)
        ):
            yield Problem("expression.type.comparison", {"text": other.value, "type": str(kind)})
        elif kind is QuestionType.SELECT_ONE:
            yield from _code(side, other.value, scope)


def _code(question: Node, code: str, scope: Scope) -> Iterator[Problem]:
    """A code that is not among the choices of the question."""
    name = question.name if isinstance(question, Reference) else scope.own if isinstance(question, Dot) else ""
    codes = scope.codes.get(name)
    if codes and code.strip() not in codes:
        yield Problem("expression.choice.unknown", {"code": code, "name": name})


def _is_number(text: str) -> bool:
    return plain_number(text) is not None or looks_like_date(text)
