"""How far a hidden cell can move while everything that is shown stays as it is: the view from inside.

`attack` reads what is published; here the counts are known and the question is which of them hold a cell in its place.
Cell c may move by z(c), −count(c) · x(c) ≤ z(c) ≤ (everybody − count(c)) · x(c), so that every sum still holds; x is 1
for a hidden cell, 0 for a shown one and anything between in the relaxed problem of `search`. The farthest a cell gets
upwards and downwards together is its *width*. By duality it is limited by Σ capacity(c) · x(c) for every x, with

    capacity(c) = count(c) · max(r(c), 0) + (everybody − count(c)) · max(−r(c), 0)

and r the reduced costs of both linear programmes (Fischetti and Salazar 2001, the inequalities of section 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from consult.core.aggregation.cells import Sum
from consult.core.aggregation.tables import Key

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Vector = NDArray[float64]

_TINY: Final = 1e-9
_SHORT: Final = 1e-5
"""Share of its need that a cell may miss in reckoning; the audit in whole numbers misses nothing."""
_TOGETHER: Final = 32
"""Programmes solved in one go: each is small, and every go has its price."""
_REMEMBERED: Final = 6
"""Moves kept for each cell and direction."""
_DIRECTIONS: Final = (1, -1)


class Width(NamedTuple):
    """What a cell can move in all, and what limits it."""

    cell: int
    width: float
    capacities: Vector


class _Move(NamedTuple):
    """A way in which counts can change together."""

    cells: NDArray[Any]
    by: Vector
    far: float


class Moves:
    """The moves that sums allow among cells, known by their positions."""

    def __init__(self, counts: Vector, sums: Sequence[Sum], at: Mapping[Key, int]) -> None:
        import numpy  # noqa: PLC0415  # heavy, and only protection needs it
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, as above

        entries = [
            (row, at[cell], sign)
            for row, (whole, parts) in enumerate(sums)
            for cell, sign in ((whole, -1), *((part, 1) for part in parts))
        ]
        rows, columns, signs = zip(*entries, strict=True)
        shape = (len(sums), len(at))
        self._matrix = csr_array((numpy.array(signs, dtype=float), (rows, columns)), shape=shape).tocsc()
        self._down = counts
        self._up = counts.max() - counts
        self._known: dict[tuple[int, int], list[_Move]] = {}

    def short(self, needs: Mapping[int, float], hidden: Vector) -> Iterator[Width]:
        """The cells that cannot move as far as they need, each with what limits it."""
        import numpy  # noqa: PLC0415  # heavy, and only protection needs it

        down, up = self._down * hidden, self._up * hidden
        doubtful = [cell for cell, need in needs.items() if self._seen(cell, down, up) < need * (1 - _SHORT)]
        for first in range(0, len(doubtful), _TOGETHER):
            some = doubtful[first : first + _TOGETHER]
            ways = [(cell, direction) for cell in some for direction in _DIRECTIONS]
            fars, capacities = self._farthest(ways, down, up)
            for place, cell in enumerate(some):
                pair = slice(2 * place, 2 * place + 2)
                width = float(numpy.sum(fars[pair]))
                if width < needs[cell] * (1 - _SHORT):
                    yield Width(cell, width, capacities[pair].sum(axis=0))

    def _seen(self, cell: int, down: Vector, up: Vector) -> float:
        """What moves found before still allow."""
        width = 0.0
        for direction in _DIRECTIONS:
            for move in self._known.get((cell, direction), ()):
                if (move.by <= up[move.cells] + _TINY).all() and (-move.by <= down[move.cells] + _TINY).all():
                    width += move.far
                    break
        return width

    def _farthest(self, ways: Sequence[tuple[int, int]], down: Vector, up: Vector) -> tuple[Vector, Vector]:
        """How far each cell gets in its direction, and the capacities that hold it (ways × cells)."""
        import numpy  # noqa: PLC0415  # heavy, and only protection needs it
        from scipy.optimize import linprog  # noqa: PLC0415  # heavy, as above

        columns = (up + down > 0).nonzero()[0]
        matrix = self._matrix[:, columns]
        rows = numpy.unique(matrix.indices)
        goal = numpy.zeros((len(ways), len(columns)))
        for way, (cell, direction) in enumerate(ways):
            goal[way, numpy.searchsorted(columns, cell)] = -direction
        limits = numpy.stack([-down[columns], up[columns]], axis=1)
        result = linprog(
            goal.ravel(),
            A_eq=_repeated(matrix[rows, :], len(ways)),
            b_eq=numpy.zeros(len(rows) * len(ways)),
            bounds=numpy.tile(limits, (len(ways), 1)),
            method="highs",
        )
        if result.status != 0:
            raise ArithmeticError(result.message)  # nobody moving is always possible
        moved = result.x.reshape(goal.shape)
        duals = numpy.zeros((len(ways), self._matrix.shape[0]))
        duals[:, rows] = result.eqlin.marginals.reshape(len(ways), len(rows))
        reduced = -(duals @ self._matrix)
        for way, (cell, direction) in enumerate(ways):
            reduced[way, cell] -= direction
        reduced[numpy.abs(reduced) < _TINY] = 0
        fars = -(goal * moved).sum(axis=1)
        for each, far, move in zip(ways, fars, moved, strict=True):
            self._remember(each, _Move(columns[move != 0], move[move != 0], float(far)))
        return fars, self._down * numpy.maximum(reduced, 0) + self._up * numpy.maximum(-reduced, 0)

    def _remember(self, way: tuple[int, int], move: _Move) -> None:
        moves = self._known.setdefault(way, [])
        moves.append(move)
        moves.sort(key=lambda one: -one.far)
        del moves[_REMEMBERED:]


def _repeated(matrix: Any, times: int) -> Any:
    """Many times the same matrix along the diagonal (CSC): SciPy's own way to this takes longer than the solver."""
    import numpy  # noqa: PLC0415  # heavy, and only protection needs it
    from scipy.sparse import csc_array  # noqa: PLC0415  # heavy, as above

    (rows, columns), entries = matrix.shape, matrix.nnz
    each = numpy.arange(times)[:, None]
    ends = (matrix.indptr[1:] + entries * each).ravel()
    return csc_array(
        (
            numpy.tile(matrix.data, times),
            (matrix.indices + rows * each).ravel(),
            numpy.concatenate([matrix.indptr[:1], ends]),
        ),
        shape=(rows * times, columns * times),
    )
