"""Targets: how many people of a kind are to have a place, and how those who have one stand against that.

People are counted as their class allows. For a minimum only those count who certainly are of the kind, with the fewest
who may come on their tickets; for a maximum all who possibly are, with the most. So a target that is said to be met is
met whoever is behind the tickets. Companions count as whoever signed up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consult.core.sampling.classes import Cell, Class


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of the profile grid and the least and most people in it."""

    cell: Cell
    minimum: int = 0
    maximum: int | None = None

    def least(self, one: Class) -> int:
        """How many on one ticket of a class are certainly in the cell."""
        inside = all({*one.profile.get(variable, ("",))} <= {*kinds} for variable, kinds in self.cell.items())
        return min(one.sizes) if inside else 0

    def most(self, one: Class) -> int:
        """How many on one ticket of a class are possibly in the cell."""
        inside = all({*one.profile.get(variable, kinds)} & {*kinds} for variable, kinds in self.cell.items())
        return max(one.sizes) if inside else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How those who have a place stand against a target."""

    target: Target
    least: int
    """People who certainly are in its cell."""
    most: int
    """People who possibly are."""

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(0, self.target.minimum - self.least)

    @property
    def over(self) -> int:
        """How many are too many."""
        return 0 if self.target.maximum is None else max(0, self.most - self.target.maximum)

    @property
    def room(self) -> int | None:
        """How many more may come; None where there is no maximum."""
        return None if self.target.maximum is None else max(0, self.target.maximum - self.most)

    def with_one(self, one: Class) -> Standing:
        """How it will stand when a ticket of a class gets a place as well."""
        return Standing(self.target, self.least + self.target.least(one), self.most + self.target.most(one))

    def fills(self, one: Class) -> bool:
        """Whether a ticket of a class brings somebody who is missing."""
        return self.with_one(one).short < self.short

    def exceeds(self, one: Class) -> bool:
        """Whether a ticket of a class brings more than may come."""
        return self.with_one(one).over > self.over


def grid(targets: Iterable[Target], placed: Sequence[tuple[Class, int]]) -> tuple[Standing, ...]:
    """The profile grid: how classes, each with the number of its tickets that have a place, stand against targets."""
    return tuple(
        Standing(
            target,
            sum(target.least(one) * tickets for one, tickets in placed),
            sum(target.most(one) * tickets for one, tickets in placed),
        )
        for target in targets
    )


def violation(standings: Iterable[Standing]) -> int:
    """People who are missing or too many, over all targets."""
    return sum(one.short + one.over for one in standings)
