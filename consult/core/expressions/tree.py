"""The typed tree of an expression, and its three forms: walked, written out again, and as JSON for the browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from consult.core.expressions.values import number_text

ArithmeticOperator = Literal["+", "-", "*", "div", "mod"]
ComparisonOperator = Literal["=", "!=", "<", "<=", ">", ">="]
Json = str | float | None | list["Json"]


class Number(msgspec.Struct, frozen=True):
    """A number as written; never negative, always finite."""

    value: float


class Text(msgspec.Struct, frozen=True):
    """A quoted text; it holds at most one kind of quote, because XPath has no escapes."""

    value: str


class Reference(msgspec.Struct, frozen=True):
    """`${name}`: the answer to another question."""

    name: str


class Dot(msgspec.Struct, frozen=True):
    """`.`: the answer under test."""


class Parent(msgspec.Struct, frozen=True):
    """`..`: the group or repeat around the question."""


class Attribute(msgspec.Struct, frozen=True):
    """A bare name: in a choice filter, a column of the choice under test."""

    name: str


class Call(msgspec.Struct, frozen=True):
    """A function with its arguments. `ordinal` counts the calls whose value is kept; it is -1 for all others."""

    name: str
    arguments: tuple[Node, ...]
    ordinal: int = -1


class Lookup(msgspec.Struct, frozen=True):
    """`instance('list')/root/item[condition]/column`: a column of the rows of a choice list."""

    choices: str
    condition: Node | None
    column: str


class Negation(msgspec.Struct, frozen=True):
    """`-x`."""

    operand: Node


class Arithmetic(msgspec.Struct, frozen=True):
    """`left operator right` on numbers."""

    operator: ArithmeticOperator
    left: Node
    right: Node


class Comparison(msgspec.Struct, frozen=True):
    """`left operator right`, true or false."""

    operator: ComparisonOperator
    left: Node
    right: Node


class Conjunction(msgspec.Struct, frozen=True):
    """`a and b and …`: flat, so that long chains are not deep."""

    items: tuple[Node, ...]


class Disjunction(msgspec.Struct, frozen=True):
    """`a or b or …`: flat, so that long chains are not deep."""

    items: tuple[Node, ...]


Node = (
    Number
    | Text
    | Reference
    | Dot
    | Parent
    | Attribute
    | Call
    | Lookup
    | Negation
    | Arithmetic
    | Comparison
    | Conjunction
    | Disjunction
)


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, from left to right."""
    match node:
        case Call(arguments=parts) | Conjunction(items=parts) | Disjunction(items=parts):
            return parts
        case Arithmetic() | Comparison():
            return (node.left, node.right)
        case Negation():
            return (node.operand,)
        case Lookup(condition=condition) if condition is not None:
            return (condition,)
        case _:
            return ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth (the root has 1). Needs no recursion, so it may be used to bound the depth."""
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend((child, depth + 1) for child in reversed(children(current)))


def question_name(text: str) -> str:
    """The name in a quoted reference: authors write both `'${name}'` and `'name'`."""
    return text.strip().removeprefix("${").removesuffix("}").strip()


def to_json(node: Node) -> Json:
    """The tree as JSON: texts and numbers are themselves, all else is a list that starts with what it is.

    `["$", name]` `["."]` `[".."]` `["@", column]` `["and", …]` `["or", …]` `["neg", x]` `["=", a, b]` `["+", a, b]`
    `["instance", list, condition or null, column]` `[function, …]` `["keep", ordinal, [function, …]]`.
    """
    match node:
        case Number(value=value) | Text(value=value):
            return value
        case Reference(name=name):
            return ["$", name]
        case Dot():
            return ["."]
        case Parent():
            return [".."]
        case Attribute(name=name):
            return ["@", name]
        case Lookup():
            condition = None if node.condition is None else to_json(node.condition)
            return ["instance", node.choices, condition, node.column]
        case Call():
            call: list[Json] = [node.name, *map(to_json, node.arguments)]
            return call if node.ordinal < 0 else ["keep", node.ordinal, call]
        case Negation():
            return ["neg", to_json(node.operand)]
        case Conjunction() | Disjunction():
            return ["and" if isinstance(node, Conjunction) else "or", *map(to_json, node.items)]
        case Arithmetic() | Comparison():
            return [node.operator, to_json(node.left), to_json(node.right)]


_BINDING: Final = {"=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6}


def render(node: Node) -> str:
    """The expression as an author would write it, with the parentheses it needs; parsed again it is the same tree."""
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    """The text of a node and how tightly its outermost operator binds."""
    match node:
        case Conjunction(items=items):
            return " and ".join(_wrapped(item, 3) for item in items), 2
        case Disjunction(items=items):
            return " or ".join(_wrapped(item, 2) for item in items), 1
        case Comparison() | Arithmetic():
            binding = _BINDING[node.operator]
            return f"{_wrapped(node.left, binding)} {node.operator} {_wrapped(node.right, binding + 1)}", binding
        case Negation():
            return f"-{_wrapped(node.operand, 7)}", 7
        case _:
            return _operand(node), 8


def _wrapped(node: Node, least: int) -> str:
    text, binding = _written(node)
    return text if binding >= least else f"({text})"


def _operand(node: Node) -> str:
    match node:
        case Number(value=value):
            return number_text(value)
        case Text(value=value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Reference(name=name):
            return f"${{{name}}}"
        case Attribute(name=name):
            return name
        case Call():
            return f"{node.name}({', '.join(map(render, node.arguments))})"
        case Lookup():
            condition = "" if node.condition is None else f"[{render(node.condition)}]"
            return f"instance('{node.choices}')/root/item{condition}/{node.column}"
        case Parent():
            return ".."
        case _:
            return "."
