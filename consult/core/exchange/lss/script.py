"""ExpressionScript read into a small tree, which `translating` turns into the dialect used here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, cast

from lark import Lark, Token
from lark.exceptions import LarkError
from lark.visitors import Transformer_NonRecursive

MAX_LENGTH: Final = 10_000
MAX_DEPTH: Final = 100
_PLAIN: Final = str.maketrans("‘’“”\u00a0", "''\"\" ")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_WORDS: Final = {"eq": "==", "ne": "!=", "le": "<=", "ge": ">=", "lt": "<", "gt": ">"}


class Lost(Exception):  # noqa: N818  # it says what cannot be said here, it does not fail
    """Something has no counterpart here: carries the part of the expression that has none."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, without its escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class Variable:
    """An answer, or something about it: `Q1_SQ001.NAOK`."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Script, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """`left operator right`: comparison or arithmetic."""

    operator: str
    left: Script
    right: Script


@dataclass(frozen=True, slots=True)
class Unary:
    """`!x` or `-x`."""

    operator: str
    operand: Script


@dataclass(frozen=True, slots=True)
class Chain:
    """`a and b and …`, `a or b or …`: flat."""

    operator: str
    items: tuple[Script, ...]


Script = Number | Text | Variable | Call | Operation | Unary | Chain


@lru_cache(maxsize=1024)
def parse(source: str) -> Script:
    """The tree of an expression; raises `Lost` with the source where it cannot be read, and nothing else."""
    plain = html.unescape(source).translate(_PLAIN).strip()
    if not plain or len(plain) > MAX_LENGTH:
        raise Lost(source[:60])
    try:
        tree = _grammar().parse(plain)
    except LarkError:
        raise Lost(source[:60]) from None
    script = _Builder().transform(tree)
    if any(depth > MAX_DEPTH for _, depth in walk(script)):
        raise Lost(source[:60])
    return script


@cache
def _grammar() -> Lark:
    return Lark.open_from_package(__package__ or "", "expressionscript.lark", parser="lalr", maybe_placeholders=False)


def walk(script: Script) -> Iterator[tuple[Script, int]]:
    """Every part with its depth; needs no recursion, so it may be used to bound the depth."""
    waiting = [(script, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        match current:
            case Call(arguments=parts) | Chain(items=parts):
                waiting.extend((part, depth + 1) for part in reversed(parts))
            case Operation():
                waiting.extend(((current.right, depth + 1), (current.left, depth + 1)))
            case Unary():
                waiting.append((current.operand, depth + 1))


class _Builder(Transformer_NonRecursive[Token, Script]):
    """Makes typed parts of lark's tree, from the leaves up."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)

    def number(self, parts: list[Token]) -> Script:
        return Number(float(parts[0]))

    def text(self, parts: list[Token]) -> Script:
        return Text(_ESCAPE.sub(r"\1", parts[0][1:-1]))

    def variable(self, parts: list[Token]) -> Script:
        return Variable(str(parts[0]))

    def call(self, parts: list[Token | Script]) -> Script:
        name, *arguments = parts
        return Call(str(name), tuple(cast(list[Script], arguments)))

    def comparison(self, parts: list[Token | Script]) -> Script:
        return self._operation(parts)

    def arithmetic(self, parts: list[Token | Script]) -> Script:
        return self._operation(parts)

    def negative(self, parts: list[Token | Script]) -> Script:
        return Unary("-", cast(Script, parts[1]))

    def positive(self, parts: list[Token | Script]) -> Script:
        return cast(Script, parts[1])

    def negation(self, parts: list[Token | Script]) -> Script:
        return Unary("!", cast(Script, parts[1]))

    def conjunction(self, parts: list[Script]) -> Script:
        return Chain("and", tuple(parts))

    def disjunction(self, parts: list[Script]) -> Script:
        return Chain("or", tuple(parts))

    @staticmethod
    def _operation(parts: list[Token | Script]) -> Script:
        left, sign, right = parts
        written = str(sign).lower()
        return Operation(_WORDS.get(written, written), cast(Script, left), cast(Script, right))
