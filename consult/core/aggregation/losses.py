"""What protecting a table has cost, and why each count is hidden: for those who may see the full tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from consult.core.aggregation.cells import cells
from consult.core.aggregation.disclosure import says_it_of_everybody
from consult.core.aggregation.tables import Key, Row, Table


class Why(StrEnum):
    """Why a count, or a whole table, is not shown as it is."""

    SMALL = "small"
    """From 1 to one less than the threshold."""
    ALIKE = "alike"
    """Would say that a whole group is alike on a sensitive question."""
    BESIDE = "beside"
    """Hidden so that none of these can be worked out."""
    FEW = "few"
    """The table counts fewer people than the threshold."""
    MARGIN = "margin"
    """The table of one of the two questions alone is not shown."""
    AUDITOR = "auditor"
    """The auditor could work something out from it."""
    NOTHING = "nothing"
    """No choice of counts would protect it, or nothing would be left."""
    DOMINATED = "dominated"
    """Two answers make up most of the sum: the mean is not shown."""
    NOISE = "noise"
    """Each count is changed."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What protecting one table has cost."""

    cells: int
    """Counts that it has, or would have."""
    hidden: Mapping[Why, int] = field(default_factory=dict)
    """How many of them are hidden, by reason."""
    withheld: Why | None = None
    together: int = 0
    """Categories that stand together with others."""
    share: float = 0.0
    """Per cent of the respondents in its cells that no shown count holds; with noise: that the changes come to."""
    dominated: bool = False
    """Whether the mean of the number is left out for the sake of two answers."""


def loss(shown: Table, full: Table, needs: Mapping[Key, int], *, margins: bool, given_up: bool) -> Loss:
    """What a protected table lacks of the full one. `margins`: whether its one-way tables are shown."""
    dominated = bool(full.summary and full.summary.mean is None)
    if shown.withheld:
        size = sum(len(row.counts) + (0 if full.by else len(row.unselected)) for row in full.rows)
        return Loss(size, {}, _why(full, shown, margins=margins, given_up=given_up), 0, 100.0, dominated)
    counts = dict(cells(as_shown(full, shown)))
    inside = {cell: n or 0 for cell, n in counts.items() if len(cell) == (2 if shown.by else 1)}
    told = {cell: n for cell, n in cells(shown) if cell in inside}
    everybody = sum(inside[cell] for cell in told)
    together = sum(len(pool) for pools in (shown.pooled_rows, shown.pooled_groups) for pool in pools.values())
    if shown.noise:
        changed = sum(abs((n or 0) - inside[cell]) for cell, n in told.items())
        return Loss(len(told), {}, None, together, _per_cent(changed, everybody), dominated)
    hidden = {cell: _reason(inside[cell], shown, cell in needs) for cell, n in told.items() if n is None}
    lost = sum(inside[cell] for cell in hidden)
    return Loss(len(told), Counter(hidden.values()), None, together, _per_cent(lost, everybody), dominated)


def as_shown(full: Table, shown: Table) -> Table:
    """The full counts of the rows and groups that a protected table has."""
    at = {group: j for j, group in enumerate(full.groups)}
    groups = [shown.pooled_groups.get(group, (group,)) for group in shown.groups]
    rows = {row.code: row for row in full.rows}

    def together(lines: list[tuple[int | None, ...]]) -> tuple[int, ...]:
        return tuple(sum(line[at[one]] or 0 for line in lines for one in members) for members in groups)

    return msgspec.structs.replace(
        shown,
        totals=together([full.totals]),
        rows=tuple(
            Row(
                code=row.code,
                counts=together([rows[code].counts for code in shown.pooled_rows.get(row.code, (row.code,))]),
                unselected=together([rows[row.code].unselected]) if row.unselected else (),
            )
            for row in shown.rows
        ),
    )


def shows(shown: Table, full: Table) -> bool:
    """Whether every count that a table shows is that of the full one."""
    if shown.withheld:
        return True
    true = as_shown(full, shown)
    pairs = zip(_lines(shown), _lines(true), strict=True)
    return all(count in (None, other) for line, others in pairs for count, other in zip(line, others, strict=True))


def _lines(table: Table) -> Iterator[tuple[int | None, ...]]:
    yield table.totals
    for row in table.rows:
        yield row.counts
        yield row.unselected


def _reason(count: int, shown: Table, primary: bool) -> Why:
    if 0 < count < shown.threshold and (primary or not shown.entries):
        return Why.SMALL
    return Why.ALIKE if primary else Why.BESIDE


def _why(full: Table, shown: Table, *, margins: bool, given_up: bool) -> Why:
    if given_up:
        return Why.AUDITOR
    if sum(total or 0 for total in full.totals) < shown.threshold:
        return Why.FEW
    if not margins:
        return Why.MARGIN
    return Why.ALIKE if not full.by and says_it_of_everybody(full) else Why.NOTHING


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
