"""Which sums of amounts tell too much of one contributor.

A. Hundepool et al., *Statistical Disclosure Control* (Wiley 2012), section 4.2.2: the dominance rule and the p % rule.
Both look at the amounts that make up a cell. Amounts may be negative; what counts then is how large they are.
"""

from __future__ import annotations

from collections.abc import Iterable


def dominated(contributions: Iterable[float], n: int = 2, percent: float = 85) -> bool:
    """The (n, k) rule: whether the n largest amounts make up more than k per cent of the sum.

    A cell of n contributors or fewer always is, unless all amounts are zero.
    """
    largest = _largest_first(contributions)
    return 100 * sum(largest[:n]) > percent * sum(largest)


def estimable(contributions: Iterable[float], percent: float = 10) -> bool:
    """The p % rule: whether the second-largest contributor can estimate the largest amount to within p per cent of it.

    The second takes its own amount from the sum; what remains exceeds the largest amount by what all the others
    contribute. The cell is sensitive where that is less than p per cent of the largest.
    """
    largest = _largest_first(contributions)
    return bool(largest) and 100 * sum(largest[2:]) < percent * largest[0]


def _largest_first(contributions: Iterable[float]) -> list[float]:
    return sorted(map(abs, contributions), reverse=True)
