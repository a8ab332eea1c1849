"""Tidy tables of counts: a column for each dimension, then `count`; margins are rows with the category `_total`.

Such a table has any number of dimensions and a row for every combination of their categories, `_total` included. A cell
is known by the same key as everywhere (`tables.key`): its coordinates (column, category) without the totals. Tables
whose columns have the same names therefore share cells: the margin of one is a cell of another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Final

from consult.core.aggregation.cellkey import RANGE
from consult.core.aggregation.cells import Sum
from consult.core.aggregation.tables import Key, key
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.exchange.workbook import Row, Sheet

TOTAL: Final = "_total"
COUNT: Final = "count"
STATUS: Final = "status"
CELL_KEY: Final = "cell_key"
LOWER: Final = "lower"
UPPER: Final = "upper"
PUBLISHED: Final = "published"
PERTURBED: Final = "perturbed"
SUPPRESSED: Final = "suppressed"
_WHOLE: Final = re.compile(r"(\d{1,15})(\.0+)?")
_SOME: Final = 20
"""Problems of one kind that are told."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A complete tidy table, in the order of its file."""

    name: str
    dimensions: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    """By dimension, without `_total`."""
    counts: Mapping[Key, int | None]
    """None is hidden."""
    keys: Mapping[Key, int] = field(default_factory=dict)
    """Cell keys, where the file has them."""

    def row(self, cell: Key) -> list[str]:
        """The categories of a cell, by dimension."""
        coordinates = dict(cell)
        return [coordinates.get(dimension, TOTAL) for dimension in self.dimensions]

    def sums(self) -> Iterator[Sum]:
        """Every sum along one dimension."""
        for place, (dimension, categories) in enumerate(zip(self.dimensions, self.categories, strict=True)):
            others = (*self.dimensions[:place], *self.dimensions[place + 1 :])
            ranges = [*self.categories[:place], *self.categories[place + 1 :]]
            for row in product(*((*names, TOTAL) for names in ranges)):
                around = [(name, category) for name, category in zip(others, row, strict=True) if category != TOTAL]
                yield key(*around), tuple(key(*around, (dimension, category)) for category in categories)


def named(cell: Key) -> str:
    """A cell in words: `region = A, sex = F`; the whole table is `_total`."""
    return ", ".join(f"{dimension} = {category}" for dimension, category in cell) or TOTAL


def read(sheet: Sheet, *, published: bool) -> Grid:
    """The table of a sheet. `published`: its cells may be hidden, their count left empty.

    Refuses with all of `disclosure.column.missing .column.twice .column.reserved .column.none`, or all of
    `disclosure.category.missing .row.twice .count.missing .count.unreadable .count.beside .key.unreadable`, or with
    `disclosure.margin.missing .row.missing`, or with `disclosure.sum`.
    """
    columns = {header: place for place, header in reversed(list(enumerate(sheet.headers))) if header}
    dimensions = tuple(header for header in sheet.headers if header and header not in (COUNT, STATUS, CELL_KEY))
    refuse_if_any(_columns(sheet, columns, dimensions))
    reader = _Reader(sheet.name, columns, dimensions, published=published)
    for row in sheet.rows:
        reader.take(row)
    refuse_if_any(reader.problems)
    grid = reader.grid()
    refuse_if_any(_missing(grid))
    refuse_if_any(_not_adding_up([grid]))
    return grid


def join(grids: Sequence[Grid]) -> tuple[dict[Key, int | None], tuple[Sum, ...]]:
    """The cells of tables together, hidden only where no table shows them, and all sums.

    Refuses with `disclosure.shared` where tables show different counts of the same cell, and with `disclosure.sum`.
    """
    counts: dict[Key, int | None] = {}
    problems = []
    for grid in grids:
        for cell, count in grid.counts.items():
            known = counts.get(cell)
            if known is None:
                counts[cell] = count
            elif count is not None and count != known:
                params: dict[str, str | int] = {"cell": named(cell), "count": count, "other": known}
                problems.append(Problem("disclosure.shared", params, Place(grid.name)))
    refuse_if_any(problems[:_SOME])
    refuse_if_any(_not_adding_up(grids, counts))
    return counts, tuple(dict.fromkeys(total for grid in grids for total in grid.sums()))


def _columns(sheet: Sheet, columns: Collection[str], dimensions: Sequence[str]) -> Iterator[Problem]:
    if COUNT not in columns:
        yield Problem("disclosure.column.missing", {"name": COUNT}, Place(sheet.name, sheet.header_row))
    if not dimensions:
        yield Problem("disclosure.column.none", {}, Place(sheet.name, sheet.header_row))
    for name in sorted({name for name in sheet.headers if name and sheet.headers.count(name) > 1}):
        yield Problem("disclosure.column.twice", {"name": name}, Place(sheet.name, sheet.header_row, name))
    for name in sorted({LOWER, UPPER}.intersection(dimensions)):
        yield Problem("disclosure.column.reserved", {"name": name}, Place(sheet.name, sheet.header_row, name))


class _Reader:
    """The rows of a table, one after the other."""

    def __init__(self, name: str, columns: Mapping[str, int], dimensions: tuple[str, ...], *, published: bool) -> None:
        self.problems: list[Problem] = []
        self._name, self._columns, self._dimensions, self._published = name, columns, dimensions, published
        self._categories: tuple[dict[str, None], ...] = tuple({} for _ in dimensions)
        self._counts: dict[Key, int | None] = {}
        self._keys: dict[Key, int] = {}
        self._rows: dict[Key, int] = {}

    def take(self, row: Row) -> None:
        """One row."""
        cell = []
        for dimension, categories in zip(self._dimensions, self._categories, strict=True):
            category = row.cells.get(self._columns[dimension], "")
            if not category:
                return self._refuse("disclosure.category.missing", row, dimension, name=dimension)
            if category != TOTAL:
                categories[category] = None
                cell.append((dimension, category))
        place = key(*cell)
        if place in self._rows:
            return self._refuse("disclosure.row.twice", row, "", cell=named(place), first=self._rows[place])
        self._rows[place] = row.number
        self._counts[place] = self._count(row)
        if CELL_KEY in self._columns:
            self._keys[place] = self._key(row)
        return None

    def grid(self) -> Grid:
        """The table read."""
        return Grid(self._name, self._dimensions, tuple(map(tuple, self._categories)), self._counts, self._keys)

    def _count(self, row: Row) -> int | None:
        text = row.cells.get(self._columns[COUNT], "")
        hidden = self._published and row.cells.get(self._columns.get(STATUS, -1), "") == SUPPRESSED
        if text and hidden:
            self._refuse("disclosure.count.beside", row, COUNT)
        elif not text and not self._published:
            self._refuse("disclosure.count.missing", row, COUNT)
        elif text and not (found := _WHOLE.fullmatch(text)):
            self._refuse("disclosure.count.unreadable", row, COUNT, value=text)
        elif text and found:
            return int(found[1])
        return None

    def _key(self, row: Row) -> int:
        text = row.cells.get(self._columns[CELL_KEY], "")
        if found := _WHOLE.fullmatch(text):
            return int(found[1]) % RANGE
        self._refuse("disclosure.key.unreadable", row, CELL_KEY, value=text)
        return 0

    def _refuse(self, code: str, row: Row, column: str, **params: str | int) -> None:
        if sum(problem.code == code for problem in self.problems) < _SOME:
            self.problems.append(Problem(code, params, Place(self._name, row.number, column)))


def _missing(grid: Grid) -> Iterator[Problem]:
    """What has no row: whole margins, or else single combinations."""
    bare = [
        dimension
        for dimension in grid.dimensions
        if all(any(name == dimension for name, _ in cell) for cell in grid.counts)
    ]
    for dimension in bare:
        yield Problem("disclosure.margin.missing", {"name": dimension}, Place(grid.name, column=dimension))
    lack = prod(len(names) + 1 for names in grid.categories) - len(grid.counts)
    if lack and not bare:
        rows = product(*((*names, TOTAL) for names in grid.categories))
        cells = (key(*((d, c) for d, c in zip(grid.dimensions, row, strict=True) if c != TOTAL)) for row in rows)
        first = next(cell for cell in cells if cell not in grid.counts)
        yield Problem("disclosure.row.missing", {"cell": named(first), "count": lack}, Place(grid.name))


def _not_adding_up(grids: Iterable[Grid], counts: Mapping[Key, int | None] | None = None) -> list[Problem]:
    """The sums that are wrong, as far as all that is in them is shown."""
    problems = []
    for grid in grids:
        shown = grid.counts if counts is None else counts
        for whole, parts in grid.sums():
            there = [count for part in parts if (count := shown[part]) is not None]
            total = shown[whole]
            if total is not None and (sum(there) > total or (len(there) == len(parts) and sum(there) < total)):
                params: dict[str, str | int] = {"cell": named(whole), "count": total, "sum": sum(there)}
                problems.append(Problem("disclosure.sum", params, Place(grid.name)))
    return problems[:_SOME]
