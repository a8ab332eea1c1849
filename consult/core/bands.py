"""Counts that are told before anything is released: in bands, of which none tells of a few."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

_BOUNDS: Final = (10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000)


class Band(NamedTuple):
    """From how many to how many; `most` is none where it has no end."""

    least: int
    most: int | None


def band(count: int, threshold: int) -> Band | None:
    """The band of a count; none for nobody. The first goes from 1 to the threshold or to what comes before the next.

    >>> band(3, 5), band(12, 5), band(100_001, 5), band(0, 5)
    (Band(least=1, most=4), Band(least=10, most=49), Band(least=100000, most=None), None)
    >>> band(12, 20)
    Band(least=1, most=19)
    """
    if count < 1:
        return None
    begins = [1, *([threshold] if threshold > 1 else []), *(bound for bound in _BOUNDS if bound > threshold)]
    place = bisect_right(begins, count)
    return Band(begins[place - 1], begins[place] - 1 if place < len(begins) else None)
