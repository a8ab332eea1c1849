"""Numbers described: bins, quartiles, mean and deviation, the same to the last bit on every engine.

Engines count, sort and sum whole numbers; quantiles (Hyndman and Fan's type 7), divisions and roots are made of those
in Python, with fractions. What all numbers have in common is asked in one pass over them, so the passes are few.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from consult.core.aggregation.bins import Bins, round_bins, round_to, significant
from consult.core.aggregation.dominance import tells_of_one
from consult.core.aggregation.tables import Summary

if TYPE_CHECKING:
    import ibis.expr.types as ir

_TAIL: Final = Fraction(1, 20)
_BITS: Final = 62


class Measure(NamedTuple):
    """A column of whole numbers that is to be described."""

    column: str
    scale: int
    """How many of its units are one."""
    least: int
    """Answers that a mean needs; quantiles and bins need twice as many, because their edges say something of the
    answers that lie there."""
    summarised: bool
    """Whether anything but bins is wanted."""


Described = tuple[Bins | None, Summary | None]


class _Span(NamedTuple):
    n: int
    lowest: int
    highest: int

    @property
    def step(self) -> int:
        """Distances from the lowest are cut to so many steps that no sum of squares overflows: at least 2²¹ for a
        million answers."""
        return max(1, (self.highest - self.lowest) >> ((_BITS - self.n.bit_length()) // 2))


class _Sums(NamedTuple):
    """Of distances from the lowest, of the same in steps, of their squares, and of sizes whatever the sign."""

    total: int
    first: int
    second: int
    size: int


def describe(numbers: ir.Table, measures: Sequence[Measure]) -> dict[str, Described]:
    """Bins and summaries, by column. Without bins the answers are only to be counted."""
    spans = _spans(numbers, measures)
    enough = [one for one in measures if spans[one.column].n >= one.least]
    sums = _sums(numbers, {one.column: spans[one.column] for one in enough if one.summarised})
    found: dict[str, Described] = {one.column: (None, None) for one in measures}
    for one in enough:
        found[one.column] = _described(numbers, one, spans[one.column], sums.get(one.column))
    return found


def _described(numbers: ir.Table, measure: Measure, span: _Span, sums: _Sums | None) -> Described:
    n, scale = span.n, measure.scale
    tail = max(_TAIL, Fraction(measure.least, n))
    shares = (tail, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1 - tail) if n >= 2 * measure.least else ()
    ends = {1, min(2, n), max(n - 1, 1), n} if sums else set()
    ranked = _ranked(numbers, measure.column, {*ends, *(rank for share in shares for rank in _ranks(share, n))})
    bins = quartiles = None
    if shares:
        low, *middle, high = (_quantile(share, n, ranked) for share in shares)
        bins = round_bins(float(low), float(high), scale=scale, whole=scale == 1)
        lower, median, upper = (round_to(float(one / scale), bins.width / scale) for one in middle)
        quartiles = lower, median, upper
    if sums is None:
        return bins, None
    greatest = sorted((abs(ranked[rank]) for rank in ends), reverse=True)[:2]
    if tells_of_one(greatest, sums.size):
        return bins, Summary(quartiles=quartiles)
    mean, deviation = _moments(span, sums, scale)
    size = deviation or abs(mean)
    return bins, Summary(mean=significant(mean, size), deviation=significant(deviation, size), quartiles=quartiles)


def _ranks(share: Fraction, n: int) -> tuple[int, int]:
    """The ranks (from 1) between which a quantile lies."""
    below = math.floor((n - 1) * share)
    return below + 1, min(below + 2, n)


def _quantile(share: Fraction, n: int, ranked: Mapping[int, int]) -> Fraction:
    """The type 7 quantile: linear between the values at (n − 1)·share, counted from 0."""
    below, above = (ranked[rank] for rank in _ranks(share, n))
    place = (n - 1) * share
    return below + (place - math.floor(place)) * (above - below)


def _ranked(numbers: ir.Table, column: str, ranks: Iterable[int]) -> dict[int, int]:
    """The values at some ranks, counted from the lowest."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    wanted = sorted(ranks)
    if not wanted:
        return {}
    values = numbers.select(value=numbers[column]).filter(lambda one: one.value.notnull())
    counted = values.group_by("value").agg(count=values.count())
    reached = counted.mutate(upto=counted["count"].sum().over(ibis.cumulative_window(order_by=counted.value)))
    hit = ibis.or_(*((reached.upto >= rank) & (reached.upto - reached["count"] < rank) for rank in wanted))
    lines = reached.filter(hit).to_pyarrow().to_pylist()
    return {
        rank: int(line["value"])
        for line in lines
        for rank in wanted
        if int(line["upto"]) - int(line["count"]) < rank <= int(line["upto"])
    }


def _spans(numbers: ir.Table, measures: Sequence[Measure]) -> dict[str, _Span]:
    values = {one.column: numbers[one.column] for one in measures}
    found = _at_once(
        numbers,
        {name: {"n": value.count(), "lowest": value.min(), "highest": value.max()} for name, value in values.items()},
    )
    return {
        name: _Span(int(one["n"]), int(one["lowest"]), int(one["highest"])) if one["n"] else _Span(0, 0, 0)
        for name, one in found.items()
    }


def _sums(numbers: ir.Table, spans: Mapping[str, _Span]) -> dict[str, _Sums]:
    asked = {}
    for name, span in spans.items():
        distance = numbers[name] - span.lowest
        steps = (distance / span.step).floor().cast("int64")
        asked[name] = {
            "total": _wide(distance, span.n * (span.highest - span.lowest)).sum(),
            "first": steps.sum(),
            "second": (steps * steps).sum(),
            "size": _wide(numbers[name].abs(), span.n * max(abs(span.lowest), abs(span.highest))).sum(),
        }
    return {
        name: _Sums(**{key: int(sum_) for key, sum_ in one.items()}) for name, one in _at_once(numbers, asked).items()
    }


def _wide(value: ir.Value, most: int) -> ir.Value:
    """A number whose sum, at most so much, is to be exact."""
    return value.cast("decimal(38, 0)") if most >> _BITS else value


def _at_once(numbers: ir.Table, asked: Mapping[str, Mapping[str, ir.Value]]) -> dict[str, dict[str, Any]]:
    """Aggregates of several columns in one pass."""
    if not asked:
        return {}
    names = list(asked)
    flat = {f"{key}_{place}": value for place, name in enumerate(names) for key, value in asked[name].items()}
    line: dict[str, Any] = numbers.agg(**flat).to_pyarrow().to_pylist()[0]
    return {name: {key: line[f"{key}_{place}"] for key in asked[name]} for place, name in enumerate(names)}


def _moments(span: _Span, sums: _Sums, scale: int) -> tuple[float, float]:
    """Mean and standard deviation from sums of whole numbers."""
    mean = Fraction(span.lowest * span.n + sums.total, span.n * scale)
    if span.n < 2:
        return float(mean), 0.0
    spread = sums.second - Fraction(sums.first**2, span.n)
    return float(mean), math.sqrt(spread / (span.n - 1)) * span.step / scale
