"""The tables of a release with noise: nothing small is hidden, no count is exact (`cellkey`).

Every count is changed by itself, by the keys of the respondents in it: the same group of people has the same noise in
margins, crossed tables and later releases, and totals are not the sums of their parts. Whatever is decided after that
rests on the counts as they are shown, so that no decision tells more than they do:

- A group is broken down only where it holds k for certain: its size as shown, less the greatest noise. Groups that may
  be smaller stand together.
- On a sensitive question no group may seem to be all alike: it stands together with others too.
- Means and standard deviations are rounded so far that k answers one standard deviation away move them by a step at
  most; they and the quartiles need a base of k for certain.
- Fewer than k responses, or a sensitive question to which all seem to have given one answer, make no table.

The auditor then reckons with what noise there can be at most, as an attacker would, and withholds what it can break.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from consult.core.aggregation.audit import Audited, Shown, still_true
from consult.core.aggregation.bins import nearest, round_step
from consult.core.aggregation.cellkey import Noise
from consult.core.aggregation.cells import cells
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.disclosure import Protected, Thresholds, withhold
from consult.core.aggregation.pooling import stand_together
from consult.core.aggregation.tables import STATUSES, UNTOLD, Key, Row, Summary, Table, Told, Variable, base


def perturb(
    variables: Mapping[str, Variable],
    tables: Sequence[Table],
    keys: Sequence[Table],
    thresholds: Thresholds,
    told: Told = UNTOLD,
    depends: Sequence[Dependency] = (),
) -> Audited:
    """Add noise to the full tables of an activity whose unit is a person; `keys`: their sums of record keys."""
    parts: dict[tuple[str, str], Protected] = {}
    for table, sums in zip(tables, keys, strict=True):
        variable = variables[table.variable]
        if not table.by:
            found = _one_way(table, sums, variable, thresholds)
        else:
            margins = parts[table.variable, ""].table, parts[table.by, ""].table
            found = _crossed(table, sums, (variable, variables[table.by]), margins, thresholds)
        parts[table.variable, table.by] = found
    return Shown(parts, still_true(told, tables), depends).audited(tables)


def _one_way(table: Table, sums: Table, variable: Variable, thresholds: Thresholds) -> Protected:
    k = thresholds.least(variable)
    table = msgspec.structs.replace(table, threshold=k)
    noised = _noised(table, sums, Noise.of(thresholds.ordinary), Noise.of(k))
    if (table.totals[0] or 0) < k or (variable.sensitive and _alike(noised, 0)):
        return withhold(table)
    answered = base(noised).answered or 0
    summary = _coarse(table.summary, answered, k) if table.summary and _certain(answered, Noise.of(k), k) else None
    return Protected(msgspec.structs.replace(noised, summary=summary), _needs(table))


def _crossed(
    table: Table,
    sums: Table,
    variables: tuple[Variable, Variable],
    margins: tuple[Table, Table],
    thresholds: Thresholds,
) -> Protected:
    k = thresholds.least(*variables)
    table = msgspec.structs.replace(table, threshold=k)
    if any(margin.withheld for margin in margins):
        return withhold(table)
    sizes, inside = Noise.of(thresholds.least(variables[1])), Noise.of(k)
    shown = {row.code: row.counts[0] or 0 for row in margins[1].rows}
    groups = [group for group in table.groups if shown[group]]
    pool: set[str] = set()
    while len(pool) < len(groups):
        full = stand_together(table, groups, pool)
        noised = _noised(full, stand_together(sums, groups, pool), sizes, inside)
        weak = {
            group
            for j, group in enumerate(noised.groups)
            if not _certain(noised.totals[j] or 0, sizes, k) or (variables[0].sensitive and _alike(noised, j))
        }
        more = weak - noised.pooled_groups.keys()
        if not more and (weak or len(pool) == 1):
            more = {min(set(groups) - pool, key=lambda group: (shown[group], group))}
        if not more:
            return _unless_given_away(full, noised, sensitive=variables[1].sensitive)
        pool |= more
    return withhold(table)


def _unless_given_away(full: Table, noised: Table, *, sensitive: bool) -> Protected:
    """The table; withheld where it tells nothing, or who all the people of a sensitive group are."""
    if len(noised.groups) < 2 or (sensitive and _in_one_group(noised)):
        return withhold(noised)
    rows = tuple(Row(code=row.code, counts=row.counts) for row in noised.rows)
    return Protected(msgspec.structs.replace(noised, rows=rows), _needs(full))


def _noised(table: Table, sums: Table, sizes: Noise, inside: Noise) -> Table:
    """A full table with noise: `sizes` that of the totals, which are cells of other tables too."""

    def changed(noise: Noise, counts: Sequence[int | None], keys: Sequence[int | None]) -> tuple[int, ...]:
        return tuple(noise.perturb(count or 0, key or 0) for count, key in zip(counts, keys, strict=True))

    return msgspec.structs.replace(
        table,
        totals=changed(sizes, table.totals, sums.totals),
        rows=tuple(
            Row(
                code=row.code,
                counts=changed(inside, row.counts, summed.counts),
                unselected=changed(inside, row.unselected, summed.unselected),
            )
            for row, summed in zip(table.rows, sums.rows, strict=True)
        ),
        noise=inside.bound,
    )


def _certain(shown: int, noise: Noise, k: int) -> bool:
    """Whether a group holds k, whatever its noise."""
    return shown - noise.bound >= k


def _alike(table: Table, group: int) -> bool:
    """Whether all of a group who answered seem to have given one answer."""
    answers = [row for row in table.rows if row.code not in STATUSES]
    if table.multiple:
        return any(row.counts[group] and not row.unselected[group] for row in answers)
    return sum(bool(row.counts[group]) for row in answers) == 1


def _in_one_group(table: Table) -> bool:
    """Whether all who gave some answer seem to be in one group, of those who said in which they are."""
    places = [j for j, group in enumerate(table.groups) if group not in STATUSES]
    answers = [row for row in table.rows if row.code not in STATUSES]
    return any(sum(bool(row.counts[j]) for j in places) == 1 for row in answers)


def _coarse(summary: Summary, answered: int, k: int) -> Summary:
    """Mean and standard deviation so rounded that k answers one standard deviation away are one step at most."""
    if summary.mean is None or not summary.deviation:
        return summary
    step = round_step(k * summary.deviation / answered)
    return msgspec.structs.replace(
        summary, mean=nearest(summary.mean, step), deviation=nearest(summary.deviation, step)
    )


def _needs(table: Table) -> dict[Key, int]:
    inside = 2 if table.by else 1
    return {
        cell: table.threshold
        for cell, count in cells(table)
        if count and count < table.threshold and len(cell) == inside
    }
