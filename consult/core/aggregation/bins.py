"""Round bins for numbers and years."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from consult.core.aggregation.tables import Category

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
        edges = [float(Fraction(edge * self.width, self.scale)) for edge in range(self.first, self.last + 1)]
        return (
            Category(code=f"..{edges[0]:.15g}", upper=edges[0]),
            *(
                Category(code=f"{lower:.15g}..{upper:.15g}", lower=lower, upper=upper)
                for lower, upper in pairwise(edges)
            ),
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
