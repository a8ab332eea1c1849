"""Equations: texts in which expressions stand in braces, computed and kept."""

from __future__ import annotations

import re
from typing import Final

from consult.core.exchange.lss.markup import read_text
from consult.core.exchange.lss.script import Lost, parse
from consult.core.exchange.lss.translating import Translation, quoted, written
from consult.core.exchange.lss.variables import Own, Variables
from consult.core.expressions.tree import Call, Node

_BRACES: Final = re.compile(r"\{([^{}]+)\}")
_TAGS: Final = re.compile(r"</?[A-Za-z][^<>]*>")


def calculation(source: str, variables: Variables, own: Own) -> str:
    """The value of an equation: of `{a+b}` the sum, of `{a} and {b}` the text of both. Raises `Lost`."""
    pieces = _BRACES.split(_TAGS.sub(" ", source).strip())
    if len(pieces) > 100:
        raise Lost(source[:60])
    parts: list[Node] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            parts.append(Translation(variables, own).value(parse(piece)).node)
        elif piece:
            words = read_text(piece, variables, own).text
            parts.append(quoted(f"{_space(piece[0])}{words}{_space(piece[-1])}" if words else " "))
    if not parts:
        raise Lost(source[:60])
    return written(parts[0] if len(parts) == 1 else Call("concat", tuple(parts)), source)


def _space(letter: str) -> str:
    return " " if letter.isspace() else ""
