"""Bins have round edges, and open ends."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.aggregation.bins import Cuts, round_bins, round_to, significant


@pytest.mark.parametrize(
    ("low", "high", "codes"),
    [
        (0, 3, ["..1", "1..2", "2..3", "3.."]),
        (21, 74, ["..25", *(f"{edge}..{edge + 5}" for edge in range(25, 70, 5)), "70.."]),
        (40, 40, ["..41", "41.."]),
        (-7, 3, [f"..{-6}", *(f"{edge}..{edge + 1}" for edge in range(-6, 3)), "3.."]),
    ],
)
def test_whole_numbers_fall_into_round_bins(low, high, codes):
    assert [category.code for category in round_bins(low, high, scale=1, whole=True).categories()] == codes


def test_decimals_have_edges_as_they_are_written():
    bins = round_bins(120_000, 890_000, scale=1_000_000, whole=False)

    assert [category.upper for category in bins.categories()][:2] == [0.2, 0.3]
    assert bins.count == len(bins.categories())


def test_summaries_are_rounded_so_that_no_answer_shows():
    assert round_to(37.4, 10) == 38.0
    assert significant(41.5678, 12.3) == 41.6
    assert significant(1234.5, 0) == 1234.5


BOUND = st.decimals(-1000, 1000, places=6).map(float)


@settings(max_examples=40, deadline=None)
@given(
    bounds=st.lists(BOUND, min_size=1, max_size=8, unique=True).map(sorted),
    scale=st.sampled_from([1, 10**6]),
    numbers=st.lists(st.integers(-2000, 2000), min_size=1),
)
def test_each_number_is_in_the_range_that_begins_last_at_or_below_it(bounds, scale, numbers):
    cuts = Cuts(tuple(bounds), scale)
    exactly = [Fraction(bound).limit_denominator(10**6) * scale for bound in bounds]
    near = [round(edge) + step for edge in exactly for step in (-1, 0, 1)]
    table = ibis.memtable({"number": [*numbers, *near]}, schema={"number": "int64"})

    placed = table.mutate(place=cuts.position(table.number)).to_pyarrow().to_pylist()

    assert [row["place"] for row in placed] == [bisect_right(exactly, row["number"]) for row in placed]
    assert len(cuts.categories()) == len(bounds) + 1
    assert [category.lower for category in cuts.categories()] == [None, *bounds]
    assert [category.upper for category in cuts.categories()] == [*bounds, None]
