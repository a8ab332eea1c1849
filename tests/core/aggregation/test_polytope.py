"""Which unknowns a few solutions acquit: never one that is known more closely than it may be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from consult.core.aggregation.polytope import SOLVED, UNBOUNDED, Polytope

Counts = list[list[int]]
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=2, max_size=4)
)


def with_margins(counts: Counts) -> Polytope:
    """All tables of these margins, row by row."""
    table = np.array(counts, dtype=float)
    rows, columns = table.shape
    sums = [
        *(np.arange(rows * columns) // columns == row for row in range(rows)),
        *(np.arange(rows * columns) % columns == column for column in range(columns)),
    ]
    margins = np.concatenate([table.sum(axis=1), table.sum(axis=0)])
    return Polytope([(0, None)] * table.size, (csr_array(np.array(sums, dtype=float)), margins))


def width(counts: Counts, place: int) -> int:
    """How far apart the values of a cell can lie: bounds of Fréchet."""
    table = np.array(counts)
    row, column = divmod(place, table.shape[1])
    across, down = int(table[row].sum()), int(table[:, column].sum())
    return min(across, down) - max(0, across + down - int(table.sum()))


@settings(deadline=None)
@given(TABLES, st.integers(1, 20))
def test_who_is_acquitted_can_lie_as_far_apart_as_needed(counts: Counts, need: int) -> None:
    possible = with_margins(counts)
    cells = range(possible.size)
    left = possible.spread(dict.fromkeys(cells, float(need)))
    assert all(width(counts, cell) >= need for cell in cells if cell not in left)
    assert all(possible.seen(cell) <= width(counts, cell) for cell in cells)


@settings(deadline=None)
@given(TABLES)
def test_the_extremes_of_an_unknown_are_the_bounds_of_frechet(counts: Counts) -> None:
    possible = with_margins(counts)
    for cell in range(possible.size):
        for least in (True, False):
            assert possible.extreme(cell, least=least).status == SOLVED
        assert possible.seen(cell) == width(counts, cell)


def test_many_are_acquitted_without_programmes_of_their_own() -> None:
    counts = [[10] * 12 for _ in range(12)]
    assert len(with_margins(counts).spread(dict.fromkeys(range(144), 10.0))) <= 2


def test_values_between_whole_numbers_do_not_count() -> None:
    possible = Polytope([(0.5, 3.4)], (csr_array((0, 1)), np.zeros(0)))
    for least in (True, False):
        possible.extreme(0, least=least)
    assert possible.seen(0) == 2


def test_solutions_that_are_not_whole_are_none_where_all_must_be() -> None:
    possible = Polytope([(0.5, 3.0)], (csr_array((0, 1)), np.zeros(0)), whole=True)
    assert possible.extreme(0, least=True).x == pytest.approx([0.5])
    assert possible.lowest[0] == np.inf


def test_what_nothing_bounds_is_said_so() -> None:
    possible = Polytope([(0, None)], (csr_array((0, 1)), np.zeros(0)))
    assert possible.extreme(0, least=False).status == UNBOUNDED
