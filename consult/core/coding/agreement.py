"""How far two coders agree: Cohen's kappa, and F1 where codes are rare.

Sources: J. Cohen, *A coefficient of agreement for nominal scales*, Educational and Psychological Measurement 20 (1960),
37–46; for several codes of the same texts the pooled kappa of H. De Vries, M. N. Elliott, D. E. Kanouse, S. S. Teleki,
*Using pooled kappa to summarize interrater agreement across many items*, Field Methods 20 (2008), 272–282; F1 as
agreement where most texts have not a code: G. Hripcsak, A. S. Rothschild, *Agreement, the F-measure, and reliability in
information retrieval*, Journal of the American Medical Informatics Association 12 (2005), 296–298.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

Pair = tuple[Collection[str], Collection[str]]
"""The codes that two coders gave one text."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two coders did with one code: in how many texts both, only one, or neither gave it."""

    both: int
    first: int
    """The first alone."""
    second: int
    neither: int

    @property
    def texts(self) -> int:
        """How many texts both have read."""
        return self.both + self.first + self.second + self.neither

    @property
    def observed(self) -> float:
        """Share of texts in which they agree; 0 where there are none."""
        return (self.both + self.neither) / self.texts if self.texts else 0.0

    @property
    def expected(self) -> float:
        """Share in which they would agree by chance, each giving the code as often as they do (Cohen 1960, p. 39)."""
        if not self.texts:
            return 0.0
        one, other = (self.both + self.first) / self.texts, (self.both + self.second) / self.texts
        return one * other + (1 - one) * (1 - other)

    @property
    def kappa(self) -> float | None:
        """(observed − expected) / (1 − expected); none where chance alone explains everything (nobody gave the code,
        or both always did)."""
        return _kappa(self.observed, self.expected) if self.texts else None

    @property
    def f1(self) -> float | None:
        """2 · both / (2 · both + first + second): the harmonic mean of precision and recall, whichever of the two is
        taken for the truth; none where nobody gave the code."""
        given = 2 * self.both + self.first + self.second
        return 2 * self.both / given if given else None


def cohen(pairs: Iterable[tuple[Hashable, Hashable]]) -> float | None:
    """Kappa of two raters who put each of the same objects into one category; none where chance explains everything."""
    rated = list(pairs)
    if not rated:
        return None
    one, other = Counter(pair[0] for pair in rated), Counter(pair[1] for pair in rated)
    observed = sum(first == second for first, second in rated) / len(rated)
    expected = sum(count * other[category] for category, count in one.items()) / len(rated) ** 2
    return _kappa(observed, expected)


def agreement(pairs: Iterable[Pair], code: str) -> Agreement:
    """What two coders did with one code."""
    counts = Counter((code in first, code in second) for first, second in pairs)
    return Agreement(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def pooled(found: Sequence[Agreement]) -> float | None:
    """Kappa over several codes of the same texts: from the means of what was observed and what chance expects."""
    read = [one for one in found if one.texts]
    if not read:
        return None
    return _kappa(sum(one.observed for one in read) / len(read), sum(one.expected for one in read) / len(read))


def _kappa(observed: float, expected: float) -> float | None:
    return (observed - expected) / (1 - expected) if expected < 1 else None
