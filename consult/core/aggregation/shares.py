"""Weighted shares in the rows and groups of a protected table of counts, with standard errors where a sample has some.

Sums of weights are whole numbers (millionths), so shares are the same whatever engine counted and in whatever order. A
share stands only where the count does. The base is the table's own: those who answered, were asked, or all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.core.aggregation.cellweights import Cell, Counts, Weighed
from consult.core.aggregation.estimates import Sample, shares
from consult.core.aggregation.fits import SHARE, WEIGHT, Uncertainty, WeightedRow, WeightedTable
from consult.core.aggregation.tables import NOT_RELEVANT, STATUSES, Table, bases, order_of
from consult.core.aggregation.variables import CHANNEL
from consult.core.aggregation.weights import Calibration, Respondents

_CHOSEN = "chosen"
_OTHERS = "others"
_OUTSIDE = {"answered": STATUSES, "asked": (NOT_RELEVANT,), "responses": ()}
"""Rows that are no part of a base."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What weighted tables of an activity are made of."""

    weighed: Mapping[str, Weighed]
    """By channel."""
    by_cell: Mapping[Cell, int]
    """In millionths, also of channels that have no weights of their own."""
    count: Callable[[str, str], Counts]
    """Responses by cell: of a variable and a variable of groups, either of which may be empty."""
    uncertain: Collection[str] = ()
    """Channels whose shares have standard errors and intervals."""

    def of(self, cells: Mapping[Cell, int]) -> int:
        """What responses weigh together, in millionths."""
        return sum(number * self.by_cell[cell] for cell, number in cells.items())

    @property
    def channels(self) -> list[str]:
        """All through which responses came, those without weights among them."""
        return sorted({cell[0] for cell in self.by_cell})

    def allowed(self, table: Table) -> bool:
        """Whether a table keeps channels apart, as weighted figures must; and is not of a further place of an order.

        Weighted places of one order would be one system, which the audit, question by question, does not see.
        """
        return (table.by == CHANNEL or len(self.channels) == 1) and not order_of(table.variable)[1]


def weighted(table: Table, weights: Weights, *, unit: int = 1) -> WeightedTable:
    """The shares of a table, rounded to so many thousandths. The table must be one that `Weights.allowed` allows."""
    (alone,) = weights.channels if table.by != CHANNEL else ("",)
    counts = weights.count(table.variable, table.by)
    columns = []
    for group in table.groups:
        members = table.pooled_groups.get(group, (group,))
        channel = alone or (members[0] if len(members) == 1 else "")
        columns.append(_Column(table, counts, weights, members, channel, unit))
    return WeightedTable(
        variable=table.variable,
        by=table.by,
        channel=alone,
        unit=unit,
        rows=tuple(
            WeightedRow(
                code=row.code,
                shares=tuple(
                    None if count is None else column.share(row.code)
                    for column, count in zip(columns, row.counts, strict=True)
                ),
                errors=_unless_empty(
                    None if count is None else column.uncertainty(row.code)
                    for column, count in zip(columns, row.counts, strict=True)
                ),
            )
            for row in table.rows
            if row.code not in STATUSES
        ),
    )


def _unless_empty(found: Iterable[Uncertainty | None]) -> tuple[Uncertainty | None, ...]:
    errors = tuple(found)
    return errors if any(errors) else ()


class _Column:
    """One group of a table: its base, and who chose what, by cell."""

    def __init__(
        self, table: Table, counts: Counts, weights: Weights, members: Sequence[str], channel: str, unit: int
    ) -> None:
        self._weights, self._unit = weights, unit
        self._weighed = weights.weighed.get(channel)
        self._uncertain = channel in weights.uncertain
        self._rows = {
            row.code: together(counts, table.pooled_rows.get(row.code, (row.code,)), members) for row in table.rows
        }
        everybody = together(weights.count("", table.by), ("",), members)
        name, _ = bases(table)
        # The table may keep back how many skipped a question in a group; the base reckons with them all the same.
        self._base = everybody - together(counts, _OUTSIDE[name], members)
        self._size = weights.of(self._base)

    def share(self, code: str) -> int | None:
        """Share of a row, rounded half up; none without weights or without a base."""
        if self._weighed is None or not self._size:
            return None
        weight = self._weights.of(self._rows[code])
        return (2 * SHARE * weight + self._size * self._unit) // (2 * self._size * self._unit) * self._unit

    def uncertainty(self, code: str) -> Uncertainty | None:
        """By linearisation, all others of the channel being in the design; none where the sample has none."""
        if self._weighed is None or not self._uncertain or not self._size:
            return None
        weighed = self._weighed
        chosen = [self._rows[code][cell] for cell in weighed.cells]
        base = [self._base[cell] for cell in weighed.cells]
        heads = [
            *chosen,
            *(all_ - some for all_, some in zip(base, chosen, strict=True)),
            *(all_ - some for all_, some in zip(weighed.heads, base, strict=True)),
        ]
        found = shares(_sample(weighed, heads), [answer for answer in (_CHOSEN, _OTHERS, "") for _ in weighed.cells])
        one = next(estimate for estimate in found if estimate.category == _CHOSEN)
        low, high = one.ci
        if one.se is None or low is None or high is None or not one.deff or not one.n_eff:
            return None
        return Uncertainty(
            error=round(SHARE * one.se),
            lower=round(SHARE * low),
            upper=round(SHARE * high),
            design_effect=round(100 * one.deff),
            effective=round(one.n_eff),
        )


def _sample(weighed: Weighed, heads: Sequence[int]) -> Sample:
    """Three times the cells of a channel: of those who chose, of the others in the base, and of those outside it."""
    import numpy as np  # noqa: PLC0415  # heavy, and only weights need it

    known = weighed.respondents
    alike = Respondents(known.margins, np.tile(known.cells, 3), known.patterns)
    weights = [weight / WEIGHT for weight in weighed.weights] * 3
    return Sample(weights, calibration=Calibration(alike, heads), heads=heads)


def together(counts: Counts, rows: Iterable[str], columns: Sequence[str]) -> Counter[Cell]:
    """The responses of several rows and groups, by cell."""
    found: Counter[Cell] = Counter()
    for row in rows:
        for column in columns:
            found.update(counts.get((row, column), {}))
    return found
