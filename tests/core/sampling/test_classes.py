"""Classes are merged before the draw until none tells of a few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.sampling.classes import Candidate, classify
from tests.core.sampling.people import candidates, crowd


def merged(people: list[Candidate], threshold: int) -> dict[tuple[str, str, str], int]:
    """Tickets by regions, sexes and sizes of the class."""
    classes, tickets = classify(people, threshold)
    names = [("+".join(one.profile["region"]), "+".join(one.profile["sex"]), f"{one.sizes}") for one in classes]
    return {name: [*tickets.values()].count(place) for place, name in enumerate(names)}


@pytest.mark.parametrize(
    ("people", "found"),
    [
        (crowd((5, "east", "f"), (5, "east", "m")), {("east", "f"): 5, ("east", "m"): 5}),
        # The nearest differs in one variable; of two such the smaller is taken, of two as small the first by name.
        (crowd((2, "east", "f"), (6, "east", "m"), (5, "west", "f")), {("east", "m"): 6, ("east+west", "f"): 7}),
        (crowd((2, "east", "f"), (5, "east", "m"), (5, "west", "f")), {("east", "f+m"): 7, ("west", "f"): 5}),
        (crowd((2, "east", "f"), (9, "east", "m"), (5, "west", "m")), {("east", "f+m"): 11, ("west", "m"): 5}),
        # The smallest goes first, and goes on while it is too small.
        (crowd((1, "east", "f"), (1, "west", "f"), (9, "west", "m")), {("east+west", "f+m"): 11}),
        (crowd((1, "east", "f"), (2, "west", "m")), {("east+west", "f+m"): 3}),
    ],
)
def test_small_classes_join_the_nearest(people, found):
    assert merged(people, 5) == {(*name, "(1,)"): many for name, many in found.items()}


def test_how_many_come_on_a_ticket_tells_classes_apart():
    pair = Candidate("pair", {"region": "east", "sex": "f"}, 2)

    assert merged([*crowd((2, "east", "f")), pair], 1) == {("east", "f", "(1,)"): 2, ("east", "f", "(2,)"): 1}
    assert merged([*crowd((2, "east", "f")), pair], 2) == {("east", "f", "(1, 2)"): 3}


def test_small_classes_stay_inside_the_targets_where_they_can():
    ages = [("18-24", 3), ("25-34", 6), ("35-44", 9), ("45-54", 4), ("55-64", 4)]
    people = [Candidate(f"{age} {place}", {"age": age}) for age, count in ages for place in range(count)]
    young, old = {"age": ("18-24", "25-34")}, {"age": ("45-54", "55-64")}
    found, _ = classify(people, 5, [young, old])
    assert [one.profile["age"] for one in found] == [("18-24", "25-34"), ("35-44",), ("45-54", "55-64")]


def test_classes_that_become_alike_are_one():
    counts = {"Bz": 2, "Ax": 3, "Bx": 2, "Cz": 1, "Az": 3, "Cy": 5, "Ay": 1}
    people = [
        Candidate(f"{kind}{number}", {"region": kind[0], "age": kind[1]})
        for kind, many in counts.items()
        for number in range(many)
    ]
    classes, tickets = classify(people, 8)

    assert ([one.profile for one in classes], len(tickets)) == (
        [{"age": ("x", "y", "z"), "region": ("A", "B", "C")}],
        17,
    )


@given(candidates(most=30), st.integers(1, 6), st.randoms())
def test_no_class_is_below_the_threshold_and_everybody_is_inside_theirs(people, threshold, chance):
    classes, tickets = classify(people, threshold)

    assert len(classes) == 1 or min([*tickets.values()].count(place) for place in range(len(classes))) >= threshold
    assert len({str(one) for one in classes}) == len(classes)
    for one in people:
        found = classes[tickets[one.ticket]]
        assert one.size in found.sizes
        assert all(category in found.profile[variable] for variable, category in one.profile.items())
    assert classify(chance.sample(people, len(people)), threshold) == (classes, tickets)


def test_candidates_need_a_ticket_each_and_the_same_variables():
    one = Candidate("T1", {"sex": "f"})

    with pytest.raises(ValueError, match="twice"):
        classify([one, one], 1)
    with pytest.raises(ValueError, match="same variables"):
        classify([one, Candidate("T2", {"region": "east"})], 1)
