"""Bins, quartiles, mean and deviation are those of the definitions, whatever the size of the numbers."""

from __future__ import annotations

import statistics
from fractions import Fraction

import ibis
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.aggregation.numbers import Measure, describe


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(-(10**18), 10**18) | st.integers(0, 5), min_size=1, max_size=60),
    st.integers(1, 5),
)
def test_numbers_are_described_as_the_definitions_say(values, least):
    numbers = ibis.memtable(pyarrow.table({"x": pyarrow.array([*values, None], pyarrow.int64())}))
    bins, summary = describe(numbers, [Measure("x", scale=1, least=least, summarised=True)])["x"]

    n, sizes = len(values), sorted(map(abs, values))
    assert (bins is None) == (n < 2 * least)
    assert (summary is None) == (n < least)
    if summary is None:
        return
    assert (summary.quartiles is None) == (n < 2 * least)
    if summary.quartiles is not None and n > 1:
        near = bins.width / 10 + 1e-12 * sizes[-1]  # half of what they are rounded to
        exact = statistics.quantiles(map(Fraction, values), n=4, method="inclusive")
        assert all(abs(Fraction(one) - other) <= near for one, other in zip(summary.quartiles, exact, strict=True))
    assert (summary.mean is None) == (sum(sizes[-2:]) > Fraction(85, 100) * sum(sizes))
    if summary.mean is not None and n > 1:
        spread = statistics.stdev(values)
        assert summary.mean == pytest.approx(statistics.mean(map(Fraction, values)), rel=1e-9, abs=spread / 90)
        assert summary.deviation == pytest.approx(spread, rel=0.006)
