"""All that may be true when sums are known: how far apart the values of unknowns can lie.

Every solution is a possible truth for all unknowns at once, so those that have taken values far enough apart in some
solutions need no programmes of their own. Few programmes acquit most: each looks for the solution that takes as many
as possible away from where they have been, each by no more than it needs, so that nobody's way is blocked by one that
goes farther. That is linear: maximise Σ t with t ≤ ±(x − end of what was seen) and t ≤ need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Vector = NDArray[float64]

EPSILON: Final = 1e-6
"""What is less is a matter of reckoning."""
SOLVED: Final = 0
UNBOUNDED: Final = 3
"""SciPy's status of a programme that has a solution, and of one whose objective has no limit."""
_FEW: Final = 2
"""Unknowns up to which each has programmes of its own."""


class Polytope:
    """The solutions of linear equations and inequalities, and the range of values that some of them have shown."""

    def __init__(
        self,
        bounds: Sequence[tuple[float, float | None]],
        equal: tuple[Any, Vector],
        upper: tuple[Any, Vector] | None = None,
        *,
        whole: bool = False,
    ) -> None:
        """`bounds`: of each unknown. `equal`, `upper`: a sparse matrix of sums × unknowns and what they are, or are at
        most. `whole`: solutions that are not whole do not count."""
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, and only audits need it

        self.size = len(bounds)
        self._bounds = list(bounds)
        self._equal = equal
        self._upper = upper or (csr_array((0, self.size)), np.zeros(0))
        self._whole = whole
        self.found: list[Vector] = []
        """The solutions noted so far."""
        self.lowest, self.highest = np.full(self.size, np.inf), np.full(self.size, -np.inf)

    def seen(self, place: int) -> float:
        """How far apart the whole numbers are between the values that an unknown took so far."""
        return float(self._widths([place])[0])

    def saw(self, solution: Vector) -> None:
        """Take note of a solution."""
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it

        if self._whole and (abs(solution - solution.round()) > EPSILON).any():
            return
        self.found.append(solution)
        self.lowest, self.highest = np.minimum(self.lowest, solution), np.maximum(self.highest, solution)

    def recall(self, solutions: Iterable[Vector]) -> None:
        """Take note of solutions of the same equations that were found elsewhere, if the inequalities hold as well."""
        matrix, limits = self._upper
        for solution in solutions:
            if (matrix @ solution <= limits + EPSILON).all():
                self.saw(solution)

    def least(self, objective: Vector) -> Any:
        """SciPy's result: the solution in which Σ objective · unknown is least, noted where there is one."""
        from scipy.optimize import linprog  # noqa: PLC0415  # heavy, and only audits need it

        (equal, constants), (upper, limits) = self._equal, self._upper
        found = linprog(
            objective, A_ub=upper, b_ub=limits, A_eq=equal, b_eq=constants, bounds=self._bounds, method="highs"
        )
        if found.status == SOLVED:
            self.saw(found.x)
        return found

    def extreme(self, place: int, *, least: bool) -> Any:
        """The same for the least or the greatest value of one unknown."""
        return self.least(self._towards([place], 1.0 if least else -1.0))

    def spread(self, needs: Mapping[int, float]) -> list[int]:
        """The unknowns that have not been seen as far apart as they need when looking for many at once has ended."""
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it

        if len(needs) > _FEW:
            self.least(self._towards(sorted(needs), 1.0))
        left, before, turn = self._left(needs), len(needs) + 1, 0
        while _FEW < len(left) < before and np.isfinite(self.lowest).all():
            before = len(left)
            # All upwards first; then every second one, as what lies side by side cannot grow together.
            signs = np.where((np.arange(before) + turn) % 2, -1.0, 1.0) if turn else np.ones(before)
            self._part(np.array(left), signs, np.array([needs[place] + 1.0 for place in left]))
            left, turn = self._left(needs), turn + 1
        return left

    def _left(self, needs: Mapping[int, float]) -> list[int]:
        places = sorted(needs)
        widths = self._widths(places)
        return [place for place, width in zip(places, widths, strict=True) if width < needs[place]]

    def _widths(self, places: Sequence[int]) -> Vector:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it

        widths: Vector = np.floor(self.highest[places] + EPSILON) - np.ceil(self.lowest[places] - EPSILON)
        return widths

    def _towards(self, places: Sequence[int], factor: float) -> Vector:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it

        objective = np.zeros(self.size)
        objective[list(places)] = factor
        return objective

    def _part(self, places: NDArray[Any], signs: Vector, far: Vector) -> None:
        """A solution in which unknowns lie beyond what was seen, upwards or downwards, as many as far as can be."""
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.optimize import linprog  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.sparse import block_array, csr_array, eye_array  # noqa: PLC0415  # heavy, and only audits need it

        (equal, constants), (upper, limits) = self._equal, self._upper
        count = len(places)
        ends = np.where(signs > 0, self.lowest[places], self.highest[places])
        beyond = csr_array((-signs, (np.arange(count), places)), shape=(count, self.size))
        found = linprog(
            np.concatenate([np.zeros(self.size), -np.ones(count)]),
            A_ub=block_array([[upper, None], [beyond, eye_array(count)]], format="csc"),
            b_ub=np.concatenate([limits, -signs * ends]),
            A_eq=block_array([[equal, csr_array((equal.shape[0], count))]], format="csc"),
            b_eq=constants,
            bounds=[*self._bounds, *((None, width) for width in far)],
            method="highs",
        )
        if found.status == SOLVED:
            self.saw(found.x[: self.size])
