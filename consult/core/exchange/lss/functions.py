"""The functions of ExpressionScript that have a counterpart, by their names there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, Literal, Protocol

from consult.core.exchange.lss.script import Lost, Script
from consult.core.exchange.lss.script import Number as Digits
from consult.core.exchange.lss.script import Text as Quoted
from consult.core.exchange.lss.script import Variable as Name
from consult.core.exchange.lss.variables import Kind, Variable
from consult.core.expressions import patterns
from consult.core.expressions.tree import Arithmetic, Call, Comparison, Node, Number, Reference, Text


@dataclass(frozen=True, slots=True)
class Translated:
    """A value, and what it is: an `answer` may be a text or a number."""

    node: Node
    kind: Literal["truth", "number", "text", "answer"]


class Translator(Protocol):
    """What functions need to know of a translation."""

    def truth(self, script: Script) -> Node:
        """Whether something holds."""

    def value(self, script: Script) -> Translated:
        """The value of something."""

    def number(self, script: Script) -> Node:
        """A number."""

    def listed(self, arguments: Sequence[Script]) -> list[Variable | Translated]:
        """Many values."""

    def given(self, variable: Variable) -> Node:
        """Whether there is an answer."""


SUMMANDS: Final = 90
"""Values that can be counted or added up in one expression: each makes it one level deeper."""
Body = Callable[[Translator, tuple[Script, ...]], Translated]
_ZERO: Final = Number(0.0)
_ONE: Final = Number(1.0)
_PATTERN: Final = re.compile(r"\s*([/#~!@%])(.*)\1([a-zA-Z]*)\s*", re.DOTALL)
_DATES: Final[Mapping[str, str]] = {"Y": "%Y", "m": "%m", "n": "%n", "d": "%d", "j": "%e", "y": "%y"}


def pattern(written: str) -> str:
    """A PHP pattern (`/^x$/i`) as one of RE2; raises `Lost` where it has look-arounds and the like."""
    match = _PATTERN.fullmatch(written)
    source, flags = (match[2], match[3]) if match else (written.strip(), "")
    if match:
        source = source.replace(f"\\{match[1]}", match[1])
    if set(flags) - set("iu"):
        raise Lost(written[:60])
    if "i" in flags:
        source = f"(?i){source}"
    if not source or ("'" in source and '"' in source) or patterns.pattern(source) is None:
        raise Lost(written[:60])
    return source


def _counted(arguments: Sequence[Script], least: int, most: int | None, name: str) -> None:
    if len(arguments) < least or (most is not None and len(arguments) > most):
        raise Lost(f"{name}()")


def _numeric(name: str, ours: str, least: int = 1, most: int = 1) -> Body:
    def body(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
        _counted(arguments, least, most, name)
        return Translated(Call(ours, tuple(map(translator.number, arguments))), "number")

    return body


def _is_empty(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 1, 1, "is_empty")
    (argument,) = arguments
    if isinstance(argument, Name):
        found = translator.listed(arguments)
        if len(found) == 1 and isinstance(found[0], Variable):
            variable = found[0]
            if variable.kind in (Kind.TICK, Kind.OTHER):
                return Translated(Call("not", (variable.ticked(),)), "truth")
            return Translated(Comparison("=", variable.value(), Text("")), "truth")
        raise Lost(argument.name)
    return Translated(Comparison("=", translator.value(argument).node, Text("")), "truth")


def _is_numeric(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 1, 1, "is_numeric")
    number = Call("number", (translator.value(arguments[0]).node,))
    return Translated(Comparison("=", number, number), "truth")


def _if(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 3, 3, "if")
    yes, no = translator.value(arguments[1]), translator.value(arguments[2])
    kind = yes.kind if yes.kind == no.kind else "answer"
    return Translated(Call("if", (translator.truth(arguments[0]), yes.node, no.node)), kind)


def _added(parts: list[Node]) -> Node:
    if len(parts) > SUMMANDS:
        raise Lost(f"{len(parts)} values")
    return reduce(lambda left, right: Arithmetic("+", left, right), parts)


def _count(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    """How many of the values there are."""
    _counted(arguments, 1, None, "count")
    parts: list[Node] = []
    whole = _all_ticks(translator, arguments)
    if whole:
        return Translated(Call("count-selected", (whole,)), "number")
    for found in translator.listed(arguments):
        if isinstance(found, Variable):
            parts.append(Call("if", (translator.given(found), _ONE, _ZERO)))
        else:
            parts.append(Call("if", (Comparison("!=", found.node, Text("")), _ONE, _ZERO)))
    return Translated(_added(parts), "number")


def _all_ticks(translator: Translator, arguments: tuple[Script, ...]) -> Node | None:
    """The multiple choice, if these are all its ticks: one function counts them."""
    match arguments:
        case (Name(name=name),) if name.split(".")[0] in ("self", "that") and ".sq_" not in name:
            found = translator.listed(arguments)
            kinds = {each.kind for each in found if isinstance(each, Variable)}
            if kinds and kinds <= {Kind.TICK, Kind.OTHER}:
                node = found[0]
                return Reference(node.question) if isinstance(node, Variable) else None
    return None


def _sum(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    """The sum of those that are there."""
    _counted(arguments, 1, None, "sum")
    found = translator.listed(arguments)
    if any(isinstance(each, Variable) and each.kind is Kind.TICK and each.on == "Y" for each in found):
        raise Lost("sum()")
    values = [each.value() if isinstance(each, Variable) else each.node for each in found]
    return Translated(_added([Call("coalesce", (value, _ZERO)) for value in values]), "number")


def _extreme(name: str) -> Body:
    def body(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
        _counted(arguments, 1, None, name)
        parts = tuple(
            found.value() if isinstance(found, Variable) else found.node for found in translator.listed(arguments)
        )
        return Translated(Call(name, parts), "number")

    return body


def _countif(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    """How many of the values equal the first argument."""
    _counted(arguments, 2, None, "countif")
    wanted = translator.value(arguments[0]).node
    parts: list[Node] = []
    for found in translator.listed(arguments[1:]):
        if isinstance(found, Variable) and found.kind is Kind.TICK and wanted == Text(found.on):
            holds: Node = found.ticked()
        else:
            holds = Comparison("=", found.value() if isinstance(found, Variable) else found.node, wanted)
        parts.append(Call("if", (holds, _ONE, _ZERO)))
    return Translated(_added(parts), "number")


def _concat(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 1, None, "join")
    parts = [found.value() if isinstance(found, Variable) else found.node for found in translator.listed(arguments)]
    return Translated(Call("concat", tuple(parts)), "text")


def _implode(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 2, None, "implode")
    parts = [found.value() if isinstance(found, Variable) else found.node for found in translator.listed(arguments[1:])]
    return Translated(Call("join", (translator.value(arguments[0]).node, *parts)), "text")


def _length(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 1, 1, "strlen")
    return Translated(Call("string-length", (translator.value(arguments[0]).node,)), "number")


def _substr(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    """A part by its start, from 0, and its length; from the end of a text nothing is counted here."""
    _counted(arguments, 2, 3, "substr")
    bounds = [argument.value for argument in arguments[1:] if isinstance(argument, Digits)]
    if len(bounds) != len(arguments) - 1 or any(bound > 1e6 for bound in bounds):
        raise Lost("substr()")
    ends = (Number(bounds[0]), Number(bounds[0] + bounds[1])) if len(bounds) == 2 else (Number(bounds[0]),)
    return Translated(Call("substr", (translator.value(arguments[0]).node, *ends)), "text")


def _matches(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 2, 2, "regexMatch")
    written = arguments[0]
    if not isinstance(written, Quoted):
        raise Lost("regexMatch()")
    return Translated(Call("regex", (translator.value(arguments[1]).node, Text(pattern(written.value)))), "truth")


def _date(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    """The day of today in some format; of other moments nothing."""
    match arguments:
        case (Quoted(value=written),):
            if written.lower() == "y-m-d":
                return Translated(Call("today", ()), "text")
            if written and all(letter in _DATES or letter in "-/. :" for letter in written):
                made = "".join(_DATES.get(letter, letter) for letter in written)
                return Translated(Call("format-date", (Call("today", ()), Text(made))), "text")
    raise Lost("date()")


def _log(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 1, 2, "log")
    number, *base = (Call("log", (translator.number(argument),)) for argument in arguments)
    return Translated(Arithmetic("div", number, base[0]) if base else number, "number")


def _mod(translator: Translator, arguments: tuple[Script, ...]) -> Translated:
    _counted(arguments, 2, 2, "fmod")
    return Translated(Arithmetic("mod", translator.number(arguments[0]), translator.number(arguments[1])), "number")


FUNCTIONS: Final[Mapping[str, Body]] = {
    "is_empty": _is_empty,
    "empty": _is_empty,
    "is_null": _is_empty,
    "is_numeric": _is_numeric,
    "if": _if,
    "count": _count,
    "countif": _countif,
    "sum": _sum,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "join": _concat,
    "implode": _implode,
    "strlen": _length,
    "substr": _substr,
    "regexMatch": _matches,
    "date": _date,
    "intval": _numeric("intval", "int"),
    "floor": _numeric("floor", "floor"),
    "ceil": _numeric("ceil", "ceiling"),
    "round": _numeric("round", "round", 1, 2),
    "abs": _numeric("abs", "abs"),
    "sqrt": _numeric("sqrt", "sqrt"),
    "pow": _numeric("pow", "pow", 2, 2),
    "exp": _numeric("exp", "exp"),
    "log": _log,
    "fmod": _mod,
    "pi": _numeric("pi", "pi", 0, 0),
    **{name: _numeric(name, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
}
