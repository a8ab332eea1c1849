"""The draw: targets met where they can be, chances equal, the same for everybody who recomputes it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from consult.core.sampling.classes import Candidate
from consult.core.sampling.draw import draw, verify
from consult.core.sampling.lottery import lot, lottery
from consult.core.sampling.record import Entries, enter
from consult.core.sampling.targets import Target, grid, violation
from tests.core.sampling.people import candidates, crowd, inside, targets


def best(entries: Entries, seed: str) -> tuple[int, ...]:
    """The best of all allocations that there are, by looking at each."""

    def badness(allocation: tuple[int, ...]) -> tuple[int, int, Fraction]:
        placed = [*zip(entries.classes, allocation, strict=True)]
        places = sum(one.size * tickets for one, tickets in placed)
        distance = Fraction(0)
        for number, (one, tickets) in enumerate(placed):
            start = Fraction(int.from_bytes(lot(seed, f"class {number}")[:8]), 2**64)
            wanted = sum(one.size * many for one, many in zip(entries.classes, entries.candidates, strict=True))
            share = Fraction(entries.candidates[number] * places, wanted)
            if share:
                distance += one.size * (tickets - (share + Fraction(1, 2) - start)) ** 2 / share
        return violation(grid(entries.targets, placed)), -places, distance

    allocations = product(*(range(many + 1) for many in entries.candidates))
    sizes = [one.size for one in entries.classes]
    fitting = [one for one in allocations if sum(map(int.__mul__, sizes, one)) <= entries.capacity]
    return min(fitting, key=badness)


@settings(max_examples=150, deadline=None)
@given(candidates(), targets(), st.integers(0, 6), st.integers(1, 3), st.text("abc", max_size=3))
def test_no_allocation_is_better(people, wanted, capacity, threshold, seed):
    entries = enter(people, wanted, capacity=capacity, threshold=threshold)

    assert draw(entries, seed).allocation == best(entries, seed)


@settings(max_examples=100, deadline=None)
@given(candidates(most=20), targets(), st.integers(0, 9), st.integers(1, 6))
def test_targets_are_met_by_the_people_behind_the_tickets_as_well_as_the_record_says(people, wanted, capacity, least):
    found = draw(enter(people, wanted, capacity=capacity, threshold=least), "seed")
    placed = [one for one in people if one.ticket in found.winners]

    assert sum(one.size for one in placed) <= capacity
    assert sorted([*found.winners, *found.waiting]) == sorted(one.ticket for one in people)
    for target, missed in zip(wanted, found.violations, strict=True):
        assert inside(target, placed) >= target.minimum - missed.short
        assert target.maximum is None or inside(target, placed) <= target.maximum + missed.over


def test_what_cannot_be_met_is_said_by_target():
    wanted = [Target({"sex": ("f",)}, 3), Target({"region": ("west",)}, 0, 0), Target({"region": ("east",)}, 3)]
    found = draw(enter(crowd((2, "west", "f"), (4, "east", "m")), wanted, capacity=3, threshold=1), "seed")

    assert [(one.short, one.over) for one in found.violations] == [(3, 0), (0, 0), (0, 0)]


def test_without_targets_every_class_gets_its_share():
    people = crowd((40, "east", "f"), (20, "east", "m"), (60, "west", "f"))

    assert draw(enter(people, [], capacity=12, threshold=5), "seed").allocation == (4, 2, 6)


def test_where_one_class_must_have_more_all_others_pay():
    people = crowd((40, "east", "f"), (40, "east", "m"), (40, "west", "f"), (40, "west", "m"))
    wanted = [Target({"region": ("west",), "sex": ("m",)}, 19)]
    found = draw(enter(people, wanted, capacity=40, threshold=5), "seed")

    assert found.allocation == (7, 7, 7, 19)


def test_everybody_comes_where_there_are_places_for_all_and_nobody_where_there_are_none():
    people = crowd((3, "east", "f"), (2, "west", "f"))

    assert len(draw(enter(people, [], capacity=9, threshold=1), "seed").winners) == 5
    assert draw(enter(people, [], capacity=0, threshold=1), "seed").winners == ()
    assert verify(draw(enter([], [Target({"sex": ("f",)}, 2)], capacity=9, threshold=1), "seed")) == ()


def test_within_a_class_all_have_the_same_chance():
    """10,000 seeds; the statistic of draws without putting back, chi-square with one degree less than people."""
    tickets = {f"T{number}": number % 2 for number in range(24)}
    seeds, allocation = 10_000, (3, 5)
    wins = Counter(one for seed in range(seeds) for one in lottery(tickets, allocation, f"seed {seed}")[0])

    for place, places in enumerate(allocation):
        many, chance = 12, places / 12
        off = sum((wins[one] - seeds * chance) ** 2 for one, of in tickets.items() if of == place)
        statistic = off / (seeds * chance * (1 - chance)) * (many - 1) / many
        assert 0.001 < chi2.sf(statistic, many - 1) < 0.999


def test_a_class_with_a_share_of_less_than_a_place_has_its_chance_too():
    entries = enter(crowd((25, "east", "f"), (20, "east", "m"), (5, "west", "f")), [], capacity=5, threshold=5)
    found = [draw(entries, f"seed {number}").allocation for number in range(80)]

    assert {sum(one) for one in found} == {5}
    means = [sum(one[place] for one in found) / len(found) for place in range(3)]
    assert all(abs(mean - share) < 0.2 for mean, share in zip(means, (2.5, 2, 0.5), strict=True)), means


@given(candidates(most=12), st.randoms())
@settings(max_examples=20, deadline=None)
def test_the_order_of_sign_up_does_not_matter(people: list[Candidate], chance):
    def drawn(order: list[Candidate]) -> object:
        return draw(enter(order, [Target({"sex": ("f",)}, 2, 3)], capacity=4, threshold=2), "seed")

    assert drawn(chance.sample(people, len(people))) == drawn(people)
