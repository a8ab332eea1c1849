"""Weighted shares beside the counts of a table: whose they are, and what stands with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from consult.core.aggregation.fits import SHARE, Uncertainty, WeightedTable, Weighting
from consult.core.aggregation.tables import Dataset, Table
from consult.core.aggregation.variables import CHANNEL


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted share, in per cent."""

    share: float
    whole: bool
    """Whether it is rounded to whole per cent, because decimals would tell a hidden count."""
    error: float | None = None
    """Standard error, in percentage points; none for self-selected responses without a model."""
    lower: float | None = None
    upper: float | None = None
    """95 % interval."""
    design_effect: float | None = None
    effective: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The weighted shares of one group, or of one channel, by code of the row."""

    channel: str
    cells: Mapping[str, Weighted | None]


def weighting_of(dataset: Dataset) -> Weighting | None:
    """What an activity was weighted to."""
    return None if isinstance(dataset.weighting, msgspec.UnsetType) else dataset.weighting


def columns(table: Table, dataset: Dataset) -> tuple[Column, ...]:
    """What stands beside a table: a column for each of its groups; beside a one-way table, one for each channel."""
    weighting = weighting_of(dataset)
    if weighting is None or table.withheld:
        return ()
    own = weighting.table(table.variable, table.by)
    if own is not None:
        return tuple(_column(own, place, own.channel or group) for place, group in enumerate(table.groups))
    apart = None if table.by else weighting.table(table.variable, CHANNEL)
    counts = next((one for one in dataset.crossed(table.variable) if one.by == CHANNEL), None)
    if apart is None or counts is None:
        return ()
    found = (_column(apart, place, group) for place, group in enumerate(counts.groups))
    return tuple(column for column in found if any(column.cells.values()))


def left_out(table: Table, dataset: Dataset) -> bool:
    """Whether a table has no weighted shares because they would have told a hidden count."""
    weighting = weighting_of(dataset)
    return weighting is not None and (table.variable, table.by) in weighting.left_out


def _column(table: WeightedTable, place: int, channel: str) -> Column:
    return Column(channel, {row.code: _weighted(table, row.shares, row.errors, place) for row in table.rows})


def _weighted(
    table: WeightedTable, shares: tuple[int | None, ...], errors: tuple[Uncertainty | None, ...], place: int
) -> Weighted | None:
    share = shares[place]
    if share is None:
        return None
    whole = table.unit > 1
    found = errors[place] if errors else None
    if found is None:
        return Weighted(_per_cent(share), whole)
    return Weighted(
        _per_cent(share),
        whole,
        error=_per_cent(found.error),
        lower=_per_cent(found.lower),
        upper=_per_cent(found.upper),
        design_effect=found.design_effect / 100,
        effective=found.effective,
    )


def _per_cent(share: int) -> float:
    """Divided, for a tenth has no exact number to multiply by."""
    return 100 * share / SHARE
