"""Responses by channel and the categories of all margins: what weights are made of, on every engine alike.

Those alike in all of these have the same weight, so raking needs a small table and no rows of the store. Whoever gave
no answer of which the margins know keeps their share of the responses; the others add up to the margins.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consult.core.aggregation.fits import WEIGHT, Fit, KnownMargin
from consult.core.aggregation.tables import Kind
from consult.core.aggregation.tabulate import Source, Tabulation
from consult.core.aggregation.variables import CHANNEL
from consult.core.aggregation.weights import Margin, Respondents, classify, deviation, rake, spread
from consult.core.errors import Refused

if TYPE_CHECKING:
    import ibis.expr.types as ir

Cell = tuple[str, ...]
"""A channel and a category of each margin; a code of which a margin knows nothing stands for itself."""
Counts = Mapping[tuple[str, str], Counter[Cell]]
"""Responses by cell, for each outcome of a variable and of that of the groups; what is not asked for is empty."""
_GRAIN: Final = 10
_STEPS: Final = tuple(round(first * 10.0**power, 4) for power in range(-3, 8) for first in (1, 1.5, 2, 3, 5, 7))
"""More than round numbers would tell how many responses a category has."""


def count(
    sources: Sequence[Source], tabulation: Tabulation, margins: Sequence[KnownMargin], variable: str = "", by: str = ""
) -> Counts:
    """How many responses there are by cell, and by the outcomes of a variable and of a group where they are named."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    outcomes = tabulation.outcomes
    wanted = {
        **({"row": outcomes[variable]} if variable else {}),
        **({"column": outcomes[by]} if by else {}),
        "channel": outcomes[CHANNEL],
        **{f"margin{place}": outcomes[margin.variable] for place, margin in enumerate(margins)},
    }
    parts: list[ir.Table] = []
    for source in (source.beside(outcomes[variable].variable) if variable else source for source in sources):
        columns = {name: outcome.of(source) for name, outcome in wanted.items()}
        if variable and outcomes[variable].variable.kind is Kind.MULTIPLE:
            columns["row"] = columns["row"].unnest()
        parts.append(source.table.select(**columns))
    together = parts[0] if len(parts) == 1 else ibis.union(*parts)
    found: dict[tuple[str, str], Counter[Cell]] = defaultdict(Counter)
    for line in together.group_by(list(wanted)).agg(count=together.count()).to_pyarrow().to_pylist():
        codes = {name: outcome.code(line[name]) for name, outcome in wanted.items()}
        known = (margin.category(codes[f"margin{place}"]) for place, margin in enumerate(margins))
        cell = (
            codes["channel"],
            *(category or codes[f"margin{place}"] for place, category in enumerate(known)),
        )
        found[codes.get("row", ""), codes.get("column", "")][cell] += int(line["count"])
    return found


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weights of one channel."""

    cells: tuple[Cell, ...]
    heads: tuple[int, ...]
    """How many responses each cell has."""
    weights: tuple[int, ...]
    """In millionths, with a mean of one."""
    respondents: Respondents


def weigh(
    cells: Mapping[Cell, int], margins: Sequence[KnownMargin], *, lower: float = 0.0, upper: float = 0.0
) -> tuple[tuple[Fit, ...], dict[str, Weighed]]:
    """Rake every channel by itself; how that went, and the weights of those channels that have some.

    `lower`, `upper`: bounds of weights as multiples of their mean; 0: none.
    """
    fits, found = [], {}
    for channel in sorted({cell[0] for cell in cells}):
        try:
            fit, found[channel] = _weigh(channel, cells, margins, lower, upper or math.inf)
        except Refused as refused:
            fit = Fit(channel=channel, refused=refused.problems[0].code)
        fits.append(fit)
    return tuple(fits), found


def by_cell(weighed: Mapping[str, Weighed], cells: Iterable[Cell]) -> dict[Cell, int]:
    """The weights of all cells, in millionths; those of channels without weights count as they are."""
    found = dict.fromkeys(cells, WEIGHT)
    for one in weighed.values():
        found.update(zip(one.cells, one.weights, strict=True))
    return found


def _weigh(
    channel: str, cells: Mapping[Cell, int], margins: Sequence[KnownMargin], lower: float, upper: float
) -> tuple[Fit, Weighed]:
    names = tuple(sorted(cell for cell in cells if cell[0] == channel))
    heads = tuple(cells[cell] for cell in names)
    columns = {margin.variable: [cell[place] for cell in names] for place, margin in enumerate(margins, start=1)}
    respondents = classify(columns, [_target(margin, columns[margin.variable], heads) for margin in margins])
    raked = rake(respondents, [1.0] * len(names), lower=lower, upper=upper, heads=heads)
    sizes = spread(raked.weights, heads)
    missed = deviation(respondents, [weight * count for weight, count in zip(raked.weights, heads, strict=True)])[0]
    least, greatest = outwards(sizes.least, sizes.greatest)
    fit = Fit(
        channel=channel,
        rounds=raked.rounds,
        least=least,
        greatest=greatest,
        trimmed=raked.trimmed - raked.trimmed % _GRAIN,
        missed=float(f"{100 * missed:.1g}") if raked.trimmed else 0.0,
        design_effect=round(sizes.design_effect, 1),
        effective=int(sizes.effective_base) // _GRAIN * _GRAIN,
    )
    return fit, Weighed(names, heads, tuple(round(weight * WEIGHT) for weight in raked.weights), respondents)


def outwards(least: float, greatest: float) -> tuple[float, float]:
    """Round numbers between which weights are said to lie."""
    return (
        max((step for step in _STEPS if step <= least), default=0.0),
        min((step for step in _STEPS if step >= greatest), default=_STEPS[-1]),
    )


def _target(margin: KnownMargin, column: Sequence[str], heads: Sequence[int]) -> Margin:
    """What a channel's responses are to add up to: their own number, divided as the population is."""
    counted: Counter[str] = Counter()
    for category, number in zip(column, heads, strict=True):
        counted[category] += number
    totals = dict(margin.totals)
    known = sum(number for category, number in counted.items() if category in totals)
    population = sum(totals.values())
    targets = {category: known * total / population for category, total in totals.items()}
    kept = {category: float(number) for category, number in sorted(counted.items()) if category not in totals}
    return Margin(margin.variable, {**targets, **kept})
