"""Which opinion groups of one analysis are those of another: by how alike they vote, not by how large they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Final, NamedTuple

from consult.core.opinion.analysis import Tally

Shares = Mapping[str, tuple[float, float]]
"""By statement: which part of a group's votes agrees, and which disagrees."""
_AS_GOOD: Final = 2
"""A matching is as good as the nearest unless it is more than so many times as far: what is hidden, and votes that have
changed since, may have made the true one the second."""


class Matching(NamedTuple):
    """Groups of then with those of now that they are: as many as there are in the one that has fewer."""

    pairs: Mapping[str, str]
    distance: float
    """Sum of those of the pairs: 0 for the same votes, at most 1 each."""


def share(votes: Tally) -> tuple[float, float]:
    """The parts of the votes of a group on a statement that agree and disagree; there are some."""
    return votes.agree / votes.seen, votes.disagree / votes.seen


def matchings(then: Mapping[str, Shares], now: Mapping[str, Shares]) -> list[Matching]:
    """Every one-to-one matching, the nearest first; of several as near the one that changes letters least.

    There are at most five groups, and 120 matchings. What shares no statement is near to everything.
    """
    apart = {(one, other): _apart(then[one], now[other]) for one in then for other in now}
    found = (Matching(pairs, sum(apart[pair] for pair in pairs.items())) for pairs in _pairs(sorted(then), sorted(now)))
    return sorted(found, key=lambda one: (one.distance, sum(a != b for a, b in one.pairs.items())))


def plausible(then: Mapping[str, Shares], now: Mapping[str, Shares]) -> list[Matching]:
    """The matchings that shares leave open, the nearest first: those that are at most twice as far as it.

    The others are groups of other people: a difference between two of them is of nobody.
    """
    found = matchings(then, now)
    return [one for one in found if one.distance <= _AS_GOOD * found[0].distance]


def _pairs(then: list[str], now: list[str]) -> Iterator[Mapping[str, str]]:
    if len(then) <= len(now):
        return (dict(zip(then, some, strict=True)) for some in permutations(now, len(then)))
    return (dict(zip(some, now, strict=True)) for some in permutations(then, len(now)))


def _apart(one: Shares, other: Shares) -> float:
    """Half the mean distance of shares that agree and disagree, over the statements that both have."""
    both = one.keys() & other.keys()
    far = sum(abs(a - b) for name in sorted(both) for a, b in zip(one[name], other[name], strict=True))
    return far / (2 * len(both)) if both else 0.0
