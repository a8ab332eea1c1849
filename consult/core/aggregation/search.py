"""The least to hide: complementary suppression at the least loss, in tables of any shape and any number.

The problem is that of Fischetti and Salazar, *Solving the cell suppression problem on tabular data with linear
constraints* (Management Science 47, 2001), with sliding protection levels: hide cells at the least loss so that every
primary cell can move as far as it needs (`moves`). Where one cannot, the duals of its programmes give an inequality
that every safe choice satisfies. The choice is made by branch and bound over the inequalities found so far (HiGHS
through SciPy), in turns with the attacker, until that finds nothing.

First the problem is relaxed: a cell may be hidden in part. What such a solution hides at all is safe, as its attacker
had less room; what of it need not be hidden is shown again. That is the choice in hand; branch and bound goes on
until it has a better one or knows that none is much better: by a fiftieth, in large tables by more.

All limits count steps and none measures time: the same tables always hide the same cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from consult.core.aggregation.cells import Sum
from consult.core.aggregation.moves import Moves, Width
from consult.core.aggregation.tables import Key

if TYPE_CHECKING:
    from consult.core.aggregation.moves import Vector

_TINY: Final = 1e-6
_NOTHING: Final = 1e-9
_GAP: Final = 0.02
"""What the loss may be above the least possible one, as a share of it, in tables of …"""
_UP_TO: Final = 200
"""… this many cells; in proportion to the cells in larger ones."""
_TURNS: Final = range(1, 9)
_EFFORT: Final = 1_500
"""Cells times turns of branch and bound and attacker, before the choice in hand is taken."""
_ROUNDS: Final = 400
"""Rounds of inequalities for the relaxed problem, before all that may be hidden is."""
_NODES: Final = 100
"""Nodes that one branch and bound may look at."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Counts, what adds up among them, and what must stay unknown."""

    counts: Mapping[Key, int]
    sums: Sequence[Sum]
    needs: Mapping[Key, int]
    """Primary cells, each with the width of doubt that it needs."""
    shown: Collection[Key]
    """Cells that must not be hidden."""
    losses: Mapping[Key, float]
    """What hiding each cell costs; positive."""


class UnprotectableError(ValueError):
    """Some primary cells cannot be protected, whatever is hidden beside them."""

    def __init__(self, cells: Iterable[Key]) -> None:
        self.cells = tuple(sorted(cells))
        super().__init__(f"{len(self.cells)} cells cannot be protected")


def least_to_hide(problem: Problem) -> frozenset[Key]:
    """The cells to hide, primary ones included.

    `UnprotectableError`: not even hiding all that may be hidden protects the cells it names.
    """
    return _Search(problem).result() if problem.needs else frozenset()


class _Search:
    """The cells as arrays of their positions in `_keys`, and the inequalities found so far."""

    def __init__(self, problem: Problem) -> None:
        import numpy  # noqa: PLC0415  # heavy, and only protection needs it

        self._keys = sorted(problem.counts)
        at = {cell: position for position, cell in enumerate(self._keys)}
        counts = numpy.array([problem.counts[cell] for cell in self._keys], dtype=float)
        self._losses = numpy.array([problem.losses[cell] for cell in self._keys])
        self._needs = {at[cell]: float(need) for cell, need in sorted(problem.needs.items())}
        self._primary = numpy.zeros(len(at), dtype=bool)
        self._primary[list(self._needs)] = True
        self._free = ~self._primary
        self._free[[at[cell] for cell in problem.shown]] = False
        self._gap = _GAP * max(1.0, len(at) / _UP_TO)
        self._moves = Moves(counts, problem.sums, at)
        self._cuts = _Inequalities(len(at))
        for whole, parts in problem.sums:
            self._never_alone([at[cell] for cell in (whole, *parts)])

    def result(self) -> frozenset[Key]:
        """The best choice found."""
        everything = (self._free | self._primary).astype(float)
        if lost := [found.cell for found in self._moves.short(self._needs, everything)]:
            raise UnprotectableError(self._keys[cell] for cell in lost)
        best = self._leanest(self._relaxed(self._losses))
        for _ in range(max(_TURNS[0], min(_TURNS[-1], _EFFORT // len(self._keys)))):
            hidden, bound = self._whole()
            if hidden is None or bound >= (1 - self._gap) * self._loss(best):
                break
            if not self._learn(hidden):
                best = min(best, hidden, key=self._loss)
                break
            mended = self._relaxed(self._losses * (hidden == 0))
            best = min(best, self._leanest(mended.clip(min=hidden)), key=self._loss)
        return frozenset(self._keys[position] for position in best.nonzero()[0])

    def _loss(self, hidden: Vector) -> float:
        return float(self._losses @ hidden)

    def _never_alone(self, line: Sequence[int]) -> None:
        """Whoever is hidden alone in a line is not hidden at all, so no best choice has such a one."""
        members = [cell for cell in line if self._free[cell] or self._primary[cell]]
        for cell in members:
            others = [other for other in members if other != cell]
            self._cuts.add([cell, *others], [-1.0, *[1.0] * len(others)], 0.0)

    def _learn(self, hidden: Vector) -> bool:
        """Take the attacker's inequalities against a choice; whether there were any."""
        found = list(self._moves.short(self._needs, hidden))
        for width in found:
            self._take(width)
        return bool(found)

    def _take(self, found: Width) -> None:
        # What is hidden anyway is taken off; a choice being whole, no cell counts for more than what is then needed.
        need = self._needs[found.cell] - float(found.capacities[self._primary].sum())
        shares = (found.capacities * self._free).clip(max=need) / need
        cells = (shares > _TINY).nonzero()[0]
        self._cuts.add(cells, shares[cells], 1.0 - _TINY)

    def _solve(self, losses: Vector, *, whole: bool) -> Any:
        import numpy  # noqa: PLC0415  # heavy, and only protection needs it
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  # heavy, as above

        return milp(
            losses,
            integrality=numpy.full(len(losses), int(whole)),
            bounds=Bounds(self._primary.astype(float), (self._free | self._primary).astype(float)),
            constraints=LinearConstraint(self._cuts.matrix(), self._cuts.least(), numpy.inf),
            options={"node_limit": _NODES, "mip_rel_gap": self._gap} if whole else {},
        )

    def _relaxed(self, losses: Vector) -> Vector:
        """All that the best choice of the relaxed problem hides at least in part."""
        before: Vector | None = None
        for _ in range(_ROUNDS):
            hidden: Vector = self._solve(losses, whole=False).x.clip(0, 1)
            hidden[hidden < _NOTHING] = 0
            # The same again: what falls short is less than the solver can see.
            if not self._learn(hidden) or (before is not None and (hidden == before).all()):
                return (hidden > 0).astype(float)
            before = hidden
        return (self._free | self._primary).astype(float)

    def _whole(self) -> tuple[Vector | None, float]:
        """The best choice under the inequalities found so far, and what the loss is at least."""
        found = self._solve(self._losses, whole=True)
        return (None if found.x is None else found.x.round()), float(found.mip_dual_bound or 0)

    def _leanest(self, hidden: Vector) -> Vector:
        """Show again whatever need not be hidden, the dearest first."""
        lean = hidden.copy()
        for cell in sorted((lean * self._free).nonzero()[0], key=lambda one: (-self._losses[one], one)):
            lean[cell] = 0
            if any(True for _ in self._moves.short(self._needs, lean)):
                lean[cell] = 1
        return lean


class _Inequalities:
    """Σ coefficient · hidden ≥ least, many of them."""

    def __init__(self, cells: int) -> None:
        self._cells = cells
        self._columns: list[int] = []
        self._values: list[float] = []
        self._ends = [0]
        self._least: list[float] = []

    def add(self, cells: Iterable[int], coefficients: Iterable[float], least: float) -> None:
        """One more."""
        self._columns.extend(cells)
        self._values.extend(coefficients)
        self._ends.append(len(self._columns))
        self._least.append(least)

    def matrix(self) -> Any:
        """Inequalities × cells."""
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, and only protection needs it

        return csr_array((self._values, self._columns, self._ends), shape=(len(self._least), self._cells))

    def least(self) -> list[float]:
        """Their right-hand sides."""
        return self._least
