"""Sums of amounts that tell too much of one contributor (Hundepool et al. 2012, section 4.2.2)."""

from __future__ import annotations

import pytest

from consult.core.aggregation.dominance import dominated, estimable


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        ([50, 35, 15], False),  # exactly 85 per cent
        ([50, 36, 14], True),
        ([1] * 20, False),
        ([90, 1, 1, 1], True),
        ([7, 5], True),  # two contributors know each other's amount
        ([], False),
        ([0, 0, 0], False),
        ([-50, 36, 14], True),  # a debt is as large as a claim
    ],
)
def test_two_may_hold_85_per_cent_and_no_more(contributions, expected):
    assert dominated(contributions) is expected


def test_the_rule_takes_other_numbers():
    assert dominated([80, 10, 10], n=1, percent=75)
    assert not dominated([70, 20, 10], n=1, percent=75)


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        ([100, 50, 10], False),  # the second is wrong by 10, exactly 10 per cent
        ([100, 50, 9.9], True),
        ([100, 50], True),
        ([100], True),
        ([100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], False),
        ([100, 1, 1, 1], True),
        ([], False),
        ([0, 0], False),
    ],
)
def test_the_second_largest_must_not_know_the_largest_to_ten_per_cent(contributions, expected):
    assert estimable(contributions) is expected
