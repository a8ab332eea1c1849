"""Where participants stand: principal axes of their votes, and positions corrected for the votes not cast.

The method is that of Polis: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw and C. Megill, “Polis: scaling deliberation
by mapping high dimensional opinion spaces”, Recerca 26 (2021). Sums over participants are sums of whole numbers, which
come out the same in any order and on any machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consult.core.opinion.votes import UNSEEN

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    import numpy.typing as npt

    from consult.core.opinion.votes import Cells, Floats

    Moments: TypeAlias = npt.NDArray[np.float32]

AXES: Final = 2
DIGITS: Final = 9
"""Decimals of positions and extremities: linear algebra differs from machine to machine in those after."""
_ALIKE: Final = 1e-9
"""Eigenvalues whose difference is less, as a share of the greatest, are equal; entries of axes likewise."""
_NIL: Final = 1e-12
"""An eigenvalue under this share of the greatest is 0."""
_ROWS: Final = 4096
"""Participants that are placed at a time."""
_FEWEST: Final = 10
_BLOCKS: Final = 50
_STEPS: Final = 60
"""Dimension of the Krylov space in which the axes of large resamples are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """The centre of the votes and the two directions in which they differ most."""

    centre: Floats
    """Mean vote by statement, μ."""
    components: Floats
    """Statements × 2; the entry of largest absolute value in each is positive."""


def moments(cells: Cells) -> Moments:
    """Sums over participants for each pair of statements (j, k): 3 × C × C whole numbers.

    Σ 1, Σ vⱼvₖ over those who voted on both, and Σ vₖ over those who voted on j and k; they hold everything that the
    axes depend on. Moments of several sets of participants add up to those of all. Exact up to 2²⁴ participants.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    seen = (cells != UNSEEN).astype(np.float32)
    given = np.where(cells != UNSEEN, cells, 0).astype(np.float32)
    return np.stack([seen.T @ seen, given.T @ given, seen.T @ given])


def deal(cells: Cells) -> Moments:
    """The moments of participants dealt in their order into at most 50 blocks: blocks × 3 × C × C.

    With fewer participants each is a block; with more than 800 statements there are fewer blocks, for their size.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    participants, statements = cells.shape
    blocks = min(participants, max(_FEWEST, min(_BLOCKS, _BLOCKS * 800**2 // statements**2)))
    dealt = np.empty((blocks, 3, statements, statements), dtype=np.float32)
    for block in range(blocks):
        dealt[block] = moments(cells[block::blocks])
    return dealt


def axes(sums: Moments, *, exact: bool = True) -> Axes:
    """Centre and principal axes of the votes with these moments, unseen votes taken for the mean of the statement.

    The axes are eigenvectors of the C × C Gram matrix of the centred votes, by its complete decomposition; with `exact`
    false and many statements, from a Krylov space (Lanczos), to some six digits.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    seen, given, mixed = sums.astype(np.float64)
    number = np.diagonal(seen)
    centre = np.diagonal(mixed) / np.maximum(number, 1)
    gram = given - centre[:, None] * mixed - (centre[:, None] * mixed).T + np.outer(centre, centre) * seen
    small = len(centre) <= 3 * _STEPS
    values, vectors = np.linalg.eigh(gram) if exact or small else _lanczos(gram)
    return Axes(centre, _directed(values, vectors))


def _lanczos(gram: Floats) -> tuple[Floats, Floats]:
    """The greatest eigenvalues of a symmetric matrix with their vectors, from a Krylov space kept orthogonal."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    basis, small = np.zeros((_STEPS, len(gram))), np.zeros((_STEPS, _STEPS))
    # Any start will do that is orthogonal to no axis; sines of whole numbers are as good as random.
    vector = np.sin(np.arange(1.0, len(gram) + 1))
    least = _NIL * float(np.trace(gram))
    for step in range(_STEPS):
        length = math.sqrt(vector @ vector)
        if step and length <= least:  # few people differ in few ways: the space is complete
            basis, small = basis[:step], small[:step, :step]
            break
        basis[step] = vector / length
        image = gram @ basis[step]
        known = basis[: step + 1]
        small[step, : step + 1] = small[: step + 1, step] = known @ image
        vector = image - known.T @ (known @ image)
        vector -= known.T @ (known @ vector)
    values, vectors = np.linalg.eigh(small)
    return values, basis.T @ vectors


def _directed(values: Floats, vectors: Floats) -> Floats:
    """The two axes of the greatest eigenvalues, made unique: C × 2.

    An eigenvector is known up to its sign, those of equal eigenvalues up to a rotation of their space. From each
    space the direction nearest to a statement is taken, the first where several are as near, then the rest of the space
    likewise; with a single vector that makes its entry of largest absolute value positive. No variance: no axis (0).
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    found: list[Floats] = []
    greatest, end = float(values[-1]), len(values)
    while len(found) < AXES and end and values[end - 1] > _NIL * greatest:
        start = int(np.searchsorted(values[:end], values[end - 1] - _ALIKE * greatest))
        space = vectors[:, start:end]
        while len(found) < AXES and space.shape[1]:
            reach = (space**2).sum(axis=1)
            nearest = int(np.argmax(np.round(reach, DIGITS)))
            along = space[nearest] / math.sqrt(reach[nearest])
            found.append(space @ along)
            # What is left of the space is orthogonal to that direction.
            space = space @ np.linalg.svd(along[None, :])[2][1:].T
        end = start
    none = np.zeros(len(vectors))
    return np.column_stack([*found, *[none] * (AXES - len(found))])


def positions(cells: Cells, found: Axes) -> Floats:
    """Where participants stand: √(C / nₚ) · Σ (vₚⱼ − μⱼ) · axesⱼ over their nₚ votes, rounded. Participants × 2.

    The root makes up for the votes not cast, so that whoever voted little does not stand near the centre for that.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    placed = np.zeros((len(cells), AXES))
    for start in range(0, len(cells), _ROWS):
        part = cells[start : start + _ROWS]
        rows, columns = np.nonzero(part != UNSEEN)
        off = part[rows, columns] - found.centre[columns]
        number = np.bincount(rows, minlength=len(part))
        scale = np.sqrt(part.shape[1] / np.maximum(number, 1))
        for axis in range(AXES):
            # One sum after another, in the order of statements: the same on every machine.
            sums = np.bincount(rows, weights=off * found.components[columns, axis], minlength=len(part))
            placed[start : start + len(part), axis] = scale * sums
    rounded: Floats = np.round(placed, DIGITS)
    return rounded + 0.0  # no −0


def extremities(found: Axes) -> Floats:
    """How far somebody would stand from the centre whose only vote disagrees, by statement.

    E = ‖√C · (−1 − μⱼ) · axesⱼ‖, rounded.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    far = math.sqrt(len(found.centre)) * (-1 - found.centre)[:, None] * found.components
    reach: Floats = np.round(np.sqrt((far**2).sum(axis=1)), DIGITS)
    return reach
