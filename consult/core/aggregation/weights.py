"""Weights that make those who answered add up to what is known of the population.

Raking [1, 2] multiplies base weights, variable by variable, until the categories of all margins have their totals; with
a single margin (categories of one variable, or cells of several) that is post-stratification and takes one round.

1. W. E. Deming and F. F. Stephan, “On a least squares adjustment of a sampled frequency table when the expected
   marginal totals are known”, *Annals of Mathematical Statistics* 11 (1940), 427–444.
2. J.-C. Deville and C.-E. Särndal, “Calibration estimators in survey sampling”, *Journal of the American Statistical
   Association* 87 (1992), 376–382. Raking is their multiplicative method; the residuals are those of their section 4.
3. R package `survey` (T. Lumley), `trimWeights(strict = TRUE)`.
4. L. Kish, “Weighting for unequal Pi”, *Journal of Official Statistics* 8 (1992), 183–200.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consult.core.errors import Parameter, Problem, Refused, refuse_if_any

if TYPE_CHECKING:
    from numpy import float64, intp
    from numpy.typing import NDArray

    Floats = NDArray[float64]
    Positions = NDArray[intp]

ROUNDS: Final = 5_000
"""Rounds over all margins after which raking is given up."""
_CLOSE: Final = 1e-10
"""Relative deviation from a total at which it is met."""
_AGREE: Final = 1e-6
"""Relative difference of two variables' sums that is a matter of rounding."""
_RANK: Final = 1e-10
"""Directions so many times weaker than the strongest are repetitions: every variable adds up to everybody."""
_HALVINGS: Final = 200


@dataclass(frozen=True, slots=True)
class Margin:
    """Known totals (> 0) of the population by the categories of one variable, in the order in which they were given."""

    variable: str
    totals: Mapping[str, float]

    @property
    def sum(self) -> float:
        """Size of the population according to this variable."""
        return sum(self.totals.values())


@dataclass(frozen=True, slots=True)
class Respondents:
    """Respondents by the categories of every margin; those alike in all of them share a cell."""

    margins: tuple[Margin, ...]
    cells: Positions
    """Cell of each respondent."""
    patterns: Positions
    """Cells × margins: position of the cell's category in the margin."""

    def by_cell(self, amounts: Floats) -> Floats:
        """What a quantity of the respondents adds up to in each cell."""
        return _sums(self.cells, amounts, len(self.patterns))

    def by_category(self, amounts: Floats) -> Iterator[tuple[Margin, Floats]]:
        """What a quantity of the cells adds up to in the categories of each margin."""
        for place, margin in enumerate(self.margins):
            yield margin, _sums(self.patterns[:, place], amounts, len(margin.totals))


@dataclass(frozen=True, slots=True)
class Fitted:
    """One category of a margin: what is known, who answered, and what their weights add up to."""

    variable: str
    category: str
    total: float
    respondents: int
    base: float
    """Sum of base weights."""
    weighted: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How unequal weights are."""

    sum: float
    least: float
    greatest: float
    design_effect: float
    """n Σw² / (Σw)² [4]: by how much weights that have nothing to do with the answers increase a variance."""
    effective_base: float
    """(Σw)² / Σw²."""


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights in the order of the respondents, and how they came about."""

    weights: tuple[float, ...]
    rounds: int
    deviation: float
    """Largest relative deviation from a total before trimming."""
    trimmed: int
    """Weights that stand at one of the bounds."""
    categories: tuple[Fitted, ...]


def classify(columns: Mapping[str, Sequence[str]], margins: Sequence[Margin]) -> Respondents:
    """Place respondents in the categories of the margins; `columns` has the categories of each by variable.

    Refuses with `weights.margin.unanswered .margin.unknown` (a respondent without, or of another category),
    `.margin.empty` (a category in which nobody answered, with the category to merge it with) and `.margin.totals`
    (variables whose totals add up to different populations).
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    refuse_if_any(problem for margin in margins for problem in _unfit(columns[margin.variable], margin))
    first = margins[0]
    refuse_if_any(
        Problem(
            "weights.margin.totals",
            {
                "variable": each.variable,
                "total": plain(each.sum),
                "first": first.variable,
                "first_total": plain(first.sum),
            },
        )
        for each in margins
        if abs(each.sum - first.sum) > _AGREE * first.sum
    )
    margins = [
        Margin(each.variable, {category: total * (first.sum / each.sum) for category, total in each.totals.items()})
        for each in margins
    ]
    places = []
    for margin in margins:
        position = {category: place for place, category in enumerate(margin.totals)}
        places.append([position[category] for category in columns[margin.variable]])
    patterns, cells = np.unique(np.array(places, dtype=np.intp).T, axis=0, return_inverse=True)
    return Respondents(tuple(margins), cells.reshape(-1), patterns)


def rake(
    respondents: Respondents,
    base: Sequence[float],
    *,
    lower: float = 0.0,
    upper: float = float("inf"),
    heads: Sequence[int] = (),
) -> Raked:
    """Weights whose sums meet every margin, from base weights > 0; then trimmed to [lower, upper].

    `heads`: for how many who are alike each entry of `respondents` stands; where there are none, for one.
    Trimming takes what is above the upper bound from all and spreads it, as what is missing at the lower one, evenly
    over the weights in between, until none is outside and the sum is kept [3]; the margins are then met as nearly as
    `categories` says. Refuses with `weights.margin.unmet` (no weights meet all margins) and `weights.bounds`.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    weights = np.asarray(base, dtype=float)
    many = np.asarray(heads or np.ones(len(weights)), dtype=float)
    start = respondents.by_cell(weights * many)
    by_cell, rounds, left = _fit(respondents, start)
    fitted = weights * (by_cell / start)[respondents.cells]
    weights = _trim(fitted, many, lower, upper)
    quantities = (respondents.by_cell(many), start, respondents.by_cell(weights * many))
    categories = tuple(
        Fitted(margin.variable, category, margin.totals[category], int(count), float(before), float(after))
        for (margin, counts), (_, befores), (_, afters) in zip(*map(respondents.by_category, quantities), strict=True)
        for category, count, before, after in zip(margin.totals, counts, befores, afters, strict=True)
    )
    trimmed = int(many[(weights == lower) | (weights == upper)].sum())
    return Raked(tuple(weights.tolist()), rounds, left, trimmed, categories)


def deviation(respondents: Respondents, weights: Sequence[float]) -> tuple[float, str, str]:
    """How far weights are from meeting the margins: relative deviation, variable and category where it is largest."""
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    return _worst(respondents, respondents.by_cell(np.asarray(weights, dtype=float)))


def spread(weights: Sequence[float], heads: Sequence[int] = ()) -> Spread:
    """How unequal weights are, and what that costs [4]. `heads`: how many have each of them; one, if it is not said."""
    many = heads or [1] * len(weights)
    n = sum(many)
    total = sum(weight * count for weight, count in zip(weights, many, strict=True))
    squares = sum(weight * weight * count for weight, count in zip(weights, many, strict=True))
    effect = n * squares / total**2
    return Spread(total, min(weights), max(weights), effect, n / effect)


def plain(number: float) -> int | float:
    """A number as a sentence has it: whole ones without decimals, others with six at most."""
    return int(number) if float(number).is_integer() else round(number, 6)


class Calibration:
    """What linearisation must know of weights that were fitted to margins [2]."""

    def __init__(self, respondents: Respondents, base: Sequence[float]) -> None:
        """`base`: base weights, times the heads where an entry stands for several."""
        import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

        self._respondents = respondents
        self._base = np.asarray(base, dtype=float)
        self._root = np.sqrt(respondents.by_cell(self._base))
        belongs = [
            respondents.patterns[:, [place]] == np.arange(len(margin.totals))
            for place, margin in enumerate(respondents.margins)
        ]
        left, strengths, _ = np.linalg.svd(np.hstack(belongs) * self._root[:, None], full_matrices=False)
        self._explained: Floats = left[:, strengths > _RANK * strengths[0]]
        """Orthonormal basis of what categories can explain of the cells’ means, times the roots of base weights."""

    def residuals(self, scores: Floats) -> Floats:
        """What the categories of the margins do not explain of respondents' scores, in a regression with base weights.

        Respondents of one cell have the same categories: the regression is that of the cells' means.
        """
        means = self._respondents.by_cell(self._base * scores) / self._root
        fitted: Floats = self._explained @ (self._explained.T @ means) / self._root
        return scores - fitted[self._respondents.cells]


def _sums(places: Positions, amounts: Floats, length: int) -> Floats:
    """What amounts add up to at each of so many places."""
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    return np.bincount(places, amounts, minlength=length).astype(float)


def _unfit(column: Sequence[str], margin: Margin) -> Iterator[Problem]:
    found = Counter(column)
    for category, count in sorted(found.items()):
        params: dict[str, Parameter] = {"variable": margin.variable, "category": category, "count": count}
        if category not in margin.totals:
            yield Problem("weights.margin.unknown" if category else "weights.margin.unanswered", params)
    order = list(margin.totals)
    for place, category in enumerate(order):
        if not found[category] and (neighbour := _neighbour(order, place, found)):
            yield Problem(
                "weights.margin.empty",
                {
                    "variable": margin.variable,
                    "category": category,
                    "total": plain(margin.totals[category]),
                    "neighbour": neighbour,
                    "count": found[neighbour],
                },
            )


def _neighbour(order: Sequence[str], place: int, found: Mapping[str, int]) -> str:
    """The nearest category with respondents, as ages and incomes are listed in their order; of two, the smaller."""
    before = next((each for each in reversed(order[:place]) if found[each]), "")
    after = next((each for each in order[place + 1 :] if found[each]), "")
    if not before or not after:
        return before or after
    distances = place - order.index(before), order.index(after) - place
    return min((distances[0], found[before], before), (distances[1], found[after], after))[2]


def _fit(respondents: Respondents, sums: Floats) -> tuple[Floats, int, float]:
    """Sums of weights by cell that meet all margins; rounds taken; what deviation is left."""
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    targets = [np.array(list(margin.totals.values())) for margin in respondents.margins]
    worst = _worst(respondents, sums)
    for number in range(1, ROUNDS + 1):
        with np.errstate(all="ignore"):  # what cannot be met tends to zero and infinity
            for place, target in enumerate(targets):
                categories = respondents.patterns[:, place]
                sums = sums * (target / _sums(categories, sums, len(target)))[categories]
        if not np.isfinite(sums).all():
            break
        worst = _worst(respondents, sums)
        if worst[0] <= _CLOSE:
            return sums, number, worst[0]
    off = round(100 * worst[0], 3)
    raise Refused.because("weights.margin.unmet", rounds=number, variable=worst[1], category=worst[2], percent=off)


def _worst(respondents: Respondents, sums: Floats) -> tuple[float, str, str]:
    return max(
        (abs(float(weighted) / total - 1), margin.variable, category)
        for margin, weighteds in respondents.by_category(sums)
        for (category, total), weighted in zip(margin.totals.items(), weighteds, strict=True)
    )


def _trim(weights: Floats, heads: Floats, lower: float, upper: float) -> Floats:
    """The weights, shifted by one number and cut at the bounds, so that their sum stays: the number is bisected."""
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    if lower <= weights.min() and weights.max() <= upper:
        return weights
    mean = float(np.average(weights, weights=heads))
    if not lower <= mean <= upper:
        raise Refused.because("weights.bounds", lower=plain(lower), upper=plain(upper), mean=plain(mean))
    span = float(weights.max() - weights.min())
    low, high = -span, span
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.average(np.clip(weights + middle, lower, upper), weights=heads) < mean:
            low = middle
        else:
            high = middle
    trimmed: Floats = np.clip(weights + high, lower, upper)
    return trimmed
