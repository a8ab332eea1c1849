"""Which sums of amounts tell too much of one contributor.

A. Hundepool et al., *Statistical Disclosure Control* (Wiley 2012), section 4.2.2: the dominance rule and the p % rule.
Both look at the amounts that make up a cell. Amounts may be negative; what counts then is how large they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def dominated(contributions: Iterable[float], n: int = 2, percent: float = 85) -> bool:
    """The (n, k) rule: whether the n largest amounts make up more than k per cent of the sum.

    A cell of n contributors or fewer always is, unless all amounts are zero.
    """
    largest = _largest_first(contributions)
    return _dominated(largest[:n], sum(largest), percent)


def estimable(contributions: Iterable[float], percent: float = 10) -> bool:
    """The p % rule: whether the second-largest contributor can estimate the largest amount to within p per cent of it.

    The second takes its own amount from the sum; what remains exceeds the largest amount by what all the others
    contribute. The cell is sensitive where that is less than p per cent of the largest.
    """
    largest = _largest_first(contributions)
    return _estimable(largest, sum(largest[2:]), percent)


def tells_of_one(largest: Sequence[float], total: float) -> bool:
    """Both rules, (2, 85 %) and p % = 10, by the two largest amounts (all there are, if fewer) and the sum of all.

    With these limits the first decides: where the others hold less than a tenth of the largest amount, they hold less
    than a tenth of the sum.
    """
    return _dominated(largest, total, 85) or _estimable(largest, total - sum(largest), 10)


def _dominated(largest: Sequence[float], total: float, percent: float) -> bool:
    return 100 * sum(largest) > percent * total


def _estimable(largest: Sequence[float], others: float, percent: float) -> bool:
    return bool(largest) and 100 * others < percent * largest[0]


def _largest_first(contributions: Iterable[float]) -> list[float]:
    return sorted(map(abs, contributions), reverse=True)
