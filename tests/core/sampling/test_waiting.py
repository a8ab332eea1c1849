"""Who is next: whom the grid needs most, and of those the first in line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.sampling.classes import Class
from consult.core.sampling.draw import draw
from consult.core.sampling.record import enter
from consult.core.sampling.targets import Target, grid, violation
from consult.core.sampling.waiting import next_in_line
from tests.core.sampling.people import candidates, crowd, targets

MAN, WOMAN, PAIR = Class({"sex": ("m",)}), Class({"sex": ("f",)}), Class({"sex": ("f",)}, (2,))
LINE = [("man", MAN), ("pair", PAIR), ("woman", WOMAN), ("late", WOMAN)]


@pytest.mark.parametrize(
    ("target", "free", "chosen"),
    [
        (Target({"sex": ("f",)}), 1, "man"),
        (Target({"sex": ("f",)}, 3), 1, "woman"),  # two women are there
        (Target({"sex": ("f",)}, 3), 2, "pair"),
        (Target({"sex": ("f",)}, 3, 3), 2, "woman"),
        (Target({"sex": ("f", "m")}, 0, 2), 2, "man"),  # one too many, the pair two
        (Target({"sex": ("m",)}, 0, 0), 1, "woman"),
        (Target({"sex": ("f",)}, 3), 0, None),
    ],
)
def test_the_place_goes_to_whom_the_grid_needs(target, free, chosen):
    assert next_in_line(LINE, [target], [(WOMAN, 2)], free) == chosen


@given(candidates(), targets(), st.integers(0, 3))
def test_nobody_fits_better_and_nobody_before_fits_as_well(people, wanted, free):
    waiting = [(one.ticket, Class.of(one)) for one in people]

    def after(one: Class) -> int:
        return violation(grid(wanted, [(one, 1)]))

    order = [ticket for ticket, one in sorted(waiting, key=lambda line: after(line[1])) if one.size <= free]
    assert next_in_line(waiting, wanted, [], free) == next(iter(order), None)


def test_who_gives_a_place_back_is_followed_by_somebody_who_keeps_the_targets_met():
    wanted = [Target({"sex": ("f",)}, 3, 3), Target({"region": ("west",)}, 2, 2)]
    entries = enter(crowd((9, "east", "f"), (9, "east", "m"), (9, "west", "m")), wanted, capacity=6, threshold=5)
    found = draw(entries, "seed")
    waiting = [(ticket, entries.classes[entries.tickets[ticket]]) for ticket in found.waiting]

    for given_back in range(3):
        placed = [
            (one, tickets - (place == given_back))
            for place, (one, tickets) in enumerate(zip(entries.classes, found.allocation, strict=True))
        ]
        follows = next_in_line(waiting, wanted, placed, 1)
        assert follows is not None
        assert entries.tickets[follows] == given_back
