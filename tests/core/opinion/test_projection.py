"""Axes and positions: worked by hand, and against a decomposition of the whole matrix."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from consult.core.opinion.projection import axes, deal, extremities, moments, positions
from consult.core.opinion.votes import UNSEEN
from tests.core.opinion.conversing import matrix, planted

CELLS = arrays(
    np.int8, st.tuples(st.integers(2, 12), st.integers(2, 6)), elements=st.sampled_from([1, 1, -1, 0, UNSEEN])
)


def test_axes_and_positions_by_hand():
    # Means 0 and 0; the Gram matrix is [[4, 2], [2, 2]], its eigenvalues 3 ± √5.
    cells = matrix("++", "--", "+0", "-.")
    found = axes(moments(cells))
    first = np.array([2, math.sqrt(5) - 1]) / np.linalg.norm([2, math.sqrt(5) - 1])

    assert found.centre.tolist() == [0, 0]
    assert found.components[:, 0] == pytest.approx(first)
    assert found.components[:, 1] == pytest.approx([-first[1], first[0]])
    # Whoever cast one vote of two stands √2 as far as that vote alone would put them.
    assert positions(cells, found)[3] == pytest.approx(-math.sqrt(2) * found.components[0], abs=1e-9)
    assert extremities(found) == pytest.approx([math.sqrt(2), math.sqrt(2)])


def test_where_axes_are_not_determined_they_are_those_of_statements():
    found = axes(moments(matrix("++", "+-", "-+", "--")))
    assert found.components.tolist() == [[1, 0], [0, 1]]


def test_without_differences_there_are_no_axes():
    assert axes(moments(matrix("+-", "+-"))).components.tolist() == [[0, 0], [0, 0]]
    assert positions(matrix("+", "-"), axes(moments(matrix("+", "-")))).tolist() == [[1, 0], [-1, 0]]


@settings(deadline=None, max_examples=60)
@given(CELLS)
def test_positions_are_those_of_the_singular_vectors(cells):
    seen = cells != UNSEEN
    centre = np.where(seen, cells, 0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    centred = np.where(seen, cells - centre, 0)
    _, values, _vectors = np.linalg.svd(centred)
    found = axes(deal(cells).sum(axis=0))

    assert found.centre == pytest.approx(centre)
    for axis in range(2):
        lengths = found.components[:, axis] @ found.components[:, axis]
        assert lengths == pytest.approx(1 if axis < len(values) and values[axis] > 1e-6 else 0)
        variance = np.linalg.norm(centred @ found.components[:, axis])
        assert variance == pytest.approx(values[axis] if axis < len(values) else 0, abs=1e-6)
    scale = np.sqrt(cells.shape[1] / np.maximum(seen.sum(axis=1), 1))[:, None]
    assert positions(cells, found) == pytest.approx(scale * (centred @ found.components), abs=1e-8)


@settings(deadline=None, max_examples=60)
@given(CELLS)
def test_whoever_swaps_agree_and_disagree_stands_opposite(cells):
    swapped = np.where(cells == UNSEEN, cells, -cells)
    one, other = axes(moments(cells)), axes(moments(swapped))

    assert (one.components == other.components).all()
    assert (positions(cells, one) == -positions(swapped, other)).all()


@pytest.mark.parametrize("sizes", [(40, 40, 40), (2, 1), (1, 1)])
def test_the_axes_of_large_resamples_agree_with_the_complete_decomposition(sizes):
    cells = planted(np.random.default_rng(1), *sizes, statements=200).cells
    exact, quick = axes(moments(cells)), axes(moments(cells), exact=False)
    assert quick.components == pytest.approx(exact.components, abs=1e-6)
