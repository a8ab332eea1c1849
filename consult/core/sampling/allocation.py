"""How many tickets of each class get a place: an integer programme, settled one aim after the other.

1. The smallest total violation of the targets (`targets.violation`).
2. The most places given, each ticket taking as many as may come on it.
3. The smallest deviation from shares that are proportional to the classes. With p places for W people who want one, N
   tickets of a class, of s places each, have a share of t = N·p / W tickets. Shares are hardly ever whole: a class with
   a share of 0.3 would never get a place if the nearest whole number were sought, whatever the seed. So each share is
   moved by a lot u of the class, evenly from −½ to ½: the nearest whole number of t + u is t on average. What is
   least is Σ s·(n − t − u)² / t. Squares, not distances: where a class must have more, all others pay for it.

Multiplied out, with Σ s·n settled by the second aim, the jth ticket of a class adds s·(j − ½ − u) / N, but for a
factor. Its tickets stand on a line at even distances from a start by lot, and the places go to those nearest the
beginning, as far as targets and capacity let them. Each adds more than the one before, so the programme is linear.

The lots also settle ties: they have 53 bits, so that two allocations as good as each other, or nearer than the solver
can tell (one in 10¹⁰), are not to be expected. Whoever solves the programme gets the same allocation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain
from typing import Final

from consult.core.sampling.classes import Class
from consult.core.sampling.lottery import lot
from consult.core.sampling.targets import Target

_MEAN: Final = 10**6
"""What the last ticket adds, about: far above the differences that the solver overlooks (10⁻⁶)."""
_LINE: Final = 2**53
_ANY: Final = float("inf")

Row = Mapping[int, float]
"""Factors by column."""


def allocate(
    classes: Sequence[Class], candidates: Sequence[int], targets: Sequence[Target], capacity: int, seed: str
) -> tuple[int, ...]:
    """Tickets of each class that get a place, of so many candidates (tickets too); capacity in people."""
    if not classes:
        return ()
    programme = _Programme(classes, candidates, targets, capacity)
    programme.settle(dict.fromkeys(programme.violations, 1))
    programme.most_places()
    return programme.nearest(seed)


def start(seed: str, place: int) -> float:
    """Where the line of the class at a place starts, from 0 to 1, in distances between its tickets: ½ − u."""
    return (int.from_bytes(lot(seed, f"class {place}")[:8]) >> 11) / _LINE


class _Programme:
    """Columns: tickets of each class; people missing and too many of each target; at last each ticket by itself."""

    def __init__(
        self, classes: Sequence[Class], candidates: Sequence[int], targets: Sequence[Target], capacity: int
    ) -> None:
        self._sizes, self._candidates, self._capacity = [one.size for one in classes], candidates, capacity
        self._upper = [min(many, capacity // size) for many, size in zip(candidates, self._sizes, strict=True)]
        self._classes = range(len(classes))
        self.violations = range(len(classes), len(classes) + 2 * len(targets))
        self._upper += [capacity + max((one.minimum for one in targets), default=0)] * len(self.violations)
        self._rows: list[tuple[Row, float, float]] = [(dict(enumerate(self._sizes)), 0, capacity)]
        for column, target in zip(self.violations[::2], targets, strict=True):
            least = {place: target.least(one) for place, one in enumerate(classes)}
            self._rows.append(({**least, column: 1}, target.minimum, _ANY))
            if target.maximum is not None:
                most = {place: target.most(one) for place, one in enumerate(classes)}
                self._rows.append(({**most, column + 1: -1}, -_ANY, target.maximum))

    def settle(self, costs: Row) -> None:
        """Find what whole costs are at least; the programme keeps to it from now on."""
        found = self._solve(costs)
        least = round(sum(cost * found[column] for column, cost in costs.items()))
        self._rows.append((costs, -_ANY, least + 0.5))  # half of one is no room, but for rounding

    def most_places(self) -> None:
        """Settle that as many places are given as can be."""
        self.settle({place: -size for place, size in enumerate(self._sizes)})

    def nearest(self, seed: str) -> tuple[int, ...]:
        """The allocation nearest to the shares, each moved by the lot of its class."""
        wanted = sum(size * many for size, many in zip(self._sizes, self._candidates, strict=True))
        mean = _MEAN * wanted / max(1, self._capacity)
        costs: dict[int, float] = {}
        for place in self._classes:
            tickets = range(len(self._upper), len(self._upper) + self._upper[place])
            distance = mean * self._sizes[place] / self._candidates[place]
            costs.update((column, distance * (turn + start(seed, place))) for turn, column in enumerate(tickets))
            self._rows.append(({place: -1, **dict.fromkeys(tickets, 1)}, 0, 0))
            self._upper += [1] * len(tickets)
        found = self._solve(costs)
        return tuple(round(found[place]) for place in self._classes)

    def _solve(self, costs: Row) -> Sequence[float]:
        import numpy  # noqa: PLC0415  # heavy, and only draws need it
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  # heavy, and only draws need it
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, and only draws need it

        rows, least, most = zip(*self._rows, strict=True)
        factors = numpy.array([*chain.from_iterable(row.values() for row in rows)], dtype=float)
        ends = [*accumulate(map(len, rows), initial=0)]
        matrix = csr_array((factors, [*chain.from_iterable(rows)], ends), shape=(len(rows), len(self._upper)))
        objective = numpy.zeros(len(self._upper))
        objective[[*costs]] = [*costs.values()]
        found = milp(
            objective,
            integrality=numpy.arange(len(self._upper)) < len(self._classes),
            bounds=Bounds(0, self._upper),
            constraints=LinearConstraint(matrix, least, most),
            options={"mip_rel_gap": 0},
        )
        if found.status:
            raise ArithmeticError(f"no allocation was found: {found.message}")
        return found.x  # type: ignore[no-any-return]  # scipy has no types
