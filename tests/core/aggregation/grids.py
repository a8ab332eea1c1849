"""Tidy tables made for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from consult.core.aggregation.tables import Key, key
from consult.core.aggregation.tidy import TOTAL, Grid


def grid(dimensions: Sequence[str], inner: Mapping[tuple[str, ...], int], name: str = "table.csv") -> Grid:
    """The table with these cells inside, and all its margins."""
    categories = [tuple(dict.fromkeys(cell[place] for cell in inner)) for place in range(len(dimensions))]
    counts = {
        _cell(dimensions, row): sum(
            count
            for cell, count in inner.items()
            if all(one in (TOTAL, other) for one, other in zip(row, cell, strict=True))
        )
        for row in product(*((*names, TOTAL) for names in categories))
    }
    return Grid(name, tuple(dimensions), tuple(categories), counts)


def filled(dimensions: Sequence[str], sizes: Sequence[int], counts: Iterable[int], name: str = "table.csv") -> Grid:
    """The table of these sizes, its cells filled row by row."""
    names = [[f"{one}{place}" for place in range(size)] for one, size in zip(dimensions, sizes, strict=True)]
    return grid(dimensions, dict(zip(product(*names), counts, strict=True)), name)


def margin(table: Grid, dimension: str, name: str = "margin.csv") -> Grid:
    """The table without a dimension."""
    kept = [place for place, one in enumerate(table.dimensions) if one != dimension]
    counts = {cell: count for cell, count in table.counts.items() if dimension not in dict(cell)}
    return Grid(name, tuple(table.dimensions[i] for i in kept), tuple(table.categories[i] for i in kept), counts)


def _cell(dimensions: Sequence[str], row: Sequence[str]) -> Key:
    return key(*((one, category) for one, category in zip(dimensions, row, strict=True) if category != TOTAL))
