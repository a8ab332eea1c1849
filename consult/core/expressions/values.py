"""What an expression yields (text, number or truth value) and how XPath converts one into another.

There is no date value: a date is its ISO text, and counts as days where a number is wanted (see `dates`).
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Final

Value = str | float | bool

NAN: Final = math.nan
MAX_TEXT: Final = 65_536
"""Longest text that joining may yield, so that calculations which double each other stay small."""

_MULTIPLIED: Final = 1024
_NUMBER: Final = re.compile(r"\s*-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def number_text(value: float) -> str:
    """A number as XPath writes it: whole ones without a point, never with an exponent, `NaN` and `Infinity` by name."""
    if value.is_integer():
        return str(int(value))
    if math.isfinite(value):
        text = repr(value)
        return text if "e" not in text else f"{Decimal(text):f}"
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def plain_number(text: str) -> float | None:
    """The number that a text is, or None. Exponents are read, because numbers computed elsewhere have them."""
    return float(text) if _NUMBER.fullmatch(text) else None


def text_of(value: Value) -> str:
    """`string()`: as XPath writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def truth_of(value: Value) -> bool:
    """`boolean()`: any text but the empty one, any number but 0 and NaN."""
    return value == value and bool(value)


def divided(left: float, right: float) -> float:
    """`div`: by zero it is infinite or NaN."""
    if right:
        return left / right
    if left == 0 or left != left:
        return NAN
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def remainder(left: float, right: float) -> float:
    """`mod`: with the sign of the dividend."""
    if right == 0 or math.isinf(left):
        return NAN
    return math.fmod(left, right)


def added(numbers: Iterable[float]) -> float:
    """`sum`: one after the other, so that every evaluator gets the same; Python's own is compensated since 3.12."""
    return reduce(operator.add, numbers, 0.0)


def rounded(value: float, digits: float = 0.0) -> float:
    """`round`: halves away from zero, as OpenRosa does; `digits` may be negative."""
    if not math.isfinite(value) or not math.isfinite(digits):
        return value if digits == digits else NAN
    places = int(max(-400.0, min(400.0, digits)))
    exact = Decimal(repr(value))
    if places >= -int(exact.as_tuple().exponent):
        return value
    if exact.adjusted() < -places - 1:
        return 0.0
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def truncated(value: float) -> float:
    """`int`: without its fraction."""
    return float(math.trunc(value)) if math.isfinite(value) else value


def power(base: float, exponent: float) -> float:
    """`pow`: never an error; a root of a negative number is NaN. Whole exponents multiply, so that all get the same."""
    if exponent.is_integer() and abs(exponent) <= _MULTIPLIED:
        return _multiplied(base, int(exponent))
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf if base > 0 or exponent % 2 == 0 else -math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def _multiplied(base: float, exponent: int) -> float:
    product, times = 1.0, abs(exponent)
    while times:
        if times % 2:
            product *= base
        base *= base
        times //= 2
    return divided(1.0, product) if exponent < 0 else product


def joined(separator: str, parts: Iterable[Value]) -> str:
    """The texts of all parts in one, cut at `MAX_TEXT`."""
    return separator.join(map(text_of, parts))[:MAX_TEXT]
