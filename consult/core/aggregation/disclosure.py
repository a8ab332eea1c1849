"""Disclosure control of counts of persons: what is hidden so that nothing hidden can be worked out.

A cell of 1 … k − 1 respondents is *primary*. It is hidden together with enough others that an attacker who knows that
counts are whole and not negative, and everything published, can bound it to no interval narrower than k.

- **One-way tables** add up to the number of responses. If the hidden cells are at least two and hold S ≥ k together,
  each of them may be anything from 0 to S. Where the fieldwork page has told that a cell holds so many at least, it is
  in doubt only by what it holds beyond.
- **Crossed tables** have the one-way tables as margins. Categories whose own count is hidden, or is under k, stand
  together in one row or group, whose size follows from the margins anyway; any split of it among them remains possible.
  All margins are then known, and tables no longer share hidden cells: each is completed by itself, with hardly more
  hidden than need be (`search`). In very large ones each primary cell gets *rectangles* of hidden cells instead:
  moving d respondents around the corners of a rectangle changes no margin. With enough rectangles along two rows or
  two columns the cell can go up and down by k in all (an extension of the hypercube method: Giessing and Repsilber,
  *Tools and strategies to protect multiple tables with the GHQUAR cell suppression engine*, 2002).
- What cannot be protected so is withheld as a whole. `core.aggregation.attack` checks the result independently.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from consult.core.aggregation.cells import partitions, row_coordinate
from consult.core.aggregation.completion import Matrix, Position, complete
from consult.core.aggregation.pooling import numbers, pool_groups, pool_rows
from consult.core.aggregation.tables import (
    NO_CODE,
    NOT_RELEVANT,
    SKIPPED,
    STATUSES,
    UNSELECTED,
    UNTOLD,
    Coordinate,
    Key,
    Row,
    Table,
    Told,
    Variable,
    key,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least number of respondents behind a cell; the higher one holds where a question is sensitive."""

    ordinary: int
    sensitive: int

    @classmethod
    def of(cls, threshold: int) -> Thresholds:
        """Those of a process: twice the threshold for sensitive questions."""
        return cls(threshold, 2 * threshold)

    def least(self, *variables: Variable) -> int:
        """The threshold of a table of these variables."""
        return self.sensitive if any(variable.sensitive for variable in variables) else self.ordinary


@dataclass(frozen=True, slots=True)
class Protected:
    """A table fit to be shown, and the cells in it that must stay unknown, each with the width of doubt it needs."""

    table: Table
    needs: Mapping[Key, int]


def withhold(table: Table) -> Protected:
    """The table with nothing in it."""
    return Protected(
        Table(
            variable=table.variable,
            by=table.by,
            groups=(),
            totals=(),
            rows=(),
            multiple=table.multiple,
            threshold=table.threshold,
            withheld=True,
        ),
        {},
    )


# --- one-way ---------------------------------------------------------------------------------------------------------


def protect_one_way(
    table: Table,
    k: int,
    *,
    sensitive: bool,
    told: Told = UNTOLD,
    also: Collection[Coordinate] = (),
    fit: Collection[Key] = (),
) -> Protected:
    """Protect a full one-way table; withheld where fewer than k responded or nothing could stay in doubt.

    `also`: what must be hidden for the sake of other tables. `fit`: cells that may be shown although they are under k
    (`entries`).
    """
    total = table.totals[0] or 0
    table = msgspec.structs.replace(table, threshold=k)
    if total < k or (sensitive and says_it_of_everybody(table)):
        return withhold(table)
    counts = _coordinates(table)
    primary = {place for place, count in counts.items() if 0 < count < k and key(place) not in fit}
    doubts = dict(counts)
    for place in counts.keys() & {cell[0] for cell in told if len(cell) == 1}:
        doubts[place] = max(0, counts[place] - told[(place,)].least)
    hidden = _complete_lines(partitions(table), counts, doubts, primary.union(also), k)
    if hidden is None:
        return withhold(table)
    rows = tuple(_hide_in_row(table, row, hidden) for row in table.rows)
    return Protected(msgspec.structs.replace(table, rows=rows), {key(place): k for place in primary})


def says_it_of_everybody(table: Table) -> bool:
    """Whether one answer of a full one-way table holds everyone who answered (group disclosure)."""
    skipped = sum(row.counts[0] or 0 for row in table.rows if row.code in STATUSES)
    answered = (table.totals[0] or 0) - skipped
    return answered > 0 and any(row.counts[0] == answered for row in table.rows if row.code not in STATUSES)


def _coordinates(table: Table) -> dict[Coordinate, int]:
    counts: dict[Coordinate, int] = {}
    for row in table.rows:
        place = row_coordinate(table, row.code)
        counts[place] = row.counts[0] or 0
        if row.unselected:
            counts[place[0], UNSELECTED] = row.unselected[0] or 0
    return counts


def hideable(table: Table) -> list[Coordinate]:
    """The non-empty cells of a full one-way table, in the order in which they would be hidden."""
    counts = _coordinates(table)
    return sorted((place for place, count in counts.items() if count), key=lambda one: (_dear(one), counts[one], one))


def _dear(place: Coordinate) -> int:
    # "Not chosen" tells least to a reader; a base tells most.
    return {UNSELECTED: 0, NOT_RELEVANT: 2}.get(place[1], 1)


def _complete_lines(
    lines: Iterable[Sequence[Coordinate]],
    counts: Mapping[Coordinate, int],
    doubts: Mapping[Coordinate, int],
    primary: set[Coordinate],
    k: int,
) -> set[Coordinate] | None:
    """Hide more in every line that hides something, until it hides two cells in doubt by k; None: impossible."""
    hidden = set(primary)
    lines = list(lines)
    changed = True
    while changed:
        changed = False
        for line in lines:
            inside = [place for place in line if place in hidden]
            if not inside:
                continue
            doubt = sum(doubts[place] for place in inside)
            if len(inside) > 1 and doubt >= k:
                continue
            free = [place for place in line if place not in hidden and doubts[place]]
            if not free:
                return None
            hidden.add(_next_to_hide(free, counts, doubts, k - doubt))
            changed = True
    return hidden


def _next_to_hide(
    free: Sequence[Coordinate], counts: Mapping[Coordinate, int], doubts: Mapping[Coordinate, int], missing: int
) -> Coordinate:
    # Then the smallest cell that is enough.
    def loss(place: Coordinate) -> tuple[bool, int, int, Coordinate]:
        enough = doubts[place] >= missing
        return (not enough, _dear(place), counts[place] if enough else -doubts[place], place)

    return min(free, key=loss)


def _hide_in_row(table: Table, row: Row, hidden: set[Coordinate]) -> Row:
    place = row_coordinate(table, row.code)
    return Row(
        code=row.code,
        counts=(None,) if place in hidden else row.counts,
        unselected=(None,) if row.unselected and (place[0], UNSELECTED) in hidden else row.unselected,
    )


# --- crossed ---------------------------------------------------------------------------------------------------------


def protect_crossed(
    table: Table,
    rows: Table,
    groups: Table,
    k: int,
    *,
    sensitive: bool,
    by_sensitive: bool = False,
    fit: Collection[Key] = (),
) -> Protected:
    """Protect a full crossed table, given the protected one-way tables of its variable and of its groups.

    `sensitive`: whether either variable is, so that no group may be shown to be all alike; `by_sensitive`: whether that
    of the groups is, so that no category may be shown to be in one group alone. `fit`: as in `protect_one_way`.
    """
    table = msgspec.structs.replace(table, threshold=k)
    if rows.withheld or groups.withheld:
        return withhold(table)
    table = pool_groups(table, groups, k, fit)
    if len(table.groups) < 2:
        return withhold(table)
    if table.multiple:
        return _protect_choices(table, rows, k, sensitive=sensitive, by_sensitive=by_sensitive, fit=fit)
    table = pool_rows(table, rows, k, fit)
    matrix = [numbers(row) for row in table.rows]
    primary = {(i, j) for i, j in _primary(matrix, k) if _cell(table, table.rows[i].code, j) not in fit}
    real = [index for index, row in enumerate(table.rows) if row.code not in STATUSES]
    if sensitive:
        primary |= _all_alike(matrix, real)
    if by_sensitive:
        primary |= _all_in_one_group(matrix, real, table.groups)
    hidden = complete(matrix, primary, k)
    if hidden is None or len(table.rows) < 2 or not _tells_something(matrix, hidden):
        return withhold(table)
    whole = [i for i in range(len(matrix)) if all((i, j) in hidden for j in range(len(table.groups)))]
    if len(whole) > 1:
        return _with_rows_together(table, whole, hidden, primary)
    shown = tuple(_masked(row, i, hidden) for i, row in enumerate(table.rows))
    return Protected(msgspec.structs.replace(table, rows=shown), _needs(table, primary))


def _masked(row: Row, i: int, hidden: set[Position]) -> Row:
    return Row(code=row.code, counts=tuple(None if (i, j) in hidden else n for j, n in enumerate(row.counts)))


def _needs(table: Table, primary: Iterable[Position]) -> dict[Key, int]:
    return {_cell(table, table.rows[i].code, j): table.threshold for i, j in primary}


def _cell(table: Table, code: str, j: int) -> Key:
    return key(row_coordinate(table, code), (table.by, table.groups[j]))


def _with_rows_together(table: Table, whole: Sequence[int], hidden: set[Position], primary: set[Position]) -> Protected:
    """Rows hidden in every group become one, shown where nothing else is hidden: it follows from the rest anyway."""
    members = [table.pooled_rows.get(table.rows[i].code, (table.rows[i].code,)) for i in whole]
    pool = tuple(member for codes in members for member in codes)
    sums = [sum(column) for column in zip(*(numbers(table.rows[i]) for i in whole), strict=True)]
    secret = {j for i, j in hidden if i not in whole}
    pooled = Row(code="+".join(pool), counts=tuple(None if j in secret else n for j, n in enumerate(sums)))
    rows = tuple(_masked(row, i, hidden) for i, row in enumerate(table.rows) if i not in whole)
    return Protected(
        msgspec.structs.replace(table, rows=(*rows, pooled), pooled_rows=_others(table, whole) | {pooled.code: pool}),
        _needs(table, (place for place in primary if place[0] not in whole)),
    )


def _protect_choices(
    table: Table, rows: Table, k: int, *, sensitive: bool, by_sensitive: bool, fit: Collection[Key]
) -> Protected:
    """Every choice stands against everybody else; a row whose own total is hidden stays hidden.

    In the witness, respondents move between choosing and not choosing, so that a move in one row changes no other.
    Whoever gives up a choice must have made another one, because who answered chose something; whoever becomes *not
    relevant* must be missed by no choice. Of codes, everybody knows how many were coded.
    """
    answers = [row for row in table.rows if row.code not in STATUSES]
    spare = [min(column) for column in zip(*(_unselected(row) for row in answers), strict=True)]
    further = _further(answers)
    of_codes = any(row.code == NO_CODE for row in answers)
    shown: list[Row] = []
    needs: dict[Key, int] = {}
    for row in table.rows:
        if row.code == SKIPPED:
            continue
        margin = rows.row(row.code)
        counts = numbers(row)
        others = [(total or 0) - count for count, total in zip(counts, table.totals, strict=True)]
        if of_codes and row.unselected:  # nobody is skipped, so how many were coded is known, and how many without this
            others, choice = _unselected(row), row_coordinate(table, row.code)[0]
            few = [group for group, n in zip(table.groups, others, strict=True) if 0 < n < k]
            needs |= {key((choice, UNSELECTED), (table.by, group)): k for group in few}
        matrix = [counts, others]
        primary = {(0, j) for i, j in _primary(matrix, k) if i or _cell(table, row.code, j) not in fit}
        if sensitive and row.code not in STATUSES:
            primary |= _all_alike(matrix, [0])
        if by_sensitive and row.code not in STATUSES:
            primary |= _all_in_one_group(matrix, [0], table.groups)
        movable = [min(pair) for pair in zip(counts, further, strict=True)]
        hidden = complete([movable, _unselected(row) if row.unselected else spare], primary, k)
        if hidden is None or margin is None or margin.counts[0] is None:
            hidden, primary = {(0, j) for j in range(len(counts))}, primary if of_codes else set()
        columns = {j for _, j in hidden}
        shown.append(Row(code=row.code, counts=tuple(None if j in columns else n for j, n in enumerate(counts))))
        needs |= {_cell(table, row.code, j): k for _, j in primary}
    if not any(count for row in shown if row.code not in STATUSES for count in row.counts):
        return withhold(table)
    return Protected(msgspec.structs.replace(table, rows=tuple(shown)), needs)


def _further(answers: Sequence[Row]) -> list[int]:
    """Choices beyond the first of each respondent, per group."""
    made = [sum(column) for column in zip(*(numbers(row) for row in answers), strict=True)]
    first = zip(made, numbers(answers[0]), _unselected(answers[0]), strict=True)
    return [total - chosen - without for total, chosen, without in first]


def _unselected(row: Row) -> list[int]:
    return [count or 0 for count in row.unselected]


def _others(table: Table, whole: Sequence[int]) -> dict[str, tuple[str, ...]]:
    taken = {table.rows[i].code for i in whole}
    return {name: members for name, members in table.pooled_rows.items() if name not in taken}


def _primary(matrix: Matrix, k: int) -> set[Position]:
    return {(i, j) for i, row in enumerate(matrix) for j, count in enumerate(row) if 0 < count < k}


def _all_alike(matrix: Matrix, rows: Iterable[int]) -> set[Position]:
    """Cells that hold everyone of their group."""
    totals = [sum(column) for column in zip(*matrix, strict=True)]
    return {(i, j) for i in rows for j, count in enumerate(matrix[i]) if count and count == totals[j]}


def _all_in_one_group(matrix: Matrix, rows: Iterable[int], groups: Sequence[str]) -> set[Position]:
    """Cells that hold everyone of their row."""
    columns = [j for j, group in enumerate(groups) if group not in STATUSES]
    return {(i, j) for i in rows for j in columns if matrix[i][j] and matrix[i][j] == sum(matrix[i])}


def _tells_something(matrix: Matrix, hidden: set[Position]) -> bool:
    return any(n and (i, j) not in hidden for i, row in enumerate(matrix) for j, n in enumerate(row))
