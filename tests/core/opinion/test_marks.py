"""What marks a group, common ground, and which statement is asked next: figures by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from consult.core.opinion.marks import consensus, majority, ratio_test, representative, share, share_test
from consult.core.opinion.priority import draw, priority
from consult.core.opinion.votes import Counts


def counts(*tallies):
    return Counts(*(np.array(column) for column in zip(*tallies, strict=True)))


def test_shares_and_tests_by_hand():
    # 14 of 15 agree in the group, 2 of 20 elsewhere.
    votes, seen, other, others = (np.array([number]) for number in (14, 15, 2, 20))

    assert share(votes, seen)[0] == pytest.approx(15 / 17)
    assert share_test(votes, seen)[0] == pytest.approx(2 * 4 * (15 / 16 - 1 / 2))
    pooled = 18 / 37
    spread = (pooled * (1 - pooled) * (1 / 16 + 1 / 21)) ** 0.5
    assert ratio_test(votes, seen, other, others)[0] == pytest.approx((15 / 16 - 3 / 21) / spread)


def test_where_everybody_agrees_nothing_is_told_apart():
    nothing = np.array([0])
    assert ratio_test(nothing, nothing, nothing, nothing).tolist() == [0]


def test_a_group_is_marked_by_what_it_holds_and_others_do_not():
    inside = counts((14, 0, 1), (0, 12, 0), (15, 0, 0), (1, 0, 0), (7, 8, 0))
    others = counts((2, 10, 8), (15, 2, 3), (20, 0, 0), (0, 1, 0), (1, 19, 0))

    found = representative("abcde", inside, others)

    # c is held by everybody, d was seen by one, e by half of the group.
    assert [(mark.statement, mark.side, mark.votes, mark.seen) for mark in found] == [
        ("b", "disagree", 12, 12),
        ("a", "agree", 14, 15),
    ]
    assert found[1].ratio == pytest.approx((15 / 17) / (3 / 22))
    assert representative("abcde", inside, others, out={"b"}) == found[1:]


def test_five_statements_at_most_mark_a_group():
    found = representative("abcdefg", counts(*[(20 + at, 0, 0) for at in range(7)]), counts(*[(0, 20, 0)] * 7))
    assert [mark.statement for mark in found] == ["g", "f", "e", "d", "c"]


def test_majorities_of_everybody():
    found = majority("abcd", counts((30, 1, 0), (1, 30, 0), (16, 15, 0), (0, 0, 0)))
    assert [(mark.statement, mark.side) for mark in found] == [("a", "agree"), ("b", "disagree")]


def test_consensus_is_the_product_of_shares():
    assert consensus([counts((8, 1, 1)), counts((3, 3, 0))]) == pytest.approx([9 / 12 * 4 / 8])


@pytest.mark.parametrize(
    ("agree", "passed", "seen", "extremity", "worth"),
    [(1, 0, 1, 0, 12.52973), (20, 3, 20, 0, 1.37238), (18, 3, 20, 1, 4.49370)],
)
def test_priorities(agree, passed, seen, extremity, worth):
    assert round(priority(agree=agree, passed=passed, seen=seen, extremity=extremity), 5) == worth


def test_the_next_statement_is_drawn_by_priority_among_those_not_seen():
    drawn = Counter(draw({"a": 6.0, "b": 3.0, "c": 1.0, "d": 90.0}, {"d"}, f"person {each}") for each in range(2_000))

    assert drawn.keys() == {"a", "b", "c"}
    assert drawn["a"] / 2_000 == pytest.approx(0.6, abs=0.04)
    assert drawn["b"] / 2_000 == pytest.approx(0.3, abs=0.04)


def test_the_same_person_is_asked_the_same_until_they_vote():
    asked = [draw(dict.fromkeys(order, 1.0), [], "one") for order in ("abcdefgh", "hgfedcba")]
    assert asked[0] == asked[1]
    assert draw({"a": 1.0}, ["a"], "one") is None
