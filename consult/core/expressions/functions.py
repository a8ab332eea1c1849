"""The functions of the dialect: one table of signatures and bodies, in the manner of a reference card.

A signature reads `text text -> truth`. `?` marks a parameter that may be left out, `+` and `*` one that repeats, `.`
one that stands for the answer under test where it is left out. `values` takes one value or all of a node-set, `nodes`
a node-set only. A body is called with converted arguments, after the environment where the signature starts with `env`.
"""

from __future__ import annotations

import binascii
import hashlib
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import Final

import msgspec

from consult.core.expressions import dates, patterns, values
from consult.core.expressions.environment import Environment
from consult.core.expressions.randomness import shuffled
from consult.core.expressions.tree import question_name
from consult.core.expressions.values import NAN, Value, joined, text_of, truth_of


class Kind(StrEnum):
    """What an argument or result is."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    ANY = "any"
    NODES = "nodes"
    VALUES = "values"


class Signature(msgspec.Struct, frozen=True):
    """How a function is called. `most` is None where the last parameter repeats."""

    parameters: tuple[Kind, ...]
    least: int
    most: int | None
    returns: Kind
    dot: bool = False
    """Without arguments it is applied to the answer under test."""
    environment: bool = False
    body: Callable[..., Value | list[Value]] | None = None
    """None: the compiler knows it, because it is not strict or is kept."""

    def kind(self, position: int) -> Kind:
        """The kind of the argument at a position, from 0."""
        return self.parameters[min(position, len(self.parameters) - 1)]


def _signature(card: str, body: Callable[..., Value | list[Value]] | None) -> Signature:
    left, _, returns = card.partition("->")
    words = left.split()
    environment = words[:1] == ["env"]
    words = words[1:] if environment else words
    return Signature(
        parameters=tuple(Kind(word.rstrip("?+*.")) for word in words),
        least=sum(word[-1] not in "?*." for word in words),
        most=None if words and words[-1][-1] in "+*" else len(words),
        returns=Kind(returns.strip()),
        dot=bool(words) and words[0].endswith("."),
        environment=environment,
        body=body,
    )


def _mathematical(function: Callable[[float], float]) -> Callable[[float], float]:
    """A function of `math` that yields NaN outside its domain, infinity where it overflows."""

    def guarded(number: float) -> float:
        try:
            return float(function(number))
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return guarded


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    return lambda number: float(function(number)) if math.isfinite(number) else number


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    guarded = _mathematical(function)
    return lambda number: -math.inf if number == 0 else guarded(number)


def _index(number: float, length: int) -> int:
    """A number as a position for slicing: bounded, 0 for NaN."""
    return 0 if number != number else int(max(-length, min(length, number)))


def _substring(text: str, start: float, length: float = math.inf) -> str:
    """XPath's `substring`: counted from 1, both numbers rounded."""
    first = math.floor(start + 0.5) if math.isfinite(start) else start
    last = first + (math.floor(length + 0.5) if math.isfinite(length) else length)
    return "".join(letter for place, letter in enumerate(text, 1) if first <= place < last)


def _substr(text: str, start: float, end: float = math.inf) -> str:
    return text[_index(start, len(text)) : _index(end, len(text))]


def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for place, letter in enumerate(old):
        table.setdefault(ord(letter), new[place] if place < len(new) else None)
    return text.translate(table)


def _selected_at(text: str, position: float) -> str:
    codes = text.split()
    return codes[int(position)] if 0 <= position < len(codes) else ""


def _numbers(env: Environment, found: Iterable[Value]) -> list[float]:
    """The numbers among the values that are there: unanswered ones do not count."""
    return [env.number(value) for value in found if value != ""]


def _extreme(choose: Callable[[Iterable[float]], float]) -> Callable[..., float]:
    def extreme(env: Environment, *found: list[Value]) -> float:
        numbers = _numbers(env, chain(*found))
        return choose(numbers) if numbers and not any(map(math.isnan, numbers)) else NAN

    return extreme


def _within(low: float, high: float, total: float) -> bool:
    """`checklist`: between two bounds, of which -1 stands for none."""
    return (low == -1 or total >= low) and (high == -1 or total <= high)


def _weighted(env: Environment, low: float, high: float, *rest: Value) -> bool:
    pairs = zip(rest[::2], rest[1::2], strict=False)
    return _within(low, high, values.added(env.number(weight) for answer, weight in pairs if truth_of(answer)))


def _date(env: Environment, value: Value) -> str:
    number = value if isinstance(value, float) else values.plain_number(text_of(value))
    return dates.normalised(text_of(value)) if number is None else dates.moment_text(number, env.zone())


def _format_date(env: Environment, value: Value, pattern: str) -> str:
    return dates.formatted(_date(env, value), pattern, env.zone(), env.months, env.weekdays)


def _pulldata(env: Environment, choices: str, column: str, key_column: str, key: str) -> str:
    rows = env.lists.get(choices, ())
    return next((row.get(column, "") for row in rows if row.get(key_column, "") == key), "")


def _randomized(env: Environment, found: Sequence[Value], seed: float | None = None) -> list[Value]:
    return shuffled(found, env.randomized() if seed is None else seed)


def _digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    name = algorithm.replace("-", "").lower()
    if name not in {"md5", "sha1", "sha256", "sha384", "sha512"}:
        return ""
    made = hashlib.new(name, text.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return made.hexdigest() if encoding == "hex" else binascii.b2a_base64(made.digest(), newline=False).decode()


_BODIES: Final[dict[str, tuple[str, Callable[..., Value | list[Value]] | None]]] = {
    # Truth
    "true": ("-> truth", lambda: True),
    "false": ("-> truth", lambda: False),
    "not": ("truth -> truth", operator.not_),
    "boolean": ("truth -> truth", bool),
    "boolean-from-string": ("text -> truth", lambda text: text in {"1", "true"}),
    "if": ("truth any any -> any", None),
    "coalesce": ("any any+ -> any", None),
    "checklist": (
        "number number truth* -> truth",
        lambda low, high, *answers: _within(low, high, sum(answers)),
    ),
    "weighted-checklist": ("env number number any* -> truth", _weighted),
    # Choices
    "selected": ("text text -> truth", lambda text, code: code.strip() in text.split()),
    "selected-at": ("text number -> text", _selected_at),
    "count-selected": ("text -> number", lambda text: float(len(text.split()))),
    "jr:choice-name": ("env text text -> text", lambda env, value, name: env.label(value, question_name(name))),
    "pulldata": ("env text text text text -> text", _pulldata),
    # Text
    "string": ("text. -> text", str),
    "concat": ("values* -> text", lambda *found: joined("", chain(*found))),
    "join": ("text values* -> text", lambda separator, *found: joined(separator, chain(*found))),
    "contains": ("text text -> truth", operator.contains),
    "starts-with": ("text text -> truth", str.startswith),
    "ends-with": ("text text -> truth", str.endswith),
    "substring-before": ("text text -> text", lambda text, mark: text[: max(text.find(mark), 0)]),
    "substring-after": ("text text -> text", lambda text, mark: text.partition(mark)[2] if mark else text),
    "substring": ("text number number? -> text", _substring),
    "substr": ("text number number? -> text", _substr),
    "string-length": ("text. -> number", lambda text: float(len(text))),
    "normalize-space": ("text. -> text", lambda text: " ".join(text.split())),
    "translate": ("text text text -> text", _translate),
    "regex": ("text text -> truth", patterns.found),
    "digest": ("text text text? -> text", _digest),
    # Numbers
    "number": ("number. -> number", float),
    "int": ("number -> number", values.truncated),
    "round": ("number number? -> number", values.rounded),
    "floor": ("number -> number", _whole(math.floor)),
    "ceiling": ("number -> number", _whole(math.ceil)),
    "abs": ("number -> number", abs),
    "pow": ("number number -> number", values.power),
    "sqrt": ("number -> number", _mathematical(math.sqrt)),
    "exp": ("number -> number", _mathematical(math.exp)),
    "exp10": ("number -> number", lambda number: values.power(10.0, number)),
    "log": ("number -> number", _logarithm(math.log)),
    "log10": ("number -> number", _logarithm(math.log10)),
    "sin": ("number -> number", _mathematical(math.sin)),
    "cos": ("number -> number", _mathematical(math.cos)),
    "tan": ("number -> number", _mathematical(math.tan)),
    "asin": ("number -> number", _mathematical(math.asin)),
    "acos": ("number -> number", _mathematical(math.acos)),
    "atan": ("number -> number", _mathematical(math.atan)),
    "atan2": ("number number -> number", math.atan2),
    "pi": ("-> number", lambda: math.pi),
    # Node-sets
    "sum": ("env nodes -> number", lambda env, found: values.added(_numbers(env, found))),
    "min": ("env values+ -> number", _extreme(min)),
    "max": ("env values+ -> number", _extreme(max)),
    "count": ("nodes -> number", lambda found: float(len(found))),
    "count-non-empty": ("nodes -> number", lambda found: float(sum(value != "" for value in found))),
    "position": ("nodes? -> number", None),
    "indexed-repeat": ("text nodes number any* -> text", None),
    # Dates
    "today": ("env -> text", lambda env: env.today.isoformat()),
    "now": ("-> text", None),
    "date": ("env any -> text", _date),
    "date-time": ("env any -> text", _date),
    "format-date": ("env any text -> text", _format_date),
    "format-date-time": ("env any text -> text", _format_date),
    "decimal-date-time": ("number -> number", float),
    "decimal-time": ("env text -> number", lambda env, text: dates.decimal_time(text, env.zone())),
    # Drawn once
    "random": ("-> number", None),
    "uuid": ("-> text", None),
    "once": ("any -> any", None),
    "randomize": ("env nodes number? -> nodes", _randomized),
}

FUNCTIONS: Final[dict[str, Signature]] = {name: _signature(*entry) for name, entry in _BODIES.items()}
KEPT: Final = frozenset({"random", "uuid", "once", "now"})
"""Functions whose value is computed once and kept with the draft."""
VOLATILE: Final = KEPT | {"today", "randomize"}
"""Functions whose value depends on the reader or the day."""
REPEATED: Final = frozenset({"position", "indexed-repeat"})
"""Functions that mean something inside a repeat only."""
