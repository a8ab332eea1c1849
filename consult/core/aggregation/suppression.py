"""Suppression in tidy tables: which cells are primary, which further ones are hidden, and the proof that it holds.

A cell of 1 … k − 1 is primary, margins included; a zero too where zeros tell something (`zeros_safe` false). Each must
keep a doubt of k against an attacker who knows all tables, their margins and that counts are whole and not negative.
The number of everybody is always shown: it is told in other places. So are safe zeros, since readers often know of a
combination that nobody can be in it, and a hidden zero would be no cover then.

What hiding costs: one for each cell, one more for each total in it (a margin tells more than a cell inside), and the
share of everybody that it holds, which decides between choices of equally many cells. `search` finds what costs least;
`attack` then plays the attacker with what is shown alone, in whole numbers. A primary cell that it still bounds too
closely, because fractions promised more than whole respondents can keep, gets a greater need and the search is
repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from consult.core.aggregation.attack import Interval, System, bounds, broken
from consult.core.aggregation.cells import Sum
from consult.core.aggregation.search import Problem, UnprotectableError, least_to_hide
from consult.core.aggregation.tables import EVERYBODY, Key
from consult.core.aggregation.tidy import Grid, join

_ATTEMPTS: Final = 10
"""Searches with greater needs before a table is given up."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is hidden in tables that share cells."""

    hidden: frozenset[Key]
    needs: Mapping[Key, int]
    """The primary cells, each with the width of doubt that it needs and has."""

    def shown(self, grid: Grid) -> dict[Key, int | None]:
        """The counts of a table with what is hidden left out."""
        return {cell: None if cell in self.hidden else count for cell, count in grid.counts.items()}


def suppress(grids: Sequence[Grid], threshold: int, *, zeros_safe: bool) -> Suppression:
    """Protect tables together. `UnprotectableError` names cells that cannot be; refuses what `tidy.join` refuses."""
    joined, sums = join(grids)
    counts = {cell: count for cell, count in joined.items() if count is not None}
    needs = {cell: threshold for cell, count in counts.items() if (not zeros_safe or count) and count < threshold}
    if EVERYBODY in needs:
        raise UnprotectableError(needs)
    shown = {EVERYBODY, *(cell for cell, count in counts.items() if zeros_safe and not count)}
    losses = _losses(grids, counts)
    wanted = dict(needs)
    for _ in range(_ATTEMPTS):
        hidden = least_to_hide(Problem(counts, sums, wanted, shown, losses))
        system = System.seen(((cell, None if cell in hidden else count) for cell, count in counts.items()), sums)
        weak = broken(system, needs, whole=True)
        if not weak:
            return Suppression(hidden, needs)
        for cell, interval, need in weak:
            wanted[cell] += max(1, need - int(interval.upper - interval.lower))
    raise UnprotectableError(cell for cell, _, _ in weak)


def _losses(grids: Sequence[Grid], counts: Mapping[Key, int]) -> dict[Key, float]:
    totals: dict[Key, int] = {}
    for grid in grids:
        for cell in grid.counts:
            totals[cell] = max(totals.get(cell, 0), len(grid.dimensions) - len(cell))
    return {cell: 1 + totals[cell] + count / (counts[EVERYBODY] + 1) for cell, count in counts.items()}


def known(counts: Mapping[Key, int | None], sums: Iterable[Sum]) -> dict[Key, Interval]:
    """What can be known of every hidden cell: the tightest bounds that follow from everything shown.

    `ContradictionError`: no counts fit what is shown.
    """
    hidden = [cell for cell, count in counts.items() if count is None]
    return bounds(System.seen(counts.items(), sums), hidden, whole=True)
