"""The order of speakers follows from a number; nobody can be put first but by it."""

from __future__ import annotations

from collections import Counter

import pytest

from consult.core.speaking import drawn, moved

TICKETS = ["AAA", "BBB", "CCC", "DDD"]


def test_the_same_number_gives_the_same_order_whoever_asked_first() -> None:
    assert drawn(TICKETS, "42") == drawn(reversed(TICKETS), "42") == ["DDD", "BBB", "CCC", "AAA"]
    assert drawn(TICKETS, "43") != drawn(TICKETS, "42")
    assert drawn([], "42") == []


def test_over_many_numbers_everybody_comes_first_equally_often() -> None:
    first = Counter(drawn(TICKETS, str(number))[0] for number in range(4000))
    assert sum((count - 1000) ** 2 / 1000 for count in first.values()) < 16.3  # chi-square, 3 degrees, p = 0.001


@pytest.mark.parametrize(
    ("classes", "turns"),
    [
        ({"AAA": "f", "BBB": "f", "CCC": "m", "DDD": "m"}, ["m", "f", "m", "f"]),
        ({"AAA": "f", "BBB": "m", "CCC": "m", "DDD": "m"}, ["m", "f", "m", "m"]),
        ({"AAA": "f", "BBB": "f", "CCC": "m"}, ["", "f", "m", "f"]),
    ],
    ids=["they take turns", "a class that has nobody left is passed over", "who said nothing is a class, too"],
)
def test_classes_take_turns(classes: dict[str, str], turns: list[str]) -> None:
    order = drawn(TICKETS, "42", classes)
    assert sorted(order) == TICKETS
    assert [classes.get(ticket, "") for ticket in order] == turns


@pytest.mark.parametrize(
    ("ticket", "step", "order"),
    [
        ("AAA", 1, ["BBB", "AAA", "CCC"]),
        ("CCC", -1, ["AAA", "CCC", "BBB"]),
        ("AAA", -1, ["AAA", "BBB", "CCC"]),
        ("CCC", 1, ["AAA", "BBB", "CCC"]),
    ],
)
def test_somebody_is_moved_as_far_as_there_are_places(ticket: str, step: int, order: list[str]) -> None:
    assert moved(TICKETS[:3], ticket, step) == order
