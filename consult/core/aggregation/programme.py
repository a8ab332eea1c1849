"""The linear programme of weighted tables: hidden counts and the weights of all cells, as one system of unknowns.

Where weights are known, everything that adds up does so in each stratum by itself (`splits`): the unknowns are then the
people of each stratum in each cell, of which counts and sums of weights consist. Else a cell weighs between so many
times its count.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from consult.core.aggregation.attack import System
from consult.core.aggregation.polytope import EPSILON, SOLVED, UNBOUNDED, Polytope
from consult.core.aggregation.splits import Members, Range, part
from consult.core.aggregation.tables import EVERYBODY, UNKNOWN, Key

if TYPE_CHECKING:
    from consult.core.aggregation.polytope import Vector

Linear = Mapping[tuple[bool, Key], float]
"""Factors of unknowns: whether it is a sum of weights (else a count), and the cell."""


class Programme:
    """Everything that may be true of hidden counts and weights when shares are known."""

    def __init__(self, system: System, weights: Range, members: Members, met: Iterable[Linear]) -> None:
        """`met`: sums that are nearly zero, as rounded weights meet the margins."""
        self._system, self._range, self._members = system, weights, members
        self._cells = {EVERYBODY, *(cell for whole, parts in system.sums for cell in (whole, *parts))}
        self._index: dict[tuple[bool, Key], int] = {}
        self._bounds: list[tuple[float, float | None]] = []
        self._equal: list[tuple[Linear, float]] = []
        self._rows: list[tuple[Linear, float]] = []
        self._solutions: list[Vector] = []
        self._before: dict[int, float] = {}
        self._suspects: dict[int, None] = {}
        for cell in sorted(self._cells):
            self._add((True, cell))
            if cell not in system.known:
                self._add((False, cell), system.told.get(cell, UNKNOWN))
        if weights.weights:
            self._divide()
        else:
            self._link()
        everybody = system.known.get(EVERYBODY, 0)
        if everybody:  # the mean of weights is one
            self._bounds[self._index[True, EVERYBODY]] = (everybody * (1 - EPSILON), everybody * (1 + EPSILON))
        for line in met:
            if self.knows(line):
                rest, constant = self._split(line)
                slack = EPSILON * (1 + everybody)
                self._rows += [(_times(sign, rest), sign * constant + slack) for sign in (1, -1)]

    def knows(self, line: Linear) -> bool:
        """Whether all cells of a sum are among those of the programme."""
        return all(cell in self._cells for _, cell in line)

    def asks(self, cell: Key, among: Container[Key]) -> bool:
        """Whether a count is unknown that is among these, or the part of one of them in a category of a margin."""
        if cell in among:
            return (False, cell) in self._index
        found = self._range.split(cell, among, self._members)
        if found is None or cell in self._system.known or self._system.known.get(found[0]) == 0:
            return False
        if (False, cell) not in self._index:
            self._add((False, cell))
            self._equal.append(self._split(_signed(False, cell, [part(found[0], one) for one in found[1]])))
        return True

    def breaks(self, targets: Mapping[Key, int], further: Sequence[Linear], *, alone: bool = False) -> bool:
        """Whether a count is known to within less than it needs. All must have been asked for before.

        A part in a category needs no more than what it has without these sums: counts alone can tell it. `alone`: so
        does anything else, as only what these sums add is judged.
        """
        possible = self._polytope(further)
        possible.recall(self._solutions)
        recalled = len(possible.found)
        cells = {self._index[False, cell]: cell for cell in targets}
        needs = {place: min(float(targets[cell]), self._before.get(place, math.inf)) for place, cell in cells.items()}
        whole = () if alone else (place for place, cell in cells.items() if cell in self._cells)
        broken = self._first_known(possible, needs, {*whole})
        self._solutions += possible.found[recalled:]
        return broken is not None

    def _first_known(self, possible: Polytope, needs: Mapping[int, float], whole: set[int]) -> int | None:
        for place in self._in_turn(possible, needs):
            width = _width(possible, place, needs[place])
            if width < needs[place] and (place in whole or width < self._width_before(place)):
                self._suspects[place] = None
                return place
        return None

    def _in_turn(self, possible: Polytope, needs: Mapping[int, float]) -> Iterator[int]:
        """Unknowns that were known too closely before, then those that solutions for many at once move least."""
        yield from [place for place in self._suspects if place in needs]
        yield from sorted(possible.spread(needs), key=possible.seen)

    def _width_before(self, place: int) -> float:
        if place not in self._before:
            width = _width(self._counts_alone, place, math.inf)
            self._before[place] = math.inf if width < 0 else width
        return self._before[place]

    @cached_property
    def _counts_alone(self) -> Polytope:
        return self._polytope(())

    def _add(self, name: tuple[bool, Key], bounds: tuple[float, float | None] = (0, None)) -> None:
        self._index[name] = len(self._bounds)
        self._bounds.append(bounds)

    def _link(self) -> None:
        """Cells weigh between the least and the greatest weight times their count, and add up as counts do."""
        least, most = self._range.band
        for cell in sorted(self._cells):
            count = self._system.known.get(cell)
            if count is not None:
                slack = EPSILON * (1 + count)
                self._bounds[self._index[True, cell]] = (least * count - slack, (count and most * count) + slack)
            else:
                self._rows.append(({(False, cell): least, (True, cell): -1.0}, EPSILON))
                if most < math.inf:
                    self._rows.append(({(True, cell): 1.0, (False, cell): -most}, EPSILON))
        for whole, parts in self._system.sums:
            self._equal.append(self._split(_signed(False, whole, parts)))
            self._equal.append((_signed(True, whole, parts), 0.0))

    def _divide(self) -> None:
        """Cells consist of strata: so do their counts and weights, and what adds up does so in each of them."""
        for cell in sorted(self._cells):
            empty = self._system.known.get(cell) == 0
            inside = [] if empty else self._range.strata(cell, self._members)
            for stratum in inside:
                self._add((False, part(cell, stratum)))
            if not empty:
                self._equal.append(self._split(_signed(False, cell, [part(cell, stratum) for stratum in inside])))
            weights = {(False, part(cell, stratum)): self._range.weights[stratum] for stratum in inside}
            self._equal.append(({(True, cell): -1.0, **weights}, 0.0))
        for whole, parts in self._system.sums:
            for stratum in self._range.weights:
                line, _ = self._split(_signed(False, part(whole, stratum), [part(one, stratum) for one in parts]))
                if line:
                    self._equal.append((line, 0.0))

    def _split(self, line: Linear) -> tuple[Linear, float]:
        """The unknowns of a sum, and what the known counts leave for them."""
        known = self._system.known
        constant = -sum(factor * known.get(cell, 0) for (weight, cell), factor in line.items() if not weight)
        return {name: factor for name, factor in line.items() if name in self._index}, constant

    def _polytope(self, further: Sequence[Linear]) -> Polytope:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.sparse import vstack  # noqa: PLC0415  # heavy, and only audits need it

        upper, limits = self._upper
        if further:
            upper = vstack([upper, self._matrix(further)], format="csr")
            limits = np.concatenate([limits, np.full(len(further), EPSILON)])
        return Polytope(self._bounds, self._equations, (upper, limits))

    @cached_property
    def _equations(self) -> tuple[Any, Vector]:
        return self._together(self._equal)

    @cached_property
    def _upper(self) -> tuple[Any, Vector]:
        return self._together(self._rows)

    def _together(self, lines: Sequence[tuple[Linear, float]]) -> tuple[Any, Vector]:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it

        return self._matrix([line for line, _ in lines]), np.array([constant for _, constant in lines], dtype=float)

    def _matrix(self, lines: Sequence[Linear]) -> Any:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, and only audits need it

        rows, columns, factors = [], [], []
        for row, line in enumerate(lines):
            for name, factor in line.items():
                rows.append(row)
                columns.append(self._index[name])
                factors.append(factor)
        return csr_array((np.array(factors, dtype=float), (rows, columns)), shape=(len(lines), len(self._bounds)))


def _width(possible: Polytope, place: int, need: float) -> float:
    """How far apart the values of an unknown lie, as soon as it is enough; below zero where that cannot be settled."""
    for least in (True, False):
        if possible.seen(place) >= need:
            break
        found = possible.extreme(place, least=least)
        if found.status == UNBOUNDED:
            return math.inf
        if found.status != SOLVED:  # counts as known
            return -math.inf
    return possible.seen(place)


def _times(factor: int, line: Linear) -> Linear:
    return {name: factor * one for name, one in line.items()}


def _signed(weight: bool, whole: Key, parts: Iterable[Key]) -> Linear:
    line: dict[tuple[bool, Key], float] = {(weight, whole): -1.0}
    for one in parts:
        line[weight, one] = line.get((weight, one), 0.0) + 1.0
    return line
