"""From source to tree: grammar, limits, and problems in words an author can act on."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Literal, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.visitors import Transformer_NonRecursive

from consult.core.errors import Problem, Refused, refuse_if_any
from consult.core.expressions.functions import FUNCTIONS, KEPT, Kind
from consult.core.expressions.tree import (
    Arithmetic,
    ArithmeticOperator,
    Attribute,
    Call,
    Comparison,
    ComparisonOperator,
    Conjunction,
    Disjunction,
    Dot,
    Lookup,
    Negation,
    Node,
    Number,
    Parent,
    Reference,
    Text,
    walk,
)

MAX_LENGTH: Final = 10_000
MAX_NODES: Final = 2_000
MAX_DEPTH: Final = 100

_QUOTES: Final = str.maketrans("‘’“”", "''\"\"")
_PATHS: Final = "/[]@:|"


def read(source: str) -> Node:
    """The tree of an expression. Raises `Refused` with everything that is wrong.

    Typographic quotes, which spreadsheets put in place of plain ones, are read as quotes where the expression could
    not be read otherwise.
    """
    if not source.strip():
        raise Refused.because("expression.empty")
    if len(source) > MAX_LENGTH:
        raise Refused.because("expression.too_long", length=len(source), most=MAX_LENGTH)
    try:
        tree = _grammar().parse(source)
    except UnexpectedInput as error:
        plain = source.translate(_QUOTES)
        if plain == source:
            raise Refused(_unreadable(error, source)) from None
        return read(plain)
    builder = _Builder()
    node = builder.transform(tree)
    refuse_if_any(builder.problems)
    refuse_if_any(_too_large(node))
    refuse_if_any([*_miscalled(node), *_nested(node)])
    return node


@cache
def _grammar() -> Lark:
    return Lark.open_from_package(__package__ or "", "grammar.lark", parser="lalr", maybe_placeholders=False)


def _unreadable(error: UnexpectedInput, source: str) -> Problem:
    """Where reading stopped: at the end, at an open quote, at a path, or at anything else."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":  # lark's name for the end
        return Problem("expression.unfinished")
    start = (
        error.pos_in_stream if isinstance(error, UnexpectedCharacters) else cast(UnexpectedToken, error).token.start_pos
    )
    position = start or 0
    near = source[position : position + 20]
    code = "expression.syntax"
    if near[0] in "'\"":
        code = "expression.quote.open"
    elif near[0] in _PATHS:
        code = "expression.path"
    return Problem(code, {"position": position + 1, "near": near})


def _too_large(node: Node) -> Iterator[Problem]:
    sizes = [depth for _, depth in walk(node)]
    if max(sizes) > MAX_DEPTH:
        yield Problem("expression.too_deep", {"depth": max(sizes), "most": MAX_DEPTH})
    if len(sizes) > MAX_NODES:
        yield Problem("expression.too_many_parts", {"parts": len(sizes), "most": MAX_NODES})


def _miscalled(node: Node) -> Iterator[Problem]:
    """Unknown functions, wrong numbers of arguments, values where a node-set is needed."""
    for call in (part for part, _ in walk(node) if isinstance(part, Call)):
        signature = FUNCTIONS.get(call.name)
        if signature is None:
            yield unknown("function", call.name, FUNCTIONS)
            continue
        given = len(call.arguments)
        if given < signature.least:
            yield Problem("expression.arity.few", {"function": call.name, "given": given, "least": signature.least})
        elif signature.most is not None and given > signature.most:
            yield Problem("expression.arity.many", {"function": call.name, "given": given, "most": signature.most})
        for place, argument in enumerate(call.arguments[: signature.most]):
            if signature.kind(place) is Kind.NODES and not _is_node_set(argument):
                yield Problem("expression.argument.nodeset", {"function": call.name, "argument": place + 1})


def _nested(node: Node) -> Iterator[Problem]:
    """A list searched for every row of a list: refused, because its time grows with a power of the rows."""
    for part, _ in walk(node):
        if isinstance(part, Lookup) and part.condition and any(_searches(inner) for inner, _ in walk(part.condition)):
            yield Problem("expression.instance.nested", {"list": part.choices})


def _searches(node: Node) -> bool:
    return isinstance(node, Lookup) or (isinstance(node, Call) and node.name == "pulldata")


def _is_node_set(node: Node) -> bool:
    if isinstance(node, Call):
        return node.name in FUNCTIONS and FUNCTIONS[node.name].returns is Kind.NODES
    return isinstance(node, Reference | Dot | Parent | Lookup)


_UNKNOWN: Final = {
    "function": ("expression.function.unknown", "expression.function.misspelt"),
    "question": ("expression.name.unknown", "expression.name.misspelt"),
    "column": ("expression.column.unknown", "expression.column.misspelt"),
    "list": ("expression.list.unknown", "expression.list.misspelt"),
}


def unknown(kind: Literal["function", "question", "column", "list"], name: str, known: Iterable[str]) -> Problem:
    """The problem of a name that does not exist, with the nearest one that does where one is near."""
    code, misspelt = _UNKNOWN[kind]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return Problem(misspelt, {"name": name, "suggestion": near[0]}) if near else Problem(code, {"name": name})


class _Builder(Transformer_NonRecursive[Token, Node]):
    """Makes typed nodes of lark's tree, from the leaves up; collects what the grammar cannot tell."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)
        self.problems: list[Problem] = []
        self._kept = 0

    def number(self, parts: list[Token]) -> Node:
        value = float(parts[0])
        if not math.isfinite(value):
            self.problems.append(Problem("expression.number", {"near": parts[0][:20]}))
        return Number(value)

    def text(self, parts: list[Token]) -> Node:
        return Text(parts[0][1:-1])

    def reference(self, parts: list[Token]) -> Node:
        return Reference(parts[0][2:-1])

    def dot(self, parts: list[Token]) -> Node:
        return Dot()

    def parent(self, parts: list[Token]) -> Node:
        return Parent()

    def attribute(self, parts: list[Token]) -> Node:
        return Attribute(str(parts[0]))

    def call(self, parts: list[Token | Node]) -> Node:
        name, *arguments = parts
        ordinal = -1
        if name in KEPT:
            ordinal, self._kept = self._kept, self._kept + 1
        return Call(str(name), tuple(cast(list[Node], arguments)), ordinal)

    def step(self, parts: list[Token | Node]) -> tuple[str, Node | None]:
        return str(parts[0]), cast(Node, parts[1]) if len(parts) > 1 else None

    def path(self, parts: list[object]) -> Node:
        """`instance('list')/root/item[condition]/column`; no other path is part of the dialect."""
        match parts:
            case [
                Call(name="instance", arguments=(Text(value=choices),)),
                ("root", None),
                ("item", condition),
                (column, None),
            ]:
                return Lookup(choices, cast(Node | None, condition), cast(str, column))
        self.problems.append(Problem("expression.instance"))
        return Parent()

    def negation(self, parts: list[Token | Node]) -> Node:
        return Negation(cast(Node, parts[1]))

    def arithmetic(self, parts: list[Token | Node]) -> Node:
        left, sign, right = parts
        return Arithmetic(cast(ArithmeticOperator, str(sign)), cast(Node, left), cast(Node, right))

    def comparison(self, parts: list[Token | Node]) -> Node:
        left, sign, right = parts
        return Comparison(cast(ComparisonOperator, str(sign)), cast(Node, left), cast(Node, right))

    def conjunction(self, parts: list[Node]) -> Node:
        return Conjunction(tuple(parts))

    def disjunction(self, parts: list[Node]) -> Node:
        return Disjunction(tuple(parts))
