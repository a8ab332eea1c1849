"""The profile grid: what is missing, what is too much, and what one more would change."""

from __future__ import annotations

import pytest

from consult.core.sampling.classes import Candidate, Class
from consult.core.sampling.targets import Target, grid, violation

WOMEN = Target({"sex": ("f",)}, minimum=4, maximum=6)
EASTERN_WOMEN = Target({"sex": ("f",), "region": ("east", "north")}, minimum=1)


def eastern(sex: str, size: int = 1) -> Class:
    return Class.of(Candidate("T1", {"sex": sex, "region": "east"}, size))


@pytest.mark.parametrize(
    ("target", "one", "least", "most"),
    [
        (WOMEN, eastern("f"), 1, 1),
        (WOMEN, eastern("m"), 0, 0),
        (WOMEN, eastern("f", size=3), 3, 3),
        (EASTERN_WOMEN, eastern("f"), 1, 1),
        (EASTERN_WOMEN, eastern("m"), 0, 0),
        (WOMEN, Class({"sex": ("f", "m")}), 0, 1),  # merged over sexes
        (WOMEN, Class({"sex": ("f",)}, (1, 3)), 1, 3),  # merged over sizes
        (EASTERN_WOMEN, Class({"sex": ("f",), "region": ("east", "north")}), 1, 1),  # merged within the cell
        (EASTERN_WOMEN, Class({"sex": ("f",), "region": ("east", "west")}), 0, 1),
        (EASTERN_WOMEN, Class({"sex": ("f",)}), 0, 1),  # nobody asked for the region
    ],
)
def test_a_class_counts_for_a_minimum_if_surely_inside_and_for_a_maximum_if_possibly(target, one, least, most):
    assert (target.least(one), target.most(one)) == (least, most)


@pytest.mark.parametrize(
    ("women", "short", "over", "room"), [(0, 4, 0, 6), (3, 1, 0, 3), (5, 0, 0, 1), (6, 0, 0, 0), (8, 0, 2, 0)]
)
def test_the_grid_tells_what_is_missing_what_is_too_much_and_what_is_open(women, short, over, room):
    (found,) = grid([WOMEN], [(eastern("f"), women), (eastern("m"), 9)])

    assert (found.least, found.short, found.over, found.room) == (women, short, over, room)
    assert violation([found]) == short + over


def test_a_candidate_fills_an_open_cell_or_exceeds_a_maximum():
    missing, full = grid([WOMEN], [(eastern("f"), 3)]) + grid([WOMEN], [(eastern("f"), 6)])

    assert (missing.fills(eastern("f")), missing.exceeds(eastern("f"))) == (True, False)
    assert (missing.fills(eastern("f", size=4)), missing.exceeds(eastern("f", size=4))) == (True, True)
    assert (full.fills(eastern("f")), full.exceeds(eastern("f"))) == (False, True)
    assert not any(one.fills(eastern("m")) or one.exceeds(eastern("m")) for one in (missing, full))


def test_without_a_maximum_there_is_always_room():
    (found,) = grid([EASTERN_WOMEN], [(eastern("f"), 100)])

    assert (found.room, found.over, found.exceeds(eastern("f"))) == (None, 0, False)
