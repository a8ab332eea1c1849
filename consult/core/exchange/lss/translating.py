"""From ExpressionScript to the dialect of XPath used here. What has no counterpart raises `Lost` and nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

from consult.core.errors import Refused
from consult.core.exchange.lss.functions import FUNCTIONS, Translated
from consult.core.exchange.lss.script import Call as Function
from consult.core.exchange.lss.script import Chain, Lost, Operation, Script, Unary, parse
from consult.core.exchange.lss.script import Number as Digits
from consult.core.exchange.lss.script import Text as Quoted
from consult.core.exchange.lss.script import Variable as Name
from consult.core.exchange.lss.variables import NOBODY, Kind, Own, Variable, Variables
from consult.core.expressions import parse as parse_ours
from consult.core.expressions.dates import looks_like_date
from consult.core.expressions.tree import (
    Arithmetic,
    ArithmeticOperator,
    Call,
    Comparison,
    ComparisonOperator,
    Conjunction,
    Disjunction,
    Dot,
    Negation,
    Node,
    Number,
    Reference,
    Text,
    render,
)
from consult.core.expressions.values import number_text, plain_number
from consult.core.questionnaire.answers import OTHER

_COMPARED: Final = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_COMPUTED: Final = {"+": "+", "-": "-", "*": "*", "/": "div"}
_TRUE: Final = Call("true", ())
_FALSE: Final = Call("false", ())
_NOTHING: Final = Text("")


def condition(source: str, variables: Variables, own: Own = NOBODY, dot: str = "") -> str:
    """A condition in the dialect used here; answers to the question called `dot` are written `.`."""
    return written(_dotted(Translation(variables, own).truth(parse(source)), dot), source)


def value(source: str, variables: Variables, own: Own = NOBODY) -> str:
    """A value in the dialect used here."""
    return written(Translation(variables, own).value(parse(source)).node, source)


def written(node: Node, source: str) -> str:
    """A tree as it is written, if it can be read again: a long condition may exceed the limits."""
    text = render(node)
    try:
        parse_ours(text)
    except Refused:
        raise Lost(source[:60]) from None
    return text


def _dotted(node: Node, name: str) -> Node:
    """The same with `.` for the answer to the question of that name."""
    match node:
        case Reference(name=other):
            return Dot() if other == name else node
        case Call(name=function, arguments=arguments):
            return Call(function, tuple(_dotted(part, name) for part in arguments))
        case Conjunction(items=items):
            return Conjunction(tuple(_dotted(item, name) for item in items))
        case Disjunction(items=items):
            return Disjunction(tuple(_dotted(item, name) for item in items))
        case Comparison() | Arithmetic():
            return type(node)(node.operator, _dotted(node.left, name), _dotted(node.right, name))  # type: ignore[arg-type]  # each has the operators of its type
        case Negation(operand=operand):
            return Negation(_dotted(operand, name))
    return node


def both(*conditions: str) -> str:
    """Conditions that must all hold; empty ones say nothing. Raises `Lost` where they are too long together."""
    found = [each for each in dict.fromkeys(conditions) if each]
    if len(found) < 2:
        return "".join(found)
    parts: list[Node] = []
    for each in found:
        tree = parse_ours(each).tree
        parts.extend(tree.items if isinstance(tree, Conjunction) else (tree,))
    return written(Conjunction(tuple(parts)), found[0])


class Translation:
    """Translates the expressions of one question."""

    def __init__(self, variables: Variables, own: Own = NOBODY) -> None:
        self.variables = variables
        self.own = own

    def truth(self, script: Script) -> Node:
        """Whether something holds. Zero, the empty text and “0” do not."""
        match script:
            case Chain(operator=operator, items=items):
                parts = tuple(self.truth(item) for item in items)
                return Conjunction(parts) if operator == "and" else Disjunction(parts)
            case Unary(operator="!", operand=operand):
                return Call("not", (self.truth(operand),))
            case Operation(operator=operator, left=left, right=right) if operator in _COMPARED:
                return self._comparison(operator, left, right)
            case Name(name=name):
                return self._held(self.variables.find(name, self.own)[0])
            case Digits(value=number):
                return _TRUE if number else _FALSE
            case Quoted(value=text):
                return _TRUE if text not in ("", "0") else _FALSE
        found = self.value(script)
        match found.kind:
            case "truth":
                return found.node
            case "number":
                # An unanswered number is not different from zero here, and does not hold there.
                return Comparison("!=", Call("coalesce", (found.node, Number(0.0))), Number(0.0))
            case "text":
                return _given(found.node)
        return Call("boolean", (found.node,))

    def value(self, script: Script) -> Translated:
        """The value of something, with what it is."""
        match script:
            case Digits(value=number):
                if not math.isfinite(number):
                    raise Lost("1e999")
                return Translated(Number(number), "number")
            case Quoted(value=text):
                return Translated(quoted(text), "text")
            case Name(name=name):
                return self._variable(name)
            case Unary(operator="-", operand=operand):
                return Translated(Negation(self.value(operand).node), "number")
            case Operation(operator=operator) if operator in _COMPUTED:
                return self._arithmetic(script)
            case Function(name=name, arguments=arguments):
                function = FUNCTIONS.get(name)
                if function is None:
                    raise Lost(f"{name}()")
                return function(self, arguments)
        return Translated(self.truth(script), "truth")

    def number(self, script: Script) -> Node:
        """A number; quoted ones are read."""
        if isinstance(script, Quoted) and (number := plain_number(script.value)) is not None:
            return self._literal(number)
        return self.value(script).node

    def text(self, script: Script) -> Node:
        """A text."""
        return self.value(script).node

    def listed(self, arguments: Sequence[Script]) -> list[Variable | Translated]:
        """The arguments of a function of many values, `that.Q` and the like spelt out."""
        found: list[Variable | Translated] = []
        for argument in arguments:
            if isinstance(argument, Name):
                variables, about = self.variables.several(argument.name, self.own)
                if about:
                    raise Lost(argument.name)
                found.extend(variables)
            else:
                found.append(self.value(argument))
        return found

    def given(self, variable: Variable) -> Node:
        """Whether there is an answer."""
        if variable.kind in (Kind.TICK, Kind.OTHER):
            return variable.ticked()
        return _given(variable.value())

    @staticmethod
    def _literal(number: float) -> Node:
        return Number(number) if number >= 0 else Negation(Number(-number))

    def _variable(self, name: str) -> Translated:
        variable, about = self.variables.find(name, self.own)
        if about == "shown" and (variable.labels or variable.kind is Kind.TICK):
            return Translated(variable.shown(), "text")
        return Translated(variable.value(), "number" if variable.kind is Kind.NUMBER else "answer")

    def _held(self, variable: Variable) -> Node:
        if variable.kind in (Kind.TICK, Kind.OTHER):
            return variable.ticked()
        node = variable.value()
        return Conjunction((_given(node), Comparison("!=", node, Number(0.0))))

    def _comparison(self, operator: str, left: Script, right: Script) -> Node:
        sign = cast(ComparisonOperator, _COMPARED[operator])
        if sign in ("=", "!="):
            for side, literal in ((left, right), (right, left)):
                if isinstance(side, Name) and isinstance(literal, Quoted | Digits):
                    variable, about = self.variables.find(side.name, self.own)
                    if not about:
                        return self._equality(variable, sign, literal)
            return Comparison(sign, self.value(left).node, self.value(right).node)
        for side in (left, right):
            if isinstance(side, Quoted) and plain_number(side.value) is None and not looks_like_date(side.value):
                raise Lost(f"{operator} '{side.value[:40]}'")
        return Comparison(sign, self.number(left), self.number(right))

    def _equality(self, variable: Variable, sign: ComparisonOperator, literal: Quoted | Digits) -> Node:
        """An answer against a code, number or text."""
        wanted = literal.value if isinstance(literal, Quoted) else number_text(literal.value)
        if variable.kind is Kind.TICK or (variable.kind is Kind.OTHER and wanted == ""):
            if wanted not in ("", variable.on):
                return _FALSE if sign == "=" else _TRUE
            holds = (sign == "=") == (wanted != "")
            return variable.ticked() if holds else Call("not", (variable.ticked(),))
        if variable.with_other and wanted == "-oth-":
            return Comparison(sign, variable.value(), Text(OTHER))
        node = variable.value()
        number = plain_number(wanted)
        if isinstance(literal, Digits) or (variable.kind is Kind.NUMBER and number is not None):
            if number is None:
                raise Lost(wanted)
            return Comparison(sign, node, self._literal(number))
        return Comparison(sign, node, quoted(wanted))

    def _arithmetic(self, script: Operation) -> Translated:
        """`+` adds numbers there and joins texts: where it is not certain which, it is lost."""
        left, right = self.value(script.left), self.value(script.right)
        kinds = {left.kind, right.kind}
        if script.operator == "+" and "text" in kinds:
            return Translated(Call("concat", (left.node, right.node)), "text")
        if script.operator == "+" and kinds == {"answer"}:
            raise Lost("+")
        sign = cast(ArithmeticOperator, _COMPUTED[script.operator])
        return Translated(Arithmetic(sign, left.node, right.node), "number")


def _given(node: Node) -> Node:
    return Comparison("!=", node, _NOTHING)


def quoted(text: str) -> Node:
    """A text as a literal, which can hold one kind of quotes."""
    if "'" in text and '"' in text:
        pieces = text.split("'")
        parts: list[Node] = []
        for number, piece in enumerate(pieces):
            parts.extend(([Text("'")] if number else []) + ([Text(piece)] if piece else []))
        return Call("concat", tuple(parts))
    return Text(text)
