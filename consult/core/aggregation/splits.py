"""What is known of weights, and the counts by category of the margins that a row and its weighted share tell.

Everybody of one stratum, which is a channel and a category of each margin, weighs the same. So the people of a cell
split into those of each stratum: their numbers add up to its count and, each times the weight of its stratum, to the
sum of weights that a share tells. With two weights these are two equations for two unknowns, even where no table
breaks the question down by the margin.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from consult.core.aggregation.cells import row_coordinate
from consult.core.aggregation.cellweights import Cell
from consult.core.aggregation.fits import WEIGHT, KnownMargin
from consult.core.aggregation.shares import Weights, together
from consult.core.aggregation.tables import Coordinate, Key, Table, key
from consult.core.aggregation.variables import CHANNEL

Members = Mapping[Coordinate, Sequence[str]]
"""The codes of coordinates in which several stand together."""
_STRATUM: Final = ":stratum"


@dataclass(frozen=True, slots=True)
class Range:
    """Between which weights those of any stratum lie, as the attacker knows them."""

    margins: Sequence[KnownMargin]
    weights: Mapping[Cell, float]
    """By stratum; none where counts of the margins are hidden."""
    band: tuple[float, float] = (0.0, math.inf)
    """Between which all weights are said to lie."""

    @classmethod
    def seen(
        cls,
        tables: Iterable[Table],
        margins: Sequence[KnownMargin],
        weights: Mapping[Cell, int],
        band: tuple[float, float],
    ) -> Range:
        """What somebody knows of the weights (in millionths) who has seen these tables of counts.

        What is hidden in a single category of a margin follows from the others.
        """
        one_way = {table.variable: table for table in tables if not table.by and not table.withheld}
        known = all(
            margin.variable in one_way and len(_hidden(margin, one_way[margin.variable])) < 2 for margin in margins
        )
        return cls(margins, {cell: weights[cell] / WEIGHT for cell in sorted(weights)} if known else {}, band)

    def strata(self, cell: Key, members: Members) -> list[Cell]:
        """The strata of which there can be people in a cell; none where no weights are known."""
        allowed = [*self._allowed(cell, members)]
        return [one for one in self.weights if all(one[place] in categories for place, categories in allowed)]

    def split(self, cell: Key, cells: Container[Key], members: Members) -> tuple[Key, list[Cell]] | None:
        """Of which cell one is the part in a category of a margin, and the strata of that part."""
        for coordinate in cell:
            whole = key(*(one for one in cell if one != coordinate))
            for place, margin in enumerate(self.margins, start=1):
                if whole in cells and coordinate[0] == margin.variable:
                    inside = [one for one in self.strata(whole, members) if one[place] == coordinate[1]]
                    if inside:
                        return whole, inside
        return None

    def _allowed(self, cell: Key, members: Members) -> Iterator[tuple[int, set[str]]]:
        for coordinate in cell:
            name, code = coordinate
            codes = members.get(coordinate, (code,))
            if name == CHANNEL:
                yield 0, set(codes)
            for place, margin in enumerate(self.margins, start=1):
                if name == margin.variable:
                    yield place, {margin.category(one) or one for one in codes}


def _hidden(margin: KnownMargin, table: Table) -> set[str]:
    return {margin.category(row.code) or row.code for row in table.rows if None in row.counts}


def split_needs(tables: Iterable[Table], weights: Weights, margins: Sequence[KnownMargin]) -> dict[Key, int]:
    """The parts of rows, groups and cells in each category of the margins that are too few to be known, and the width
    of doubt each needs: the threshold of a table that broke them down."""
    tables = [table for table in tables if not table.withheld]
    thresholds = {table.variable: table.threshold for table in tables if not table.by}
    found: dict[Key, int] = {}
    for table in tables:
        if not weights.allowed(table):
            continue
        others = [
            (place, margin.variable, max(table.threshold, thresholds.get(margin.variable, 0)))
            for place, margin in enumerate(margins, start=1)
            if margin.variable not in (table.variable, table.by)
        ]
        for cell, people in _people(table, weights):
            for place, name, least in others:
                parts: Counter[str] = Counter()
                for stratum, number in people.items():
                    parts[stratum[place]] += number
                found |= {key(*cell, (name, code)): least for code, number in parts.items() if 0 < number < least}
    return found


def _people(table: Table, weights: Weights) -> Iterator[tuple[Key, Mapping[Cell, int]]]:
    """Who is in each cell of a table and, where it has groups, in each of these, by stratum."""
    counts = weights.count(table.variable, table.by)
    for group in table.groups:
        side = ((table.by, group),) if table.by else ()
        members = table.pooled_groups.get(group, (group,))
        if side:
            yield key(*side), together(weights.count("", table.by), ("",), members)
        for row in table.rows:
            codes = table.pooled_rows.get(row.code, (row.code,))
            yield key(row_coordinate(table, row.code), *side), together(counts, codes, members)


def part(cell: Key, stratum: Cell) -> Key:
    """The people of a stratum in a cell."""
    return key(*cell, (_STRATUM, "/".join(stratum)))
