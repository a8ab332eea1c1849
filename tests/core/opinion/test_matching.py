"""Opinion groups of two analyses, matched by how they vote."""

from __future__ import annotations

import pytest

from consult.core.opinion.matching import matchings, plausible

FOR, AGAINST, TORN = {"s": (0.9, 0.05), "t": (0.8, 0.1)}, {"s": (0.1, 0.8), "t": (0.2, 0.7)}, {"s": (0.5, 0.4)}


def test_groups_are_those_that_vote_alike():
    assert matchings({"A": FOR, "B": AGAINST}, {"A": AGAINST, "B": FOR})[0] == ({"A": "B", "B": "A"}, 0)


@pytest.mark.parametrize(
    ("then", "now", "pairs"),
    [
        ({"A": FOR, "B": TORN, "C": AGAINST}, {"A": AGAINST, "B": FOR}, {"A": "B", "C": "A"}),
        ({"A": AGAINST, "B": FOR}, {"A": FOR, "B": TORN, "C": AGAINST}, {"A": "C", "B": "A"}),
        ({}, {"A": FOR}, {}),
    ],
)
def test_groups_come_and_go(then, now, pairs):
    assert matchings(then, now)[0].pairs == pairs


def test_what_shows_nothing_changes_no_letters_and_leaves_everything_open():
    hidden = {"A": {}, "B": {}, "C": {}}

    assert matchings(hidden, hidden)[0].pairs == {"A": "A", "B": "B", "C": "C"}
    assert len(plausible(hidden, hidden)) == 6


def test_groups_of_others_are_out_of_the_question():
    moved = {"s": (0.8, 0.1), "t": (0.7, 0.2)}

    assert [one.pairs for one in plausible({"A": FOR, "B": AGAINST}, {"A": moved, "B": AGAINST})] == [
        {"A": "A", "B": "B"}
    ]


def test_of_groups_that_have_come_close_nobody_knows_which_is_which():
    between = {"A": {"s": (0.55, 0.4)}, "B": {"s": (0.45, 0.4)}}

    assert len(plausible({"A": {"s": (0.7, 0.2)}, "B": {"s": (0.6, 0.2)}}, between)) == 2
