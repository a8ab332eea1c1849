"""What a further release would cost under suppression, told from what everybody may know: the last release and the
fieldwork page.

Between two releases by suppression a count must stay or change by k at least. If as many as the page says have come
since, shared out over the cells as the responses before, the newcomers in a cell that holds the share p of N are
Poisson distributed with mean N · p; the cell stands in the way where they are 1 … k − 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from consult.core.aggregation.cells import cells
from consult.core.aggregation.tables import STATUSES, Dataset, Kind, Table
from consult.processes.models import Process, Unit
from consult.results import queries
from consult.results.content import SUPPRESSION, Content, content_of
from consult.results.presentation import Reader, variable_label

_UNLIKELY: Final = 0.5
"""Cells expected to change by a few below which a release is likely to pass."""
_MOST: Final = 10_000_000
"""Responses beyond which nobody waits."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The tables broken down by one variable, or those of single questions (`by` is empty)."""

    by: str
    cells: int
    """Counts that the last release shows in them."""
    few: int
    """How many of these are likely to change by a few respondents."""
    wait: int | None
    """After how many more responses, about, hardly one would; None: beyond reckoning."""


@dataclass(frozen=True, slots=True)
class Together:
    """Two variables by which questions could be broken down together."""

    label: str
    enough: int
    """Combinations that have people enough to be groups, as the last release shows."""
    of: int
    """Combinations that are not seen to be nobody's; those without people enough stand together."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What stands between the last release and the next."""

    number: int
    """The last release by suppression."""
    since: int
    """At most so many responses have come since, by the fieldwork page."""
    breakdowns: tuple[Breakdown, ...]
    together: tuple[Together, ...] = ()


def further(session: Session, process: Process, reader: Reader) -> Advice | None:
    """On a release of a process after its last published one; None before the first."""
    published = queries.all_published(session, process.id)
    if not published:
        return None
    latest = [(activity.id, queries.latest_count(session, activity.id)) for activity in process.activities]
    counted = {str(name): int(count.counts["total"]) for name, count in latest if count is not None}
    return advice(content_of(published[-1].content), counted, reader)


def advice(content: Content, counted: Mapping[str, int], reader: Reader) -> Advice | None:
    """On a release after this one; `counted`: the latest count of each activity, rounded down to tens.

    None where the release holds nothing back, adds noise, or is of consultations alone: nobody is told their count.
    """
    if content.method != SUPPRESSION:
        return None
    persons = [one for one in content.datasets if one.unit == Unit.PERSON and not one.contributions]
    answered = [one for one in persons if one.responses and not one.entries]
    if not persons:
        return None
    everybody = sum(one.responses or 0 for one in answered)
    since = sum(max(0, counted.get(one.activity, 0) + 9 - (one.responses or 0)) for one in answered)
    shares: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for dataset in answered:
        for by, table in _tables(dataset, reader):
            shares[by] += [(table.threshold, count / everybody) for count in _counts(table)]
    found = (_breakdown(by, shown, since) for by, shown in shares.items())
    together = tuple(pair for dataset in answered for pair in _together(dataset, reader))
    breakdowns = sorted(found, key=lambda one: (one.by != "", one.by.casefold()))
    return Advice(content.number, since, tuple(breakdowns), together)


def _together(dataset: Dataset, reader: Reader) -> Iterator[Together]:
    """What the last release says of the combinations of two variables by which it breaks questions down."""
    groups = {table.by for table in dataset.tables if table.by and not dataset.variable(table.by).parts}
    for table in dataset.tables:
        if table.by in groups and table.variable in groups and not table.withheld:
            one, other = dataset.variable(table.variable), dataset.variable(table.by)
            if Kind.MULTIPLE in (one.kind, other.kind):
                continue
            own = {group for group in table.groups if group not in {*table.pooled_groups, *STATUSES}}
            counts = [
                count
                for row in table.rows
                if row.code not in {*table.pooled_rows, *STATUSES}
                for group, count in zip(table.groups, row.counts, strict=True)
                if group in own
            ]
            yield Together(
                f"{variable_label(one, dataset, reader)} × {variable_label(other, dataset, reader)}",
                sum(count is not None and count >= table.threshold for count in counts),
                len(one.codes()) * len(other.codes()) - counts.count(0),
            )


def _tables(dataset: Dataset, reader: Reader) -> Iterator[tuple[str, Table]]:
    for table in dataset.tables:
        if not table.withheld:
            yield variable_label(dataset.variable(table.by), dataset, reader) if table.by else "", table


def _counts(table: Table) -> list[int]:
    inside = 2 if table.by else 1
    return [count for cell, count in cells(table) if count and len(cell) == inside]


def _breakdown(by: str, shown: list[tuple[int, float]], since: int) -> Breakdown:
    """`shown`: of each cell its threshold and its share of all responses."""

    def expected(new: int) -> float:
        return sum(few(k, new * share) for k, share in shown)

    enough = max(since, 1)
    while expected(enough) > _UNLIKELY and enough < _MOST:
        enough = math.ceil(enough * 1.25)
    wait = None if enough >= _MOST else _rounded(max(0, enough - since))
    return Breakdown(by, len(shown), round(expected(since)), wait)


def few(k: int, mean: float) -> float:
    """The probability of 1 … k − 1 newcomers where so many are expected."""
    term = math.exp(-mean)
    total = 0.0
    for count in range(1, k):
        term *= mean / count
        total += term
    return total


def _rounded(number: int) -> int:
    """To two digits: nobody knows more."""
    size: int = 10 ** max(0, len(str(number)) - 2)
    return round(number / size) * size
