"""Candidates in classes: alike in everything that a public record may tell of them.

Classes below the threshold are merged before the draw, never after it: merged afterwards, the winners of a class would
show what its record has merged away. A merged class keeps, for each variable, which categories it holds, and nothing of
how many are of which. How many come on one ticket (the candidate and companions) tells people apart as profiles do, so
it is a variable like the others in this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import ne
from typing import Any

_Key = tuple[tuple[Any, ...], ...]
"""The sorted categories of each variable, in the order of the variables' names; at the end the sorted sizes."""
Cell = Mapping[str, tuple[str, ...]]
"""Categories by variable, of one or several: a person is in it who has one of them in each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who has signed up."""

    ticket: str
    """A short public name that tells nothing of the person."""
    profile: Mapping[str, str]
    """Category by variable."""
    size: int = 1
    """People who come on the ticket: the candidate and companions."""


@dataclass(frozen=True, slots=True)
class Class:
    """What is told of everybody in a class."""

    profile: Mapping[str, tuple[str, ...]]
    """Categories by variable, sorted: each in the class has one of them. A variable that is missing is unknown."""
    sizes: tuple[int, ...] = (1,)
    """How many people may come on one of its tickets, sorted."""

    @property
    def size(self) -> int:
        """Places that are kept for one ticket."""
        return max(self.sizes)

    @classmethod
    def of(cls, candidate: Candidate) -> Class:
        """The class of everybody who is just as this candidate."""
        return cls({variable: (one,) for variable, one in sorted(candidate.profile.items())}, (candidate.size,))


def classify(
    candidates: Iterable[Candidate], threshold: int, cells: Sequence[Cell] = ()
) -> tuple[tuple[Class, ...], dict[str, int]]:
    """The classes, sorted, and by ticket which of them it is in; the order of the candidates does not matter.

    The smallest class below the threshold is merged with the nearest one, until none is below it or one is left. The
    nearest is in and out of the same `cells` as far as can be (else targets for these could not be met any more), then
    it differs in the fewest variables, then it is the smallest, then the first by name. Classes that become alike are
    one. Raises `ValueError` where a ticket is there twice, or candidates have different variables.
    """
    people = sorted(candidates, key=lambda one: one.ticket)
    variables = sorted(people[0].profile) if people else []
    groups: dict[_Key, list[str]] = {}
    for one in people:
        if sorted(one.profile) != variables:
            raise ValueError("candidates must have the same variables")
        key = (*((one.profile[variable],) for variable in variables), (one.size,))
        groups.setdefault(key, []).append(one.ticket)
    _merge(groups, threshold, [[cell.get(variable) for variable in variables] for cell in cells])
    names = sorted(groups)
    tickets = {ticket: place for place, key in enumerate(names) for ticket in groups[key]}
    if len(tickets) < len(people):
        raise ValueError("a ticket is there twice")
    return tuple(Class(dict(zip(variables, key[:-1], strict=True)), key[-1]) for key in names), tickets


def _merge(groups: dict[_Key, list[str]], threshold: int, cells: Sequence[Sequence[tuple[str, ...] | None]]) -> None:
    @cache
    def inside(key: _Key) -> tuple[tuple[bool, bool], ...]:
        """Of each cell, whether somebody of a class certainly and possibly is in it."""
        found = []
        for cell in cells:
            asked = [({*one}, {*kinds}) for one, kinds in zip(key, cell, strict=False) if kinds is not None]
            found.append((all(one <= kinds for one, kinds in asked), all(one & kinds for one, kinds in asked)))
        return tuple(found)

    def apart(one: _Key, other: _Key) -> tuple[int, int]:
        return sum(map(ne, inside(one), inside(other))), sum(map(ne, one, other))

    while len(groups) > 1:
        least = min(groups, key=lambda key: (len(groups[key]), key))
        if len(groups[least]) >= threshold:
            return
        tickets = groups.pop(least)
        nearest = min(groups, key=lambda key: (apart(key, least), len(groups[key]), key))
        tickets += groups.pop(nearest)
        both = tuple(tuple(sorted({*one, *other})) for one, other in zip(least, nearest, strict=True))
        groups.setdefault(both, []).extend(tickets)
