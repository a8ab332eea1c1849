"""Which further cells of a two-way table with known margins are hidden for the sake of its small ones.

`search` finds what hides hardly more than need be. In tables too large for that, and where nothing but a zero could
cover a cell, exchanges along rectangles are put together instead; they hide more, and can fail where a choice exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consult.core.aggregation.search import Problem, UnprotectableError, least_to_hide
from consult.core.aggregation.tables import Key, key

Matrix = Sequence[Sequence[int]]
Position = tuple[int, int]
LARGEST: Final = 300
"""Cells of a table in which the least to hide is searched for: seconds of computing at most."""


def complete(matrix: Matrix, primary: set[Position], k: int) -> set[Position] | None:
    """Hidden cells of a table with known margins such that every primary cell keeps a doubt of k.

    None where some primary cell cannot.
    """
    if not primary:
        return set()
    found = _searched(matrix, primary, k) if len(matrix) * len(matrix[0]) <= LARGEST else None
    return found or along_rectangles(matrix, primary, k)


def _searched(matrix: Matrix, primary: set[Position], k: int) -> set[Position] | None:
    """The fewest cells, of equally many those that hold least; zeros and margins stay shown. None: there are none."""
    rows, columns = range(len(matrix)), range(len(matrix[0]))
    names = {_name(i, j): (i, j) for i in rows for j in columns}
    margins = {
        **{(_row(i),): tuple(_name(i, j) for j in columns) for i in rows},
        **{(_column(j),): tuple(_name(i, j) for i in rows) for j in columns},
    }
    counts = {name: matrix[i][j] for name, (i, j) in names.items()}
    everybody = sum(counts.values())
    if not everybody:
        return None  # nobody can move
    losses = {name: 1 + count / (everybody + 1) for name, count in counts.items()}
    counts |= {margin: sum(counts[part] for part in parts) for margin, parts in margins.items()}
    problem = Problem(
        counts=counts,
        sums=tuple(margins.items()),
        needs={_name(i, j): k for i, j in primary},
        shown={*margins, *(name for name, place in names.items() if not counts[name] and place not in primary)},
        losses=losses | dict.fromkeys(margins, 1.0),
    )
    try:
        return {names[cell] for cell in least_to_hide(problem)}
    except UnprotectableError:
        return None


def _row(i: int) -> tuple[str, str]:
    return "row", str(i)


def _column(j: int) -> tuple[str, str]:
    return "column", str(j)


def _name(i: int, j: int) -> Key:
    return key(_row(i), _column(j))


def along_rectangles(matrix: Matrix, primary: set[Position], k: int) -> set[Position] | None:
    """The same by exchanges along rectangles, cell by cell, the smallest first."""
    hidden = set(primary)
    for cell in sorted(primary, key=lambda place: (matrix[place[0]][place[1]], place)):
        options = [option for option in _options(matrix, hidden, cell, k) if option is not None]
        if not options:
            return None
        hidden |= min(options, key=lambda fresh: (len(fresh), sum(matrix[i][j] for i, j in fresh), sorted(fresh)))
    return hidden


def _options(matrix: Matrix, hidden: set[Position], cell: Position, k: int) -> Iterator[set[Position] | None]:
    """What could be hidden for one cell's sake: beside each other row, and beside each other column."""
    rows, columns = range(len(matrix)), range(len(matrix[0]))
    for beside in rows:
        if beside != cell[0]:
            pairs = [((cell[0], j), (beside, j)) for j in columns if j != cell[1]]
            yield from _exchanges(matrix, hidden, cell, (beside, cell[1]), pairs, k)
    for beside in columns:
        if beside != cell[1]:
            pairs = [((i, cell[1]), (i, beside)) for i in rows if i != cell[0]]
            yield from _exchanges(matrix, hidden, cell, (cell[0], beside), pairs, k)


def _exchanges(
    matrix: Matrix,
    hidden: set[Position],
    cell: Position,
    across: Position,
    pairs: Sequence[tuple[Position, Position]],
    k: int,
) -> Iterator[set[Position] | None]:
    """Cells to hide so that a cell and the one across can exchange respondents with enough pairs beside them.

    Pairs are taken in two orders: those that hide least first, and those that hold most first.
    """

    def fresh(pair: tuple[Position, Position]) -> tuple[int, int]:
        new = set(pair) - hidden
        return len(new), sum(matrix[i][j] for i, j in new)

    def held(pair: tuple[Position, Position]) -> int:
        return -sum(min(k, matrix[i][j]) for i, j in pair)

    for order in (sorted(pairs, key=lambda pair: (*fresh(pair), pair)), sorted(pairs, key=lambda p: (held(p), p))):
        yield _enough(matrix, hidden, cell, across, order, k)


def _enough(
    matrix: Matrix,
    hidden: set[Position],
    cell: Position,
    across: Position,
    pairs: Iterable[tuple[Position, Position]],
    k: int,
) -> set[Position] | None:
    """As many of the pairs as give a cell a doubt of k; None where all are too few.

    The cell can go up by what its side of the pairs can give, if the one across can give as much to theirs; and down
    by what the other side can give.
    """
    own, opposite = matrix[cell[0]][cell[1]], matrix[across[0]][across[1]]
    taken, near, far = {across}, 0, 0
    for one, other in pairs:
        near += matrix[one[0]][one[1]]
        far += matrix[other[0]][other[1]]
        taken |= {one, other}
        if min(near, opposite) + min(own, far) >= k:
            return taken - hidden
    return None
