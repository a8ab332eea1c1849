"""Weights of an activity's responses, from the column store: how margins fit, and weighted tables of a release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy.orm import Session

from consult.config import Store
from consult.core.aggregation import cellweights
from consult.core.aggregation.attack import ContradictionError
from consult.core.aggregation.audit import Audited
from consult.core.aggregation.cells import finer
from consult.core.aggregation.cellweights import Cell, Counts
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.disclosure import Thresholds, protect_one_way
from consult.core.aggregation.fits import MERGED, WEIGHT, Fit, KnownMargin, Weighting
from consult.core.aggregation.shares import Weights, weighted
from consult.core.aggregation.splits import Range, split_needs
from consult.core.aggregation.tables import Dataset, Key, Table, Told, Variable, order_of
from consult.core.aggregation.tabulate import Source, Tabulation, tabulate
from consult.core.aggregation.variables import CHANNEL
from consult.core.aggregation.weighted import Audit, broken_by, choose, still_safe
from consult.core.errors import Problem, Refused, refuse_if_any
from consult.participation.models import Channel
from consult.processes.models import Activity, Unit
from consult.questionnaires.queries import documents
from consult.results import columns, segments
from consult.results.content import RestrictedDataset, RestrictedWeights
from consult.results.measures import decided, measuring
from consult.results.terms import circumstances, terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

_FEW: Final = "weights.margins.few"


def variables_of(session: Session, activity: Activity) -> tuple[Variable, ...]:
    """The variables of an activity with all editions, and how responses come in; none before the first edition."""
    terms = terms_of(documents(session, activity.id))
    return (*measuring(decided(session, activity), terms.variables()), *circumstances(terms)) if terms.editions else ()


# --- how margins fit ---


def fit(
    session: Session, activity: Activity, wanted: Weighting, limits: Thresholds, *, store: Store, engine: BaseBackend
) -> tuple[Fit, ...]:
    """How the responses in the column store would be weighted, channel by channel.

    Channels that a release would hide are told by no more than that. Refuses `weights.margins.few` and
    `weights.margins.hidden`: categories that need to stand together.
    """
    names = {CHANNEL, *(margin.variable for margin in wanted.margins)}
    known = [variable for variable in variables_of(session, activity) if variable.id in names]
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        found = tabulate(held.sources, known, [], limits.ordinary)
        if not found.responses or (activity.unit == Unit.PERSON and found.responses < limits.ordinary):
            raise Refused.because(_FEW)
        cells = _everybody(cellweights.count(held.sources, found, wanted.margins))
    shown = {table.variable: _protected(activity, table, found, limits) for table in found.tables}
    full = {table.variable: table for table in found.tables}
    refuse_if_any(
        problem
        for margin in wanted.margins
        for problem in _to_merge(margin, _named(margin, known), full[margin.variable], shown[margin.variable])
    )
    fits, _ = cellweights.weigh(cells, wanted.margins, lower=wanted.lower, upper=wanted.upper)
    return _told(fits, shown[CHANNEL])


def _named(margin: KnownMargin, known: Sequence[Variable]) -> str:
    return next(one.name for one in known if one.id == margin.variable)


def _protected(activity: Activity, table: Table, found: Tabulation, limits: Thresholds) -> Table:
    if activity.unit != Unit.PERSON:
        return table
    variable = found.outcomes[table.variable].variable
    return protect_one_way(table, limits.least(variable), sensitive=variable.sensitive).table


def _to_merge(margin: KnownMargin, name: str, full: Table, shown: Table) -> Iterator[Problem]:
    """Categories that hold nobody, or that a release would hide beside others that are not merged with them."""
    counts = {row.code: row.counts[0] or 0 for row in full.rows}
    visible = {row.code for row in shown.rows if row.counts[0] is not None}
    codes = {category: [code for code in counts if margin.category(code) == category] for category, _ in margin.totals}
    empty = [category for category, own in codes.items() if not sum(counts[code] for code in own)]
    hidden = [category for category, own in codes.items() if category in empty or not visible.issuperset(own)]
    if not empty and len(hidden) < 2:
        return
    order = list(codes)
    if len(hidden) == 1 and len(order) > 1:
        place = order.index(hidden[0])
        hidden.append(order[place - 1] if place else order[1])
    merged = MERGED.join(category for category in order if category in hidden)
    yield Problem(
        "weights.margins.hidden", {"variable": name, "categories": ", ".join(sorted(hidden)), "merged": merged}
    )


# --- weighted tables of a release ---


@dataclass(frozen=True, slots=True)
class Joint:
    """What was counted for weights while the column store was at hand."""

    wanted: Weighting
    counts: Mapping[tuple[str, str], Counts]
    """By variable and variable of the groups."""


def channels(sources: Sequence[Source]) -> set[str]:
    """The channels through which responses came."""
    each = (source.table.select(segments.CHANNEL).distinct().to_pyarrow() for source in sources)
    return {channel for found in each for channel in found[segments.CHANNEL].to_pylist()}


def count(sources: Sequence[Source], tabulation: Tabulation, wanted: Weighting, apart: bool) -> Joint:
    """Count what weighted tables need. `apart`: there are several channels, and only tables by channel are weighted."""
    tables = [
        (table.variable, table.by)
        for table in tabulation.tables
        if (not apart or table.by == CHANNEL) and not order_of(table.variable)[1]
    ]
    names = dict.fromkeys([("", ""), *(("", by) for _, by in tables), *tables])
    return Joint(wanted, {name: cellweights.count(sources, tabulation, wanted.margins, *name) for name in names})


def weigh(
    found: Joint | None, audited: Audited, depends: Sequence[Dependency], *, protected: bool
) -> tuple[Weighting | msgspec.UnsetType, RestrictedWeights | msgspec.UnsetType]:
    """The weighting of an activity with its tables, and what its audit rests on. `protected`: counts are."""
    if found is None:
        return msgspec.UNSET, msgspec.UNSET
    wanted, cells = found.wanted, _everybody(found.counts["", ""])
    fits, weighed = cellweights.weigh(cells, wanted.margins, lower=wanted.lower, upper=wanted.upper)
    uncertain = [channel for channel in weighed if channel == Channel.INVITED or wanted.model]
    weights = Weights(weighed, cellweights.by_cell(weighed, cells), lambda *name: found.counts[name], uncertain)
    tables = [table for table in audited.tables if not table.withheld and weights.allowed(table)]
    parts = split_needs(audited.tables, weights, wanted.margins) if weighed and protected else {}
    hidden = RestrictedWeights(cells=tuple(sorted(weights.by_cell.items())), splits=tuple(sorted(parts.items())))
    by_itself = next(table for table in audited.tables if table.variable == CHANNEL and not table.by)
    whole = msgspec.structs.replace(wanted, fits=_told(fits, by_itself), tables=(), left_out=())
    if not weighed:
        return whole, hidden
    if not protected:
        return msgspec.structs.replace(whole, tables=tuple(weighted(table, weights) for table in tables)), hidden
    kept, left_out = choose(_audit(whole, hidden, audited.tables, audited.needs, audited.told, depends), weights)
    return msgspec.structs.replace(whole, tables=kept, left_out=left_out), hidden


def safe(dataset: Dataset, secret: RestrictedDataset) -> bool:
    """Whether the weighted tables of a release still withstand the attack."""
    if isinstance(dataset.weighting, msgspec.UnsetType) or isinstance(secret.weights, msgspec.UnsetType):
        return True
    audit = _audit(
        dataset.weighting, secret.weights, dataset.tables, dict(secret.needs), dict(secret.told), secret.depends
    )
    return still_safe(audit, dataset.weighting.tables)


def told_together(earlier: Dataset, later: Dataset, secret: RestrictedDataset, needs: Mapping[Key, int]) -> list[str]:
    """The variables whose weighted shares in two releases of the same responses tell a hidden count together.

    With other margins, weights were others: then the shares of the later one are held against the counts of both.
    """
    before, now = earlier.weighting, later.weighting
    if isinstance(now, msgspec.UnsetType) or isinstance(secret.weights, msgspec.UnsetType):
        return []
    tables = (*earlier.tables, *later.tables)
    audit = replace(
        _audit(now, secret.weights, tables, needs, dict(secret.told), secret.depends),
        links=[link for table in tables for link in finer(table)],
    )
    alike = not isinstance(before, msgspec.UnsetType) and _fitted_to(before) == _fitted_to(now)
    shown = before.tables if alike and not isinstance(before, msgspec.UnsetType) else ()
    try:
        return list(broken_by(audit, [(earlier.tables, shown), (later.tables, now.tables)]))
    except ContradictionError:  # as many responses as before, but others
        return []


def _fitted_to(weighting: Weighting) -> tuple[object, ...]:
    return weighting.margins, weighting.lower, weighting.upper


def _audit(
    whole: Weighting,
    hidden: RestrictedWeights,
    tables: Sequence[Table],
    needs: Mapping[Key, int],
    told: Told,
    depends: Sequence[Dependency],
) -> Audit:
    weights = dict(hidden.cells)
    least, greatest = min(weights.values()) / WEIGHT, max(weights.values()) / WEIGHT
    return Audit(
        tables=tables,
        needs={**dict(hidden.splits), **needs},
        told=told,
        depends=depends,
        range=Range.seen(tables, whole.margins, weights, cellweights.outwards(least, greatest)),
        exact=not any(one.refused or one.missed for one in whole.fits),
    )


def _told(fits: Iterable[Fit], channels: Table) -> tuple[Fit, ...]:
    """The fits, without those of channels whose very number of responses is hidden."""
    counts = {row.code: row.counts[0] for row in channels.rows}
    return tuple(Fit(channel=one.channel, refused=_FEW) if counts.get(one.channel) is None else one for one in fits)


def _everybody(counts: Counts) -> Counter[Cell]:
    return sum(counts.values(), start=Counter())
