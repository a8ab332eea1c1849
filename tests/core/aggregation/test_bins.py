"""Bins have round edges, and open ends."""

from __future__ import annotations

import pytest

from consult.core.aggregation.bins import round_bins, round_to, significant


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
