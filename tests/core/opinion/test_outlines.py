"""Groups are shown as shapes that say nothing of anybody in them."""

from __future__ import annotations

import numpy as np

from consult.core.opinion.outlines import centres, outlines


def test_an_outline_follows_how_a_group_lies() -> None:
    # Along the first diagonal: variance 4 and 1 in the turned axes.
    rng = np.random.default_rng(3)
    along, across = rng.normal(0, 2, 4_000), rng.normal(0, 1, 4_000)
    points = np.column_stack([along - across, along + across]) / np.sqrt(2) + (5, 0)
    (one,) = outlines(points, np.zeros(4_000, dtype=np.int64), 1)
    assert (one.x, one.y) == (5.0, 0.0) and abs(one.turn - 45) <= 2
    assert abs(one.along - 3) <= 0.1 and abs(one.across - 1.5) <= 0.1


def test_whoever_is_in_no_group_moves_none() -> None:
    points = np.asarray([[0.0, 0.0], [2.0, 2.0], [90.0, 90.0]])
    labels = np.asarray([0, 0, -1])
    assert centres(points, labels, 1) == ((1.0, 1.0),)
    (one,) = outlines(points, labels, 1)
    assert (one.x, one.y, one.turn) == (1.0, 1.0, 45)
