"""The auditor of weighted tables: what weighted shares tell of hidden counts.

A weighted table has the rows, groups and hidden cells of its count table, but another sum stands in every cell, so it
is a second system of equations among the same respondents. Both are linked: a cell of n respondents weighs between the
least and the greatest weight that anybody in it can have. Whoever sees how many stand in every category of the margins
can work out the weights: then the attacker knows them, by channel and category. Where some of these counts are hidden,
so are the weights, but for the round numbers between which a release says that they lie. The attacker also knows that
the weights meet the margins, and the weighted shares of the groups of a breakdown. Questions are attacked one by one.
The unknowns of the linear programme are the hidden counts and the sums of weights of all cells; a share that is shown
bounds the ratio of two such sums to within its rounding.

Where a hidden count would be known more closely than it may be, shares are rounded to whole per cent; where that does
not help, the table is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from consult.core.aggregation.attack import System
from consult.core.aggregation.cells import Sum, row_coordinate
from consult.core.aggregation.dependencies import Dependency, sums
from consult.core.aggregation.fits import SHARE, WEIGHT, KnownMargin, WeightedTable
from consult.core.aggregation.polytope import EPSILON, SOLVED, UNBOUNDED, Polytope
from consult.core.aggregation.shares import Weights, weighted
from consult.core.aggregation.tables import (
    EVERYBODY,
    NOT_RELEVANT,
    SKIPPED,
    Coordinate,
    Key,
    Table,
    Told,
    bases,
    key,
)
from consult.core.aggregation.variables import CHANNEL

UNITS: Final = (1, 10)
"""To what shares are rounded, in thousandths: one decimal of a per cent, else whole per cent."""
_OUTSIDE: Final = {"answered": (SKIPPED, NOT_RELEVANT), "asked": (NOT_RELEVANT,), "responses": ()}

Linear = Mapping[tuple[bool, Key], float]
"""Factors of unknowns: whether it is a sum of weights (else a count), and the cell."""


@dataclass(frozen=True, slots=True)
class Range:
    """Between which weights those of any cell lie, as the attacker knows them."""

    margins: Sequence[KnownMargin]
    weights: Mapping[tuple[str, ...], int]
    """In millionths, by channel and category of each margin; none where counts of the margins are hidden."""
    band: tuple[float, float] = (0.0, math.inf)
    """Between which all weights are said to lie."""

    def of(self, cell: Key, members: Mapping[Coordinate, Sequence[str]]) -> tuple[float, float]:
        """Least and greatest weight in a cell. `members`: the codes of coordinates in which several stand together."""
        if not self.weights:
            return self.band
        allowed = [*self._allowed(cell, members)]
        found = [
            weight
            for own, weight in self.weights.items()
            if all(own[place] in categories for place, categories in allowed)
        ] or [*self.weights.values()]
        return min(found) / WEIGHT, max(found) / WEIGHT

    @classmethod
    def seen(
        cls,
        tables: Iterable[Table],
        margins: Sequence[KnownMargin],
        weights: Mapping[tuple[str, ...], int],
        band: tuple[float, float],
    ) -> Range:
        """What somebody knows of the weights who has seen these tables of counts."""
        one_way = {table.variable: table for table in tables if not table.by and not table.withheld}
        counts = [one_way[margin.variable].hidden() if margin.variable in one_way else 1 for margin in margins]
        return cls(margins, {} if any(counts) else weights, band)

    def _allowed(self, cell: Key, members: Mapping[Coordinate, Sequence[str]]) -> Iterator[tuple[int, set[str]]]:
        for coordinate in cell:
            name, code = coordinate
            codes = members.get(coordinate, (code,))
            if name == CHANNEL:
                yield 0, set(codes)
            for place, margin in enumerate(self.margins, start=1):
                if name == margin.variable:
                    yield place, {margin.category(one) or one for one in codes}


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known when weighted tables are held against counts."""

    tables: Sequence[Table]
    """The protected counts of an activity."""
    needs: Mapping[Key, int]
    told: Told
    depends: Sequence[Dependency]
    range: Range
    links: Sequence[Sum] = ()
    """Further sums that hold among cells: of categories that stand together in one of several releases."""
    exact: bool = True
    """Whether the weights meet their margins: all channels have some, and none was trimmed."""
    own: Mapping[str, WeightedTable] = field(default_factory=dict)
    """Weighted tables of variables by themselves, which tell what groups weigh."""

    def family(self, variable: str) -> list[Table]:
        """The tables of a variable, and the margins of those whose answers the questionnaire makes depend on it."""
        others = {name for one in self.depends if variable in _pair(one) for name in _pair(one)}
        return [
            table
            for table in self.tables
            if not table.withheld and (table.variable == variable or (not table.by and table.variable in others))
        ]


def _pair(one: Dependency) -> tuple[str, ...]:
    return one.order or (one.fine.split("/")[0], one.coarse.split("/")[0])


def choose(audit: Audit, weights: Weights) -> tuple[tuple[WeightedTable, ...], tuple[tuple[str, str], ...]]:
    """The weighted tables that give nothing away, and the names of those left out."""
    variables = dict.fromkeys(table.variable for table in audit.tables)
    groups = [name for name in variables if any(table.by == name for table in audit.tables)]
    kept: dict[tuple[str, str], WeightedTable] = {}
    left_out: list[tuple[str, str]] = []
    for variable in dict.fromkeys([*groups, *variables]):
        found, missing = _choose(replace(audit, own=_own(kept.values())), weights, variable)
        kept |= {(table.variable, table.by): table for table in found}
        left_out += missing
    order = [(table.variable, table.by) for table in audit.tables]
    return tuple(kept[name] for name in order if name in kept), tuple(sorted(left_out, key=order.index))


def _own(shown: Iterable[WeightedTable]) -> dict[str, WeightedTable]:
    return {table.variable: table for table in shown if not table.by}


def _choose(audit: Audit, weights: Weights, variable: str) -> tuple[list[WeightedTable], list[tuple[str, str]]]:
    family = audit.family(variable)
    wanted = [table for table in family if table.variable == variable and weights.allowed(table)]
    attacked = _attack(audit, family)

    def safe(shown: Sequence[WeightedTable]) -> bool:
        return attacked(_lines(audit.tables, shown))

    every = [weighted(table, weights) for table in wanted]
    if safe(every):
        return every, []
    kept: list[WeightedTable] = []
    for table in wanted:
        tried = (weighted(table, weights, unit=unit) for unit in UNITS)
        kept += next(([one] for one in tried if safe([*kept, one])), [])
    names = [(table.variable, table.by) for table in kept]
    return kept, [name for table in wanted if (name := (table.variable, table.by)) not in names]


def _attack(audit: Audit, family: Sequence[Table]) -> Callable[[Iterable[Linear]], bool]:
    """A function that tells whether shares leave every hidden count of a family as uncertain as it must be."""
    system = System.of(family, audit.told, links=(*audit.links, *sums(audit.depends, family)))
    cells = {cell for whole, parts in system.sums for cell in (whole, *parts)}
    targets = {cell: need for cell, need in audit.needs.items() if cell in cells and cell not in system.known}
    if not targets:
        return lambda _: True
    programme = _Programme(system, cells, audit, family)
    beside = {name for table in family for name in (table.by, table.variable)}
    own = [*_lines(audit.tables, (audit.own[name] for name in sorted(beside & audit.own.keys())))]
    return lambda lines: not programme.breaks(targets, [line for line in (*own, *lines) if programme.knows(line)])


def _lines(tables: Iterable[Table], shown: Iterable[WeightedTable]) -> Iterator[Linear]:
    known = {(table.variable, table.by): table for table in tables}
    return (line for one in shown for line in _told(known[one.variable, one.by], one))


def still_safe(audit: Audit, shown: Iterable[WeightedTable]) -> bool:
    """Whether weighted tables as they were released withstand the attack."""
    return not any(True for _ in broken_by(audit, [(audit.tables, tuple(shown))]))


Released = tuple[Sequence[Table], Sequence[WeightedTable]]
"""Protected counts of a release, and its weighted tables."""


def broken_by(audit: Audit, releases: Sequence[Released]) -> Iterator[str]:
    """The variables whose weighted tables, of one or more releases of the same responses, tell a hidden count.

    The tables of the audit are those of all these releases.
    """
    audit = replace(audit, own=_own(table for _, shown in releases for table in shown))
    for variable in dict.fromkeys(table.variable for _, shown in releases for table in shown):
        parts = [(tables, [one for one in shown if one.variable == variable]) for tables, shown in releases]
        if not _attack(audit, audit.family(variable))([line for part in parts for line in _lines(*part)]):
            yield variable


def _told(table: Table, shown: WeightedTable) -> Iterator[Linear]:
    """What shares say, as sums that are not above zero: (s ∓ half a unit) · base and the sum of weights in the cell."""
    half = shown.unit / 2
    outside = _OUTSIDE[bases(table)[0]]
    for row in shown.rows:
        for group, share in zip(table.groups, row.shares, strict=True):
            if share is None:
                continue
            side = ((table.by, group),) if table.by else ()
            cell = (True, key(row_coordinate(table, row.code), *side))
            base = {(True, key(*side)): 1.0, **{(True, key((table.variable, code), *side)): -1.0 for code in outside}}
            for sign in (1, -1):
                factor = sign * (share - sign * half) / SHARE
                yield _added({one: factor * weight for one, weight in base.items()}, {cell: -float(sign)})


def _added(one: Linear, other: Linear) -> Linear:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in (*one, *other)}


class _Programme:
    """The linear programme of a family of tables: counts that are hidden, and the weights of all cells."""

    def __init__(self, system: System, cells: set[Key], audit: Audit, family: Sequence[Table]) -> None:
        self._known = system.known
        self._names = [
            *((False, cell) for cell in sorted(cells) if cell not in system.known),
            *((True, cell) for cell in sorted(cells | {EVERYBODY})),
        ]
        self._index = {name: place for place, name in enumerate(self._names)}
        self._bounds: list[tuple[float, float | None]] = [(0, None)] * len(self._names)
        members = dict(_members(family))
        self._rows: list[Linear] = []
        for cell in cells | {EVERYBODY}:
            self._link(cell, *audit.range.of(cell, members))
        for cell, span in system.told.items():
            if (False, cell) in self._index:
                self._bounds[self._index[False, cell]] = span
        if (everybody := system.known.get(EVERYBODY)) is not None:  # the mean of weights is one
            self._bounds[self._index[True, EVERYBODY]] = (everybody * (1 - EPSILON), everybody * (1 + EPSILON))
        self._equal: list[tuple[Linear, float]] = []
        for whole, parts in system.sums:
            self._equal.append(self._split(_signed(False, whole, parts)))
            self._equal.append((_signed(True, whole, parts), 0.0))
        # Weights are rounded, each by itself, so what they meet they meet nearly.
        self._nearly = [self._split(line) for line in _met(audit) if self.knows(line)]
        self._slack = EPSILON * (1 + (everybody or 0))

    def knows(self, line: Linear) -> bool:
        """Whether all cells of a sum are among those of the programme."""
        return all((True, cell) in self._index for _, cell in line)

    def _link(self, cell: Key, least: float, most: float) -> None:
        count, place = self._known.get(cell), self._index[True, cell]
        if count is not None:
            slack = EPSILON * (1 + count)
            self._bounds[place] = (least * count - slack, most * count + slack)
        else:
            self._rows.append({(False, cell): least, (True, cell): -1.0})
            self._rows.append({(True, cell): 1.0, (False, cell): -most})

    def _split(self, line: Linear) -> tuple[Linear, float]:
        """The unknowns of a sum, and what the known counts leave for them."""
        constant = -sum(factor * self._known.get(cell, 0) for (weight, cell), factor in line.items() if not weight)
        return {name: factor for name, factor in line.items() if name in self._index}, constant

    def breaks(self, targets: Mapping[Key, int], further: Sequence[Linear]) -> bool:
        """Whether a count is known to within less than it needs."""
        possible = self._polytope(further)
        needs = {self._index[False, cell]: float(need) for cell, need in targets.items()}
        for place in possible.spread(needs):
            for least in (True, False):
                if possible.seen(place) >= needs[place]:
                    break
                found = possible.extreme(place, least=least)
                if found.status == UNBOUNDED:
                    break
                if found.status != SOLVED:  # what the solver cannot settle counts as known
                    return True
            else:
                if possible.seen(place) < needs[place]:
                    return True
        return False

    def _polytope(self, further: Sequence[Linear]) -> Polytope:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it

        least = [*self._rows, *further]
        nearly = [(_times(sign, line), sign * constant) for line, constant in self._nearly for sign in (1, -1)]
        upper = self._matrix([*least, *(line for line, _ in nearly)])
        equal = self._matrix([line for line, _ in self._equal])
        limits = [*(EPSILON for _ in least), *(constant + self._slack for _, constant in nearly)]
        constants = np.array([constant for _, constant in self._equal])
        return Polytope(self._bounds, (equal, constants), (upper, np.array(limits)))

    def _matrix(self, lines: Sequence[Linear]) -> Any:
        import numpy as np  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, and only audits need it

        entries = [
            (row, self._index[name], factor)
            for row, line in enumerate(lines)
            for name, factor in line.items()
            if factor
        ]
        rows, columns, factors = zip(*entries, strict=True)
        return csr_array((np.array(factors, dtype=float), (rows, columns)), shape=(len(lines), len(self._names)))


def _times(factor: int, line: Linear) -> Linear:
    return {name: factor * one for name, one in line.items()}


def _signed(weight: bool, whole: Key, parts: Iterable[Key]) -> Linear:
    line: dict[tuple[bool, Key], float] = {(weight, whole): -1.0}
    for part in parts:
        line[weight, part] = line.get((weight, part), 0.0) + 1.0
    return line


def _members(family: Iterable[Table]) -> Iterator[tuple[Coordinate, Sequence[str]]]:
    for table in family:
        for name, pools in ((table.variable, table.pooled_rows), (table.by, table.pooled_groups)):
            yield from (((name, code), codes) for code, codes in pools.items())


def _met(audit: Audit) -> Iterator[Linear]:
    """That categories of margins weigh their part of those of whom the margin knows; the others, what they are."""
    if not audit.exact:
        return
    one_way = {table.variable: table for table in audit.tables if not table.by and not table.withheld}
    for margin in audit.range.margins:
        if margin.variable not in one_way:
            continue
        codes = [row.code for row in one_way[margin.variable].rows]
        known = [code for code in codes if margin.category(code)]
        population = sum(total for _, total in margin.totals)
        for category, total in margin.totals:
            own = [code for code in known if margin.category(code) == category]
            line = {(True, key((margin.variable, code))): 1.0 for code in own}
            yield {**line, **{(False, key((margin.variable, code))): -total / population for code in known}}
        for code in codes:
            if code not in known:
                yield {(True, key((margin.variable, code))): 1.0, (False, key((margin.variable, code))): -1.0}
