"""Bins for numbers and years: round ones, and those that somebody has decided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING, Final

from consult.core.aggregation.tables import Category

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_BINS: Final = 12


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of one width between two edges, and an open one at either end; all in units of 1/scale."""

    width: int
    first: int
    """Lowest inner edge, in widths."""
    last: int
    """Highest inner edge, in widths."""
    scale: int

    @property
    def count(self) -> int:
        """How many bins there are, the open ones included."""
        return self.last - self.first + 2

    def categories(self) -> tuple[Category, ...]:
        """The bins as categories, in order."""
        return between([float(Fraction(edge * self.width, self.scale)) for edge in range(self.first, self.last + 1)])

    def position(self, number: ir.IntegerValue) -> ir.Value:
        """In which bin, from 0, a number lies."""
        place = (number / self.width).floor().cast("int64")
        return place.clip(self.first - 1, self.last) - (self.first - 1)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Bins that begin at bounds which somebody has decided, and an open one below them."""

    bounds: tuple[float, ...]
    """Ascending, with at most six decimals."""
    scale: int
    """How many of the units in which numbers are counted are one."""

    def categories(self) -> tuple[Category, ...]:
        """The bins as categories, in order."""
        return between(self.bounds)

    def position(self, number: ir.IntegerValue) -> ir.Value:
        """In which bin, from 0, a number lies."""
        edges = [math.ceil(Fraction(bound).limit_denominator(10**6) * self.scale) for bound in self.bounds]
        return reduce(add, ((number >= edge).cast("int64") for edge in edges))


def between(edges: Sequence[float]) -> tuple[Category, ...]:
    """What lies between edges, under the lowest, and from the highest on."""
    return (
        Category(code=f"..{edges[0]:.15g}", upper=edges[0]),
        *(Category(code=f"{lower:.15g}..{upper:.15g}", lower=lower, upper=upper) for lower, upper in pairwise(edges)),
        Category(code=f"{edges[-1]:.15g}..", lower=edges[-1]),
    )


def round_bins(low: float, high: float, *, scale: int, whole: bool) -> Bins:
    """Bins whose inner edges run from just above `low` to `high` (both in units of 1/scale).

    Low and high are quantiles, so that the open bins at the ends hold enough answers. Widths are 1, 2 or 5 times a
    power of ten.
    """
    least = scale if whole else 1
    width = _round_up(max((high - low) / MOST_BINS, least))
    first = math.floor(low / width) + 1
    return Bins(width=width, first=first, last=max(first, math.floor(high / width)), scale=scale)


def _round_up(value: float) -> int:
    power: int = 10 ** max(0, math.floor(math.log10(value)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value)


def round_to(value: float, width: float) -> float:
    """A value rounded to a fifth of a bin's width, so that no single answer shows."""
    return nearest(value, Fraction(width).limit_denominator(10**9) / 5)


def nearest(value: float, step: Fraction) -> float:
    """The nearest multiple of a step."""
    return float(round(Fraction(value) / step) * step)


def round_step(least: float) -> Fraction:
    """The least of 1, 2, 5 times a power of ten that is not under a positive number."""
    power = Fraction(10) ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def significant(value: float, scale: float, digits: int = 3) -> float:
    """A value rounded to so many significant digits of a scale, such as the standard deviation."""
    if scale <= 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(scale)))
