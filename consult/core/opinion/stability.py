"""How stable groups are: what becomes of them when other participants like these had voted."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consult.core.opinion.groups import centres_of, nearest, sample
from consult.core.opinion.projection import axes, positions

if TYPE_CHECKING:
    from consult.core.opinion.projection import Moments
    from consult.core.opinion.votes import Cells, Floats, Whole

RUNS: Final = 40
_QUANTILE: Final = 0.05
_AT_ONCE: Final = 8
"""Runs whose moments are made together."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Adjusted Rand indices of bootstrap runs against the grouping: 1 is the same, 0 what chance would give."""

    runs: int
    mean: float
    low: float
    """Their 5 % quantile."""


def adjusted_rand(first: Whole, second: Whole) -> float:
    """How far two groupings of the same participants agree: 1 where they are the same, 0 on average by chance.

    L. Hubert and P. Arabie, “Comparing partitions”, Journal of Classification 2 (1985).
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    (_, rows), (_, columns) = (np.unique(labels, return_inverse=True) for labels in (first, second))
    together = np.zeros((rows.max(initial=0) + 1, columns.max(initial=0) + 1), dtype=np.int64)
    np.add.at(together, (rows, columns), 1)
    both, one, other, all_ = (
        _pairs(part) for part in (together, together.sum(axis=1), together.sum(axis=0), np.asarray([len(first)]))
    )
    chance, greatest = one * other / max(all_, 1), (one + other) / 2
    return 1.0 if greatest == chance else (both - chance) / (greatest - chance)


def _pairs(sizes: Whole) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def bootstrap(dealt: Moments, cells: Cells, labels: Whole, *, k: int, seed: int, runs: int = RUNS) -> Stability:
    """Draw participants anew and make axes, positions and groups of them, so many times.

    `cells`, `labels`: participants in an order that does not depend on who they are, and their groups, below 0 for
    none; `dealt`: their moments by block (`projection.deal`). Each run draws as many blocks as there are, with
    replacement. The index is that of the participants drawn, of whom at most `groups.SAMPLE` are clustered.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    blocks = len(dealt)
    times = _draws(blocks, runs, seed)
    clustered = np.flatnonzero(labels >= 0)
    rows = clustered[sample(len(clustered))]
    taken, published = cells[rows], labels[rows]
    flat = dealt.reshape(blocks, -1)
    found: list[float] = []
    for start in range(0, runs, _AT_ONCE):
        some = times[start : start + _AT_ONCE]
        for sums, drawn in zip(some.astype(np.float32) @ flat, some, strict=True):
            points = positions(taken, axes(sums.reshape(dealt.shape[1:]), exact=False))
            found.append(_agreement(points, drawn[rows % blocks], published, k, seed))
    return Stability(runs, round(float(np.mean(found)), 6), round(float(np.quantile(found, _QUANTILE)), 6))


def _draws(blocks: int, runs: int, seed: int) -> Whole:
    """How often each block is drawn in each run: runs × blocks."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    chance = random.Random(seed)  # noqa: S311  # the same figures for everybody, no secret
    draws = [[int(chance.random() * blocks) for _ in range(blocks)] for _ in range(runs)]
    return np.asarray([np.bincount(drawn, minlength=blocks) for drawn in draws], dtype=np.int64)


def _agreement(points: Floats, times: Whole, published: Whole, k: int, seed: int) -> float:
    """The index of those drawn at all, clustered with each as often as they were drawn."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    drawn = times > 0
    if not drawn.any():
        return 0.0
    centres = centres_of(np.repeat(points, times, axis=0), k, seed)
    return adjusted_rand(nearest(points[drawn], centres), published[drawn])
