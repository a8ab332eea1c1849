"""Opinion groups: k-means on the positions of participants, and how many groups there are.

Deterministic: positions are rounded, sums are made one after another, starts are drawn by a seeded generator whose
numbers Python guarantees, and groups are numbered by size.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy.typing as npt

    from consult.core.opinion.votes import Floats, Whole

MOST: Final = 5
"""Groups, where nobody asks for more."""
SAMPLE: Final = 2_000
"""Participants that silhouettes and starts are made of; with more of them every so-and-so-many-th is taken."""
_STARTS: Final = 12
_ROUNDS: Final = 200
_BETTER: Final = 1 - 1e-9
"""A start is better than another, or a number of groups than a smaller one, by more than rounding."""
_GAIN: Final = 1e-9
_PLACES: Final = 100
_PER_GROUP: Final = 12
"""A further group needs so many distinct positions more; over `_PLACES` no more are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Who is in which group: the largest is 0; groups as large as each other by their centres."""

    labels: Whole
    """By participant."""
    sizes: tuple[int, ...]
    silhouette: float
    """Mean over the sample, from −1 to 1."""


def choose(points: Floats, *, threshold: int, seed: int, k: int | None = None) -> Grouping | None:
    """The grouping with the largest mean silhouette, or that into `k`; none where a group is under the threshold.

    `points`: positions of participants in an order that does not depend on who they are (`votes.by_votes`). k goes from
    2 to min(5, 2 + ⌊B/12⌋), B = number of distinct positions, 100 at most.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    if not len(points):
        return None
    distinct = len(np.unique(points, axis=0))
    most = min(MOST, 2 + min(distinct, _PLACES) // _PER_GROUP)
    chosen: Grouping | None = None
    for number in range(2, most + 1) if k is None else (k,):
        if number > distinct:
            break
        found = _grouping(points, number, seed)
        if min(found.sizes) < max(threshold, 1):
            continue  # who is far off is no group
        if chosen is None or found.silhouette > chosen.silhouette + (1 - _BETTER):
            chosen = found
    return chosen


def _grouping(points: Floats, k: int, seed: int) -> Grouping:
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    taken = sample(len(points))
    centres, labels = settle(points, centres_of(points[taken], k, seed))
    sizes = np.bincount(labels, minlength=k)
    rank = np.lexsort((centres[:, 1], centres[:, 0], -sizes))
    numbers = np.empty(k, dtype=np.int64)
    numbers[rank] = np.arange(k)
    labels = numbers[labels]
    return Grouping(labels, tuple(int(sizes[group]) for group in rank), silhouette(points[taken], labels[taken]))


def sample(number: int) -> Whole:
    """Which of so many participants stand for all: `SAMPLE` of them, evenly spread over their order."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    size = min(number, SAMPLE)
    return np.arange(size, dtype=np.int64) * number // max(size, 1)


def centres_of(points: Floats, k: int, seed: int) -> Floats:
    """The centres of k-means with the smallest sum of squares within groups, of several starts: k × 2.

    Starts are those of k-means++: D. Arthur and S. Vassilvitskii, “k-means++: the advantages of careful seeding”,
    SODA 2007.
    """
    chance = random.Random(seed)  # noqa: S311  # the same groups for everybody, no secret
    best, least = None, 0.0
    for _ in range(_STARTS):
        centres, labels = settle(points, _start(points, k, chance))
        within = float(((points - centres[labels]) ** 2).sum())
        if best is None or within < least * _BETTER:
            best, least = centres, within
    assert best is not None
    return best


def _start(points: Floats, k: int, chance: random.Random) -> Floats:
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    taken = [points[int(chance.random() * len(points))]]
    while len(taken) < k:
        far = np.cumsum(_distances(points, np.asarray(taken)).min(axis=1))
        at = int(np.searchsorted(far, chance.random() * far[-1], side="right"))
        taken.append(points[min(at, len(points) - 1)])
    return np.asarray(taken)


def settle(points: Floats, centres: Floats) -> tuple[Floats, Whole]:
    """Centres and labels, from these centres on, when no move makes the sum of squares smaller.

    Lloyd's algorithm, until everybody is in the group of the nearest centre; then the one move that gains most for how
    centres follow it, and so on: M. Telgarsky and A. Vattani, “Hartigan's method: k-means clustering without Voronoi”,
    AISTATS 2010.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    labels = nearest(points, centres)
    for _ in range(_ROUNDS):
        sizes = np.bincount(labels, minlength=len(centres))
        sums = np.column_stack([np.bincount(labels, weights=side, minlength=len(centres)) for side in points.T])
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        apart = _distances(points, centres)
        before, labels = labels, apart.argmin(axis=1)
        if (before == labels).all() and not _move(labels, sizes, apart):
            break
    return centres, labels


def _move(labels: Whole, sizes: Whole, apart: Floats) -> bool:
    """Move whoever gains most into another group, if anybody gains by more than rounding."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    row = np.arange(len(labels))
    own = sizes[labels]
    left = np.where(own > 1, own / np.maximum(own - 1, 1) * apart[row, labels], 0)
    joined = sizes / (sizes + 1) * apart
    joined[row, labels] = np.inf
    gain = left - joined.min(axis=1)
    mover = int(gain.argmax())
    if gain[mover] <= _GAIN:
        return False
    labels[mover] = int(joined[mover].argmin())
    return True


def nearest(points: Floats, centres: Floats) -> Whole:
    """The centre nearest to each point; of several as near the first."""
    labels: Whole = _distances(points, centres).argmin(axis=1)
    return labels


def _distances(points: Floats, centres: Floats) -> Floats:
    """Squared distances: points × centres."""
    across, along = (points[:, axis, None] - centres[None, :, axis] for axis in (0, 1))
    return across**2 + along**2


def silhouette(points: Floats, labels: Whole) -> float:
    """The mean silhouette; whoever is alone in a group has 0.

    (b − a) / max(a, b), a = mean distance to the others of the own group, b = the smallest mean distance to another:
    P. J. Rousseeuw, “Silhouettes: a graphical aid to the interpretation and validation of cluster analysis”, Journal of
    Computational and Applied Mathematics 20 (1987).
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    present, own = np.unique(labels, return_inverse=True)
    if len(present) < 2:
        return 0.0
    sizes = np.bincount(own)
    apart = np.sqrt(_distances(points, points))
    sums = np.column_stack([apart[:, own == group].sum(axis=1) for group in range(len(present))])
    row = np.arange(len(points))
    inside = sums[row, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[row, own] = np.inf
    outside = means.min(axis=1)
    greater = np.maximum(inside, outside)
    wide: npt.NDArray[np.float64] = np.where(
        (sizes[own] > 1) & (greater > 0), (outside - inside) / np.where(greater > 0, greater, 1), 0
    )
    return round(float(wide.mean()), 9)
