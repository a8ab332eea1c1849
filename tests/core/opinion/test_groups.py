"""Groups: planted ones are found, in any order of rows; small ones are none; how stable they are is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.opinion.analysis import NOBODY, analyse
from consult.core.opinion.groups import centres_of, choose, settle, silhouette
from consult.core.opinion.stability import adjusted_rand
from consult.core.opinion.votes import arrange
from tests.core.opinion.conversing import planted, votes


def points(*places):
    return np.array(places, dtype=float)


def labels_of(found):
    return dict(zip(found.participants, found.labels.tolist(), strict=True))


@pytest.mark.parametrize("sizes", [(30, 25), (40, 30, 20)])
def test_planted_groups_are_found_the_largest_first(sizes):
    found = analyse(planted(np.random.default_rng(7), *sizes, statements=24), threshold=10, runs=4)
    clustered = found.labels != NOBODY

    assert len(found.groups) == len(sizes)
    assert [group.size for group in found.groups] == sorted((group.size for group in found.groups), reverse=True)
    assert adjusted_rand(found.labels[clustered], np.repeat(np.arange(len(sizes)), sizes)[clustered]) > 0.9
    assert found.stability.mean > 0.8


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.permutations(range(40)))
def test_names_and_order_of_participants_change_nothing(seed, order):
    held = planted(np.random.default_rng(seed), 22, 18, statements=8)
    first = analyse(held, threshold=2, runs=2)
    names = [f"p{(at * 7 + 3) % 40}" for at in order]
    again = analyse(arrange(names, held.statements, held.cells[list(order)]), threshold=2, runs=2)

    assert [labels_of(again)[name] for name in names] == [first.labels[at] for at in order]
    assert again.stability == first.stability
    assert again.statements == first.statements
    assert again.groups == first.groups


def test_a_person_far_off_is_no_group():
    near = [(x / 10, y / 10) for x in range(6) for y in range(4)]
    placed = points(*near, (50, 50))

    assert choose(placed, threshold=1, seed=1).sizes == (24, 1)
    found = choose(placed, threshold=10, seed=1)
    assert found is None or min(found.sizes) >= 10


@pytest.mark.parametrize(
    ("rows", "threshold", "k"),
    [
        (["+" * 7] * 20, 1, None),  # everybody says the same
        (["+" * 7, "-" * 7] * 5, 6, None),  # both groups are under the threshold
        (["+" * 7, "-" * 7] * 5, 5, 3),  # two opinions make no three groups
        (["+-....."] * 20, 1, None),  # nobody has voted enough
    ],
)
def test_there_may_be_no_distinct_groups(rows, threshold, k):
    found = analyse(votes(*rows), threshold=threshold, k=k, runs=2)

    assert (found.groups, found.stability, found.silhouette) == ((), None, None)
    assert {*found.labels.tolist()} == {NOBODY}
    assert {statement.consensus for statement in found.statements} == {None}


def test_two_opinions_are_two_groups():
    found = analyse(votes(*["+" * 7, "-" * 7] * 5), threshold=5, runs=4)

    assert [group.size for group in found.groups] == [5, 5]
    assert (found.silhouette, found.stability.mean) == (1, 1)


def test_votes_on_nothing_are_refused():
    with pytest.raises(Refused, match=r"opinion\.empty"):
        analyse(votes("+", "-"), threshold=1, out={"0"})


def test_passes_for_moderated_statements_bring_nobody_into_the_conversation():
    held = votes(*["++++++...", "------...", "+++++++..", "-------.."] * 4)
    found = analyse(held, threshold=4, out={"7", "8"}, treatment="zero", runs=1)
    assert [label == NOBODY for label in found.labels.tolist()] == [True, True, False, False] * 4


def test_a_grouping_is_taken_as_it_is():
    found = analyse(votes("++", "+-", "--"), threshold=10, given={"0": 4, "2": 1})

    assert labels_of(found) == {"0": 4, "1": NOBODY, "2": 1}
    assert [(group.number, group.size) for group in found.groups] == [(1, 1), (4, 1)]
    # (1 + 1) / 3 of one group, (0 + 1) / 3 of the other; participant 1 is in neither.
    assert [statement.consensus for statement in found.statements] == pytest.approx([2 / 9, 2 / 9])
    assert found.stability is None


def test_k_means_ends_where_no_move_helps():
    # Lloyd's algorithm stops at {0}, {2, 3 …}: 2 is as near to both centres, but the move to a group of one gains.
    placed = points((0, 0), (2, 0), (4, 0), (4.2, 0))
    _, labels = settle(placed, points((0, 0), (3.4, 0)))
    assert labels.tolist() == [0, 0, 1, 1]
    assert sorted(centres_of(placed, 2, 1)[:, 0].tolist()) == pytest.approx([1, 4.1])


def test_silhouettes_by_hand():
    # 0 | 4, 5: alone 0; (4 − 1) / 4; (5 − 1) / 5.
    assert silhouette(points((0, 0), (4, 0), (5, 0)), np.array([0, 1, 1])) == pytest.approx((0.75 + 0.8) / 3)


@pytest.mark.parametrize(
    ("first", "second", "index"),
    [
        ([0, 0, 1, 1], [1, 1, 0, 0], 1),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
        ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 8 / 33),
        ([0, 0], [0, 0], 1),
    ],
)
def test_adjusted_rand_indices(first, second, index):
    assert adjusted_rand(np.array(first), np.array(second)) == pytest.approx(index)
