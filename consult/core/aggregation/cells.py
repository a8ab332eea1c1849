"""Which cells a table has, and which of them add up: what protection and attack both rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from consult.core.aggregation.tables import (
    EVERYBODY,
    NO_CODE,
    OTHERWISE,
    SELECTED,
    STATUSES,
    UNSELECTED,
    Coordinate,
    Key,
    Table,
    choice_of,
    key,
)

Sum = tuple[Key, tuple[Key, ...]]
"""A cell and the disjoint cells that together are exactly it."""


def partitions(table: Table) -> tuple[tuple[Coordinate, ...], ...]:
    """The ways in which a one-way table divides everybody: one, or one for each choice of a multi-choice question."""
    statuses = tuple((table.variable, row.code) for row in table.rows if row.code in STATUSES)
    answers = [row.code for row in table.rows if row.code not in STATUSES]
    if not table.multiple:
        return ((*((table.variable, code) for code in answers), *statuses),)
    return tuple(
        ((choice_of(table.variable, code), SELECTED), (choice_of(table.variable, code), UNSELECTED), *statuses)
        for code in answers
    )


def row_coordinate(table: Table, code: str) -> Coordinate:
    """The coordinate of a row."""
    if table.multiple and code not in STATUSES:
        return choice_of(table.variable, code), SELECTED
    return table.variable, code


def cells(table: Table) -> Iterator[tuple[Key, int | None]]:
    """Every cell that a table shows or hides, group sizes included; none of one that is withheld."""
    if table.withheld:
        return
    if not table.by:
        yield EVERYBODY, table.totals[0]
    for group, total in zip(table.groups, table.totals, strict=True):
        if table.by:
            yield key((table.by, group)), total
    for row in table.rows:
        place = row_coordinate(table, row.code)
        for group, count in zip(table.groups, row.counts, strict=True):
            yield (key(place, (table.by, group)) if table.by else key(place)), count
        for count in row.unselected:
            yield key((place[0], UNSELECTED)), count


def sums(table: Table) -> Iterator[Sum]:
    """Every sum that holds among the cells of a table and those of the one-way tables beside it."""
    if not table.by:
        for partition in partitions(table):
            yield EVERYBODY, tuple(key(place) for place in partition)
        if table.multiple:
            yield from _everybody_chose(table, ())
        return
    for side, pools in ((table.variable, table.pooled_rows), (table.by, table.pooled_groups)):
        for name, members in pools.items():
            yield key((side, name)), tuple(key((side, member)) for member in members)
    if table.multiple:
        yield from _sums_of_choices(table)
        return
    rows = [(table.variable, row.code) for row in table.rows]
    groups = [(table.by, group) for group in table.groups]
    for group in groups:
        yield key(group), tuple(key(row, group) for row in rows)
    for row in rows:
        yield key(row), tuple(key(row, group) for group in groups)


def with_all_groups(tables: Iterable[Table]) -> list[Table]:
    """The same, in crossed tables with noise also the groups that are left out: they seem empty, but need not be."""
    found = list(tables)
    codes = {table.variable: [row.code for row in table.rows] for table in found if not table.by}
    return [_with_groups(table, codes.get(table.by, [])) if table.by and table.noise else table for table in found]


def _with_groups(table: Table, codes: Iterable[str]) -> Table:
    there = {*table.groups, *(member for members in table.pooled_groups.values() for member in members)}
    more = tuple(code for code in codes if code not in there)
    unknown = (None,) * len(more)
    return msgspec.structs.replace(
        table,
        groups=(*table.groups, *more),
        totals=(*table.totals, *unknown),
        rows=tuple(msgspec.structs.replace(row, counts=(*row.counts, *unknown)) for row in table.rows),
    )


def finer(table: Table) -> Iterator[Sum]:
    """What the cells of a crossed table in which categories stand together consist of: cells of other releases."""
    groups = [*table.groups, *(member for members in table.pooled_groups.values() for member in members)]
    for name, members in table.pooled_groups.items():
        for row in table.rows:
            place = row_coordinate(table, row.code)
            yield key(place, (table.by, name)), tuple(key(place, (table.by, member)) for member in members)
    for name, members in table.pooled_rows.items():
        for group in groups:
            side = (table.by, group)
            yield key((table.variable, name), side), tuple(key((table.variable, member), side) for member in members)


def _sums_of_choices(table: Table) -> Iterator[Sum]:
    # Nobody publishes who skipped a multi-choice question in a group, but an attacker can reckon with it.
    groups = [(table.by, group) for group in table.groups]
    statuses = [(table.variable, status) for status in STATUSES]
    margins = [*statuses, (table.variable, _FURTHER)]
    for row in table.rows:
        if row.code in STATUSES:
            continue
        choice = choice_of(table.variable, row.code)
        margins += [(choice, SELECTED), (choice, UNSELECTED)]
        for group in groups:
            otherwise = key((choice, OTHERWISE), group)
            yield key(group), (key((choice, SELECTED), group), otherwise)
            yield otherwise, (key((choice, UNSELECTED), group), *(key(status, group) for status in statuses))
    for group in groups:
        yield from _everybody_chose(table, (group,))
    for place in margins:
        yield key(place), tuple(key(place, group) for group in groups)


_OTHERS: Final = ":others"
"""Texts that were given other codes."""
_FURTHER: Final = ":further"
"""Choices beyond the first of each respondent."""
_MADE: Final = ":made"
CHOICES: Final = frozenset({_FURTHER, _MADE})
"""Codes under which choices are counted, not respondents."""


def _everybody_chose(table: Table, group: tuple[Coordinate, ...]) -> Iterator[Sum]:
    """Who answered a multi-choice question chose something: choices and missing answers are at least everybody.

    Of codes, nobody with any of them has none.
    """
    made = key((table.variable, _MADE), *group)
    answers = [(choice_of(table.variable, row.code), SELECTED) for row in table.rows if row.code not in STATUSES]
    statuses = [(table.variable, status) for status in STATUSES]
    yield made, tuple(key(place, *group) for place in (*answers, *statuses))
    yield made, (key(*group), key((table.variable, _FURTHER), *group))
    none = choice_of(table.variable, NO_CODE)
    if (none, SELECTED) in answers:
        for choice in (choice for choice, _ in answers if choice != none):
            yield key((none, UNSELECTED), *group), (key((choice, SELECTED), *group), key((choice, _OTHERS), *group))
