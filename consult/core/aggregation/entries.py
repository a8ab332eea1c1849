"""Entries of repeats, such as the people in households: who stands behind their counts.

What is published are numbers of entries; whom they are about are respondents, who give many entries or few. A cell is
*fit* to be shown where it holds entries of k respondents at least, k entries at least, and no two respondents make up
more than 85 % of it (`dominance`). Every other cell is primary. It is kept in doubt by D entries, one more than the
k − 1 respondents with the most entries have together, and by enough that the two with the most are 85 % of it at most.
So whatever can be worked out from the tables and holds a primary cell counts D entries at least: those of k respondents
or more, no two of whom dominate. Where every respondent has one entry, D is k, and all this is what holds for persons.

Everybody can read how many entries there are to be: where a question says it, the counts of its answers, each times its
number, add up to the entries. The auditor reckons with it (`counted_by`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

import msgspec

from consult.core.aggregation.cells import Sum, finer, row_coordinate
from consult.core.aggregation.coded import RESPONSE
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.dominance import tells_of_one
from consult.core.aggregation.tables import Coordinate, Key, Span, Table, Variable, key
from consult.core.aggregation.tabulate import Source, Tabulation, numbers_in_units, union

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ENTRIES: Final = (":entries", "")
"""In the keys of cells of entries where these stand beside cells of respondents."""

Sizes = Mapping[int, int]
"""How many respondents have so many entries, by that number."""


class Doubts(Thresholds):
    """By how many entries a primary cell is kept in doubt (`doubt`), where tables of respondents have thresholds."""

    __slots__ = ()


def doubt(sizes: Sizes, k: int) -> int:
    """By how many entries a primary cell is kept in doubt; 0 where fewer than k respondents have any."""
    if sum(sizes.values()) < k:
        return 0
    largest = _largest(sizes, max(k - 1, 2))
    return max(1 + sum(largest[: k - 1]), math.ceil(100 * sum(largest[:2]) / 85))


def fit(cells: Mapping[Key, Sizes], k: int) -> frozenset[Key]:
    """The cells that are fit to be shown."""
    return frozenset(cell for cell, sizes in cells.items() if _is_fit(sizes, k))


def _is_fit(sizes: Sizes, k: int) -> bool:
    entries = sum(size * many for size, many in sizes.items())
    return min(entries, sum(sizes.values())) >= k and not tells_of_one(_largest(sizes, 2), entries)


def _largest(sizes: Sizes, many: int) -> list[int]:
    return nlargest(many, chain.from_iterable(repeat(size, min(times, many)) for size, times in sizes.items()))


# --- counted by the engine ---


def everybody(sources: Sequence[Source]) -> Sizes:
    """How many entries respondents have."""
    return {size: many for size, many, _ in _sizes([source.table.select(RESPONSE) for source in sources], [])}


def contributions(sources: Sequence[Source], tabulation: Tabulation) -> Mapping[Key, Sizes]:
    """How many entries respondents have in each cell of the tables of a tabulation of entries."""
    found: dict[Key, Counter[int]] = {}
    for table in tabulation.tables:
        outcomes = {
            name: tabulation.outcomes[variable]
            for name, variable in (("row", table.variable), ("column", table.by))
            if variable
        }
        parts = []
        for source in sources:
            columns = {name: outcome.of(source) for name, outcome in outcomes.items()}
            if table.multiple:
                columns["row"] = columns["row"].unnest()
            parts.append(source.table.select(RESPONSE, **columns))
        for size, many, (row, *group) in _sizes(parts, list(outcomes)):
            sides = [(table.by, outcomes["column"].code(one)) for one in group]
            cell = key(row_coordinate(table, outcomes["row"].code(row)), *sides)
            found.setdefault(cell, Counter())[size] += many
    return found


def _sizes(parts: Sequence[ir.Table], names: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Numbers of entries, how many responses have so many, and in which row and group."""
    if not parts:
        return
    together = union(parts)
    each = together.group_by([RESPONSE, *names]).agg(size=together.count())
    counted = each.group_by([*names, "size"]).agg(many=each.count())
    for line in counted.to_pyarrow().to_pylist():
        yield int(line["size"]), int(line["many"]), [line[name] for name in names]


def without_dominated(sources: Sequence[Source], tabulation: Tabulation) -> Tabulation:
    """The same without means of numbers most of whose sum is of the entries of one respondent, or of two."""
    known = {variable.id: variable for variable in tabulation.variables}
    return replace(tabulation, tables=tuple(_undominated(sources, known, table) for table in tabulation.tables))


def _undominated(sources: Sequence[Source], known: Mapping[str, Variable], table: Table) -> Table:
    summary = table.summary
    if summary is None or summary.mean is None:
        return table
    amounts = union(
        [
            source.table.select(RESPONSE, amount=numbers_in_units(source, name, known[table.variable]).abs())
            for source in sources
            if (name := source.question(known[table.variable]))
        ]
    )
    each = amounts.group_by(RESPONSE).agg(amount=amounts.amount.cast("decimal(38, 0)").sum().fill_null(0))
    largest = each.order_by(each.amount.desc()).limit(2).to_pyarrow()["amount"].to_pylist()
    if not tells_of_one([int(one) for one in largest], int(each.amount.sum().execute() or 0)):
        return table
    return msgspec.structs.replace(table, summary=msgspec.structs.replace(summary, mean=None, deviation=None))


# --- what the number of entries tells of respondents ---


def counted_by(
    count: Variable, each: Mapping[str, Span], respondents: Sequence[Table], entries: Sequence[Table]
) -> tuple[list[Sum], dict[Key, Span]]:
    """What tables of entries say of those of respondents, where a variable says how many entries each of them has.

    `each`: by answer, between which numbers that is. In all, and in every group by which the variable is broken down
    and entries are counted, the counts of its answers, each so many times, are the entries.
    """
    shown = {table.variable: table for table in entries if not table.by and not table.withheld}
    crossed = [table for table in respondents if not table.withheld and count.id in (table.variable, table.by)]
    beside = {*(table.by for table in crossed), *(table.variable for table in crossed)} - {"", count.id}
    total = next(iter(shown.values())).totals[0] if shown else None
    spans = {} if total is None else {key(_ENTRIES): Span(total, total)}
    links = [link for table in crossed if table.by for link in finer(table)]
    links += _so_many(each, count, ())
    for table in (shown[name] for name in sorted(beside & shown.keys())):
        groups: list[Coordinate] = [(table.variable, row.code) for row in table.rows]
        links.append((key(_ENTRIES), tuple(key(_ENTRIES, group) for group in groups)))
        for group, row in zip(groups, table.rows, strict=True):
            links += _so_many(each, count, (group,))
            if (found := row.counts[0]) is not None:
                spans[key(_ENTRIES, group)] = Span(found, found)
    return links, spans


def _so_many(each: Mapping[str, Span], count: Variable, side: tuple[Coordinate, ...]) -> Iterator[Sum]:
    parts: list[Key] = []
    for answer, (least, most) in each.items():
        cell = key((count.id, answer), *side)
        parts += [cell] * least
        if more := (most or 0) - least:
            further, fewer = (key((count.id, answer), (_ENTRIES[0], way), *side) for way in ("more", "fewer"))
            parts.append(further)
            yield key((count.id, answer), (_ENTRIES[0], "most"), *side), (cell,) * more
            yield key((count.id, answer), (_ENTRIES[0], "most"), *side), (further, fewer)
    yield key(_ENTRIES, *side), tuple(parts)
