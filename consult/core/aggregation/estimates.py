"""Means, totals, shares and quantiles of weighted samples, with standard errors by Taylor linearisation.

An estimate is linearised into a score z for each respondent; its variance is that of Σwz, from the sums u of the
clusters within strata [1, chapters 2 and 6]: Σ_h (1 − f_h) n_h / (n_h − 1) Σ_c (u_hc − ū_h)². Clusters are those of the
first stage, drawn with replacement unless the population's number of them is given. Where weights were calibrated,
residuals take the scores' place [2]. Groups are domains: everybody else stays in the design with a score of zero.

1. R. M. Wolter, *Introduction to Variance Estimation*, 2nd edition, Springer 2007.
2. J.-C. Deville and C.-E. Särndal, “Calibration estimators in survey sampling”, *Journal of the American Statistical
   Association* 87 (1992), 376–382.
3. L. Kish, *Survey Sampling*, Wiley 1965, section 8.2 (design effect, effective sample size).
4. E. L. Korn and B. I. Graubard, *Analysis of Health Surveys*, Wiley 1999, section 3.2 (degrees of freedom; logit
   intervals).
5. R. S. Woodruff, “Confidence intervals for medians and other position measures”, *Journal of the American Statistical
   Association* 47 (1952), 635–646.

The reference implementation is the R package `survey` (T. Lumley): `svymean`, `svytotal`, `svyby`, `svyciprop`,
`svyquantile`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consult.core.aggregation.weights import Calibration, plain
from consult.core.errors import Problem, refuse_if_any

if TYPE_CHECKING:
    from numpy import bool_, float64, intp
    from numpy.typing import NDArray

    Floats = NDArray[float64]
    Positions = NDArray[intp]
    Mask = NDArray[bool_]

CONFIDENCE: Final = 0.95
_ROUNDING: Final = 1e-18
"""A variance so many times smaller than that of a simple random sample is zero: the rest is rounding."""
_EQUAL: Final = 1e-12
"""Sums of weights that differ by less are equal."""
_ABOVE: Final = 1 + 1e-6
"""Weights that add up to more than so many times the respondents add up to a population."""
_EVERYBODY: Final = "all"
"""What the only stratum is called where there are none."""

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate; `None` where there is nothing to estimate it from."""

    by: str | None
    """Group, where the sample is broken down."""
    category: str | None
    """Category, where it is a share or a total of one."""
    n: int
    """Respondents of the group with an answer."""
    estimate: float
    se: float | None
    ci: Bounds
    """95 % confidence interval."""
    deff: float | None
    """Its variance as a multiple of that of a simple random sample of as many [3]."""
    n_eff: float | None
    """Size of the simple random sample with its variance [3]."""
    raw: float
    """The same without weights."""


class Sample:
    """Respondents as they were drawn and weighted, in one order; what is not given was drawn in the simplest way."""

    def __init__(
        self,
        weights: Sequence[float],
        *,
        strata: Sequence[str] = (),
        clusters: Sequence[str] = (),
        population: Sequence[float] = (),
        calibration: Calibration | None = None,
        heads: Sequence[int] = (),
    ) -> None:
        """`population`: number of clusters (respondents, where there are none) in the population of one's stratum; or,
        where none is above 1, the share of them that was drawn. Names of clusters count within their stratum.
        `heads`: for how many who are alike in everything each entry stands, without strata and clusters; else for one.

        Refuses with `weights.stratum.single` (a stratum with one cluster, which tells nothing of the variance),
        `weights.fpc.varies` (within a stratum) and `weights.fpc.small` (more drawn than there are).
        """
        import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

        self.weights = np.asarray(weights, dtype=float)
        self.heads = np.asarray(heads or np.ones(len(weights)), dtype=float)
        self._calibration = calibration
        names, stratum = np.unique(np.array(strata or [_EVERYBODY] * len(weights)), return_inverse=True)
        within = np.unique(np.array(clusters), return_inverse=True)[1] if clusters else np.arange(len(weights))
        pairs, cluster = np.unique(np.stack([stratum, within]), axis=1, return_inverse=True)
        self._cluster: Positions = cluster.reshape(-1)
        self._stratum: Positions = pairs[0]
        self._alike = self.heads if heads else np.ones(len(self._stratum))
        """How many clusters each stands for: one, but where respondents without clusters are alike."""
        self._drawn = np.bincount(self._stratum, self._alike).astype(int)
        fraction = self._fractions(names.tolist(), stratum, population)
        refuse_if_any(
            Problem("weights.stratum.single", {"stratum": name})
            for name, drawn, share in zip(names.tolist(), self._drawn, fraction, strict=True)
            if drawn == 1 and share < 1
        )
        self._factor = (1 - fraction) * self._drawn / np.maximum(self._drawn - 1, 1)

    def _fractions(self, names: Sequence[str], stratum: Positions, population: Sequence[float]) -> Floats:
        """By stratum the share of clusters that was drawn."""
        import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

        if not population:
            return np.zeros(len(names))
        given = np.asarray(population, dtype=float)
        least, most = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        np.minimum.at(least, stratum, given)
        np.maximum.at(most, stratum, given)
        refuse_if_any(
            Problem("weights.fpc.varies", {"stratum": name, "least": plain(low), "most": plain(high)})
            for name, low, high in zip(names, least.tolist(), most.tolist(), strict=True)
            if low != high
        )
        if given.max() <= 1:
            return most
        refuse_if_any(
            Problem("weights.fpc.small", {"stratum": name, "size": plain(size), "drawn": drawn})
            for name, size, drawn in zip(names, most.tolist(), self._drawn.tolist(), strict=True)
            if size < drawn
        )
        fractions: Floats = self._drawn / most
        return fractions

    def variance(self, scores: Floats) -> float:
        """Variance of the weighted sum of respondents' scores."""
        import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

        residuals = self._calibration.residuals(scores) if self._calibration else scores
        sums = np.bincount(self._cluster, self.weights * residuals)
        centre = np.bincount(self._stratum, self._alike * sums) / self._drawn
        squares = np.bincount(self._stratum, self._alike * (sums - centre[self._stratum]) ** 2)
        return float(self._factor @ squares)

    def reach(self, inside: Mask | None = None) -> float | None:
        """How many standard errors an interval reaches: quantile of t with clusters − strata degrees of freedom [4].

        Those of a group, if one is given, are counted where somebody of it answered.
        """
        import numpy as np  # noqa: PLC0415  # heavy, and only weights need it
        from scipy.special import stdtrit  # noqa: PLC0415  # heavy, and only weights need it

        clusters = np.unique(self._cluster if inside is None else self._cluster[inside])
        freedom = int(self._alike[clusters].sum()) - len(np.unique(self._stratum[clusters]))
        return float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) if freedom > 0 else None

    def not_drawn(self, n: int, size: float) -> float:
        """Share of a population of this size that did not answer; 1 where weights do not add up to a population."""
        known = self.weights @ self.heads > _ABOVE * self.heads.sum() and size > _ABOVE * n
        return 1 - n / size if known else 1.0


def means(sample: Sample, answers: Sequence[float | None], by: Sequence[str] = ()) -> list[Estimate]:
    """Weighted means ȳ = Σwy / Σw by group; `None` is no answer, and an empty name in `by` no group.

    Scores: (y − ȳ) / Σw. The simple random sample is one of the group: (1 − n/Σw) S²/n, S² = n/(n − 1) Σw(y − ȳ)²/Σw.
    """
    numbers, answered = _numbers(answers)
    return [_mean(sample, group, None, inside, numbers) for group, inside in _groups(answered, by)]


def shares(sample: Sample, answers: Sequence[str], by: Sequence[str] = ()) -> list[Estimate]:
    """Weighted shares of the categories, from 0 to 1: means of whether it was chosen. An empty text is no answer.

    Intervals are symmetric on the logit scale [4], as those of `svyciprop(method = "logit")`, and so within 0 and 1.
    There is none for a share of exactly 0 or 1, the variance of which would be estimated as zero.
    """
    categories, codes = _coded(answers)
    return [
        _mean(sample, group, category, inside, (codes == code).astype(float), logit=True)
        for group, inside in _groups(codes >= 0, by)
        for code, category in enumerate(categories)
    ]


def totals(sample: Sample, answers: Sequence[float | None], by: Sequence[str] = ()) -> list[Estimate]:
    """Weighted totals Σwy by group. Scores: y, and 0 outside the group. The simple random sample is of everybody."""
    numbers, answered = _numbers(answers)
    return [_total(sample, group, None, inside, numbers) for group, inside in _groups(answered, by)]


def sizes(sample: Sample, answers: Sequence[str], by: Sequence[str] = ()) -> list[Estimate]:
    """Weighted totals of the categories: how many persons of the population each stands for."""
    categories, codes = _coded(answers)
    return [
        _total(sample, group, category, inside, (codes == code).astype(float))
        for group, inside in _groups(codes >= 0, by)
        for code, category in enumerate(categories)
    ]


def quantiles(
    sample: Sample, answers: Sequence[float | None], probability: float, by: Sequence[str] = ()
) -> list[Estimate]:
    """The smallest answer that a share of `probability` at least does not exceed (Hyndman and Fan's type 1).

    Interval: that of the share of answers up to it, read off the distribution again [5]; standard error: its length
    over twice the quantile of t. So `svyquantile(interval.type = "mean")`.
    """
    numbers, answered = _numbers(answers)
    found = []
    for group, inside in _groups(answered, by):
        heads, values = sample.heads[inside], numbers[inside]
        weights = sample.weights[inside] * heads
        value = _quantile(values, weights, probability)
        below = _mean(sample, group, None, inside, (numbers <= value).astype(float))
        ends: list[float | None] = [
            _quantile(values, weights, end) if end is not None and below.se and 0 <= end <= 1 else None
            for end in below.ci
        ]
        reach = sample.reach(inside)
        se = (ends[1] - ends[0]) / (2 * reach) if reach and ends[0] is not None and ends[1] is not None else None
        raw = _quantile(values, heads, probability)
        found.append(Estimate(group, None, int(heads.sum()), value, se, (ends[0], ends[1]), None, None, raw))
    return found


def _mean(
    sample: Sample, group: str | None, category: str | None, inside: Mask, answers: Floats, *, logit: bool = False
) -> Estimate:
    heads, values = sample.heads[inside], answers[inside]
    weights = sample.weights[inside] * heads
    n, size = int(heads.sum()), float(weights.sum())
    mean, raw = float(weights @ values) / size, float(heads @ values) / n
    variance = sample.variance(inside * (answers - mean) / size)
    spread = float(weights @ (values - mean) ** 2) / size
    simple = sample.not_drawn(n, size) * spread / (n - 1) if n > 1 else 0.0
    reach = None if logit and raw in (0, 1) else sample.reach(inside)
    return Estimate(group, category, n, mean, *_errors(mean, n, variance, simple, reach, logit=logit), raw)


def _total(sample: Sample, group: str | None, category: str | None, inside: Mask, answers: Floats) -> Estimate:
    scores = inside * answers
    weights = sample.weights * sample.heads
    n, size = int(sample.heads.sum()), float(weights.sum())
    total, raw = float(weights @ scores), float(sample.heads @ scores)
    spread = float(weights @ (scores - total / size) ** 2) * size
    simple = sample.not_drawn(n, size) * spread / (n - 1) if n > 1 else 0.0
    errors = _errors(total, n, sample.variance(scores), simple, sample.reach())
    return Estimate(group, category, int(sample.heads[inside].sum()), total, *errors, raw)


def _errors(
    estimate: float, n: int, variance: float, simple: float, reach: float | None, *, logit: bool = False
) -> tuple[float | None, Bounds, float | None, float | None]:
    """Standard error, interval, design effect and effective size, from the variances of the sample and a simple one."""
    if reach is None:
        return None, (None, None), None, None
    if variance <= _ROUNDING * simple:
        variance = 0.0
    se, deff = math.sqrt(variance), variance / simple if simple else None
    ci = estimate - reach * se, estimate + reach * se
    if logit:
        centre, width = math.log(estimate / (1 - estimate)), reach * se / (estimate * (1 - estimate))
        ci = (1 + math.tanh((centre - width) / 2)) / 2, (1 + math.tanh((centre + width) / 2)) / 2
    return se, ci, deff, n / deff if deff else None


def _numbers(answers: Sequence[float | None]) -> tuple[Floats, Mask]:
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    return np.array([answer or 0.0 for answer in answers]), np.array([answer is not None for answer in answers])


def _coded(texts: Sequence[str]) -> tuple[list[str], Positions]:
    """The categories in alphabetical order, and for every respondent the position of theirs; −1: none."""
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    names, codes = np.unique(np.array(texts), return_inverse=True)
    none = int(names[0] == "")
    return names.tolist()[none:], codes - none


def _groups(answered: Mask, by: Sequence[str]) -> Iterator[tuple[str | None, Mask]]:
    """The groups in which somebody answered, in alphabetical order."""
    if not by:
        yield from [(None, answered)] if answered.any() else []
        return
    groups, codes = _coded(by)
    for code, group in enumerate(groups):
        inside = answered & (codes == code)
        if inside.any():
            yield group, inside


def _quantile(values: Floats, weights: Floats, probability: float) -> float:
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    first = int(np.searchsorted(reached, probability * reached[-1] * (1 - _EQUAL)))
    return float(values[order[min(first, len(values) - 1)]])
