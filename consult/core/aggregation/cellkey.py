"""The cell key method: every count gets a small random noise, the same wherever the same respondents are counted.

Each response has a random *record key*; the *cell key* of a group is the sum of its record keys modulo 2³². It and the
count look up the noise in a perturbation table. So the same group has the same noise in every table, and a group that
has changed by one respondent another one.

- B. Fraser and J. Wooton, *A proposed method for confidentialising tabular output to protect against differencing*
  (UNECE work session, Geneva 2005);
- J. Marley and V. Leaver, *A method for confidentialising user-defined tables* (ISI, Dublin 2011): the noise of a
  count has mean zero, a given variance and bound, and otherwise as much entropy as possible;
- S. Giessing, *Computational issues in the design of transition probabilities and disclosure risk estimation for
  additive noise* (Privacy in Statistical Databases 2016), and the R package `ptable`: no small counts are left.

A table's row for count n has the probabilities p(v) of noise v = −D … D where n + v is 0 or more than the small counts
that must not be left. Entropy is greatest for p(v) ∝ exp(a·v + b·v²), with a and b so that Σ p(v)·v = 0 and
Σ p(v)·v² = V: the minimum of a convex function, found by Newton's method.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

from consult.core.aggregation.cells import Sum
from consult.core.aggregation.tables import Key, Span

RANGE: Final = 2**32
"""Record keys and cell keys are whole numbers from 0 to one less."""
_STEPS: Final = 200
_PRECISE: Final = 1e-10
_ROUNDING: Final = 1e-13
"""Relative error of what is minimised: near the minimum no smaller gain can be seen."""
_SHORTEST: Final = 1e-12
"""Share of a step of Newton's method that is still tried."""


class NoSuchNoiseError(ValueError):
    """No noise has this bound, this variance and leaves no small counts."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What noise there is."""

    bound: int = 5
    """D: the greatest change of a count."""
    variance: float = 3.0
    """V: the variance of every change; counts of zero stay."""
    none_up_to: int = 2
    """Counts from 1 to this one are never left."""

    @classmethod
    def of(cls, threshold: int) -> Noise:
        """The noise of a release's cells under a threshold k: up to 3k/2, of variance k/2.

        A count is then known to within 3k at most, and a small one to within 3k/2; where somebody knows that a cell has
        not changed between releases although its noise has, to within that less the difference of the two.
        """
        return cls(max(threshold * 3 // 2, 3), max(threshold / 2, 2.5))

    def span(self, shown: int) -> Span:
        """What a count as it is shown says of the true one; nobody has noise but those who are there."""
        return Span(max(int(shown > 0), shown - self.bound), shown + self.bound)

    def row(self, count: int) -> dict[int, float]:
        """The probabilities of each change of a count; `NoSuchNoiseError` where the parameters allow none."""
        return dict(_row(self, min(count, self.bound + self.none_up_to + 1)))

    def perturb(self, count: int, cell_key: int) -> int:
        """The count as it is shown."""
        changes, ends = _steps(self, min(count, self.bound + self.none_up_to + 1))
        return count + changes[bisect_right(ends, cell_key % RANGE)]


def cell_key(record_keys: Iterable[int]) -> int:
    """The key of the group that has these record keys."""
    return sum(record_keys) % RANGE


def derived_key(secret: bytes, cell: Key, count: int) -> int:
    """A key for a cell of a table whose responses are not at hand: HMAC-SHA-256 of what it counts, and of its count.

    The count is part of it: a cell that has grown by one gets new noise, as it does with record keys.
    """
    parts = [str(count), *(part for coordinate in cell for part in coordinate)]
    told = b"".join(len(text).to_bytes(4, "big") + text for text in (part.encode() for part in parts))
    return int.from_bytes(hmac.digest(secret, told, hashlib.sha256)[:4], "big")


def same_respondents(counts: Mapping[Key, int], sums: Iterable[Sum]) -> dict[Key, Key]:
    """For every cell the first one that counts the same respondents: a whole with a single part that is not empty."""
    leader: dict[Key, Key] = {}

    def first(cell: Key) -> Key:
        while (other := leader.get(cell, cell)) != cell:
            cell = other
        return cell

    for whole, parts in sums:
        filled = [part for part in parts if counts[part]]
        if len(filled) == 1:
            near, far = sorted((first(whole), first(filled[0])), key=lambda cell: (len(cell), cell))
            leader[far] = near
    return {cell: first(cell) for cell in counts}


@cache
def _row(noise: Noise, count: int) -> tuple[tuple[int, float], ...]:
    if count == 0:
        return ((0, 1.0),)
    changes = [
        change
        for change in range(-noise.bound, noise.bound + 1)
        if count + change == 0 or count + change > noise.none_up_to
    ]
    return tuple(zip(changes, _of_most_entropy(changes, noise.variance), strict=True))


@cache
def _steps(noise: Noise, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The changes of a count, and for all but the last the cell key at which it ends."""
    changes, chances = zip(*_row(noise, count), strict=True)
    return changes, tuple(round(end * RANGE) for end in accumulate(chances))[:-1]


def _of_most_entropy(changes: Sequence[int], variance: float) -> list[float]:
    """Probabilities of changes with mean zero and this variance, of the greatest entropy."""
    a = b = 0.0
    for _ in range(_STEPS):
        chances = _chances(changes, a, b)
        first, second, third, fourth = (
            sum(p * v**power for p, v in zip(chances, changes, strict=True)) for power in (1, 2, 3, 4)
        )
        mean, spread = first, second - variance
        if abs(mean) < _PRECISE and abs(spread) < _PRECISE:
            return chances
        # The Hessian is the covariance matrix of v and v².
        xx, xy, yy = second - first * first, third - first * second, fourth - second * second
        determinant = xx * yy - xy * xy
        if determinant <= 0:
            break
        step_a, step_b = (yy * mean - xy * spread) / determinant, (xx * spread - xy * mean) / determinant
        shorter = 1.0
        start, slope = _potential(changes, a, b, variance), mean * step_a + spread * step_b
        enough = start + _ROUNDING * (1 + abs(start))
        while _potential(changes, a - shorter * step_a, b - shorter * step_b, variance) > enough - slope * shorter / 4:
            shorter /= 2
            if shorter < _SHORTEST:
                break
        a, b = a - shorter * step_a, b - shorter * step_b
    raise NoSuchNoiseError(f"changes {changes[0]} … {changes[-1]} cannot have the variance {variance}")


def _chances(changes: Sequence[int], a: float, b: float) -> list[float]:
    powers = [a * v + b * v * v for v in changes]
    top = max(powers)
    weights = [math.exp(power - top) for power in powers]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _potential(changes: Sequence[int], a: float, b: float, variance: float) -> float:
    powers = [a * v + b * v * v for v in changes]
    top = max(powers)
    return top + math.log(sum(math.exp(power - top) for power in powers)) - b * variance
