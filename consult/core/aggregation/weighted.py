"""The auditor of weighted tables: what weighted shares tell of hidden counts.

A weighted table has the rows, groups and hidden cells of its count table, but another sum stands in every cell, so it
is a second system of equations among the same respondents. Whoever sees how many stand in every category of the margins
can work out the weights, and what everybody of a stratum weighs (`splits`). Where some of these counts are hidden, so
are the weights, but for the round numbers between which a release says that they lie: a cell of n respondents weighs
between so many times n. The attacker also knows that the weights meet the margins, and the weighted shares of the
groups of a breakdown. Questions are attacked one by one, by a linear programme (`programme`); a share that is shown
bounds the ratio of two sums of weights to within its rounding.

Where a hidden count would be known more closely than it may be, shares are rounded to whole per cent; where that does
not help, the table is left out. But what groups weigh can be told by several questions together, or tell by itself of a
question that shows no shares. So all that is kept is then attacked at once, or, where that would be too much, in
portions; of the fewest tables that tell something one is left out, and the others are chosen anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from consult.core.aggregation.attack import System
from consult.core.aggregation.cells import Sum, cells, row_coordinate
from consult.core.aggregation.dependencies import Dependency, sums
from consult.core.aggregation.fits import SHARE, WeightedTable
from consult.core.aggregation.programme import Linear, Programme
from consult.core.aggregation.shares import Weights, weighted
from consult.core.aggregation.splits import Range
from consult.core.aggregation.tables import (
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
_STRATA: Final = 4
"""With more strata than these, tables of a question are judged together: one by one would take many minutes."""
_Name = tuple[str, str]
"""What a table is known by: its variable and the variable of its groups."""
_OUTSIDE: Final = {"answered": (SKIPPED, NOT_RELEVANT), "asked": (NOT_RELEVANT,), "responses": ()}


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
    at_once: int = 400
    """Counts that must stay in doubt, up to which questions are attacked at once as well: with more of them, one
    programme takes longer than those of all its questions."""

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
    silent: set[_Name] = set()
    telling, chosen = _telling(audit), _Chosen(audit, weights)
    while True:
        kept = chosen.without(silent)
        few = telling({name: [*_lines(audit.tables, [one])] for name, one in kept.items()})
        if not few:
            break
        silent.add(few[-1])
    wanted = [(table.variable, table.by) for table in audit.tables if not table.withheld and weights.allowed(table)]
    return (
        tuple(kept[name] for name in wanted if name in kept),
        tuple(name for name in wanted if name not in kept),
    )


class _Chosen:
    """What each question can show beside what groups weigh, which comes first."""

    def __init__(self, audit: Audit, weights: Weights) -> None:
        self._audit, self._weights = audit, weights
        self._before: dict[object, list[WeightedTable]] = {}

    def without(self, silent: Collection[_Name]) -> dict[_Name, WeightedTable]:
        """The same where some tables show nothing. A question is judged anew only where that matters to it."""
        kept: dict[_Name, WeightedTable] = {}
        for variable in dict.fromkeys([*_groups(self._audit), *(table.variable for table in self._audit.tables)]):
            names = _names(self._audit.family(variable))
            own = {table.variable: table for (name, by), table in kept.items() if not by and name in names}
            out = frozenset(name for name in silent if name[0] == variable)
            given = variable, tuple(own.values()), out
            if given not in self._before:
                self._before[given] = _choose(replace(self._audit, own=own), self._weights, variable, out)
            kept |= {(table.variable, table.by): table for table in self._before[given]}
        return kept


def _groups(audit: Audit) -> list[str]:
    names = {table.by for table in audit.tables}
    return [name for name in dict.fromkeys(table.variable for table in audit.tables) if name in names]


def _names(family: Iterable[Table]) -> set[str]:
    return {name for table in family for name in (table.by, table.variable)}


def _own(shown: Iterable[WeightedTable]) -> dict[str, WeightedTable]:
    return {table.variable: table for table in shown if not table.by}


def _choose(audit: Audit, weights: Weights, variable: str, silent: Collection[_Name]) -> list[WeightedTable]:
    family = audit.family(variable)
    wanted = [
        table
        for table in family
        if table.variable == variable and weights.allowed(table) and (variable, table.by) not in silent
    ]
    attacked = _attack(audit, family)

    def safe(shown: Sequence[WeightedTable]) -> bool:
        return attacked([*_lines(audit.tables, shown)])

    every = [weighted(table, weights) for table in wanted]
    if safe(every):
        return every
    kept: list[WeightedTable] = []
    if len(audit.range.weights) > _STRATA:
        coarse = [weighted(table, weights, unit=UNITS[-1]) for table in wanted]
        return next((tried for tried in (coarse, [one for one in coarse if not one.by]) if safe(tried)), [])
    for table in wanted:
        alone = (weighted(table, weights, unit=unit) for unit in UNITS)
        kept += next(([one] for one in alone if safe([*kept, one])), [])
    return kept


_Holds = Callable[[Sequence[Linear]], bool]


def _attack(audit: Audit, family: Sequence[Table], *, alone: bool = False) -> _Holds:
    """A function that tells whether shares leave every hidden count of a family as uncertain as it must be.

    So they must the sizes of its groups, as these stand together in any table.
    """
    names = _names(family)
    broken_down = [table for table in audit.tables if not table.withheld and table.by and table.by in names]
    pools = {
        key((table.by, pool)): tuple(key((table.by, one)) for one in members)
        for table in broken_down
        for pool, members in table.pooled_groups.items()
    }
    sizes = [(cell, size) for table in broken_down for cell, size in cells(table) if cell in pools]
    inside = {*pools, *(cell for table in family for cell, _ in cells(table))}
    seen = [*family, *(table for table in _beside(audit, family) if table not in family)]
    links = (*audit.links, *pools.items(), *sums(audit.depends, seen))
    system = System.of(seen, audit.told, links, sizes)
    programme = Programme(system, audit.range, dict(_members([*seen, *broken_down])), _met(audit))
    targets = {cell: need for cell, need in audit.needs.items() if programme.asks(cell, inside)}
    if not targets:
        return lambda _: True
    own = [*_lines(audit.tables, (audit.own[name] for name in sorted(names & audit.own.keys())))]

    def holds(lines: Sequence[Linear]) -> bool:
        return not programme.breaks(targets, [one for one in (*own, *lines) if programme.knows(one)], alone=alone)

    return holds


def _telling(audit: Audit) -> Callable[[Mapping[_Name, Sequence[Linear]]], list[_Name]]:
    """A function that finds the fewest tables whose shares tell a count together, breakdowns last; none is as it should
    be.

    What counts alone leave is enough here, as each question was judged before (ADR 33).
    """
    attacks = [(portion, _attack(replace(audit, own={}), portion, alone=True)) for portion in _portions(audit)]

    def telling(shown: Mapping[_Name, Sequence[Linear]]) -> list[_Name]:
        for portion, holds in attacks:
            here = {(table.variable, table.by) for table in portion}
            names = sorted((name for name in shown if name in here), key=lambda name: name[1] != "")
            if holds([line for name in names for line in shown[name]]):
                continue
            needed = names
            for name in names:
                less = [one for one in needed if one != name]
                if not holds([line for one in less for line in shown[one]]):
                    needed = less
            return needed or names[-1:]
        return []

    return telling


def _portions(audit: Audit) -> Iterator[list[Table]]:
    """The tables of as many questions as are attacked at once, beside those of all groups by themselves."""
    groups, sizes = (
        _groups(audit),
        Counter(name for cell in audit.needs for name in {one[0].split("/")[0] for one in cell}),
    )
    portions: list[list[str]] = [[]]
    for variable in dict.fromkeys(table.variable for table in audit.tables):
        if portions[-1] and sum(sizes[one] for one in (*portions[-1], variable)) > audit.at_once:
            portions.append([])
        portions[-1].append(variable)
    for portion in portions:
        names = {(table.variable, table.by) for one in portion for table in audit.family(one)} | {
            (one, "") for one in groups
        }
        yield [table for table in audit.tables if (table.variable, table.by) in names and not table.withheld]


def _beside(audit: Audit, family: Iterable[Table]) -> Iterator[Table]:
    """What else tells how many there are in the groups of a family, and in each stratum where that matters."""
    groups = {table.by for table in family}
    margins = {CHANNEL, *(margin.variable for margin in audit.range.margins)} if audit.range.weights else set()
    for table in audit.tables:
        of_groups = not table.by and table.variable in groups
        if not table.withheld and (of_groups or {table.variable, table.by or CHANNEL} <= margins):
            yield table


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
    lines: dict[_Name, list[Linear]] = defaultdict(list)
    for tables, shown in releases:
        for one in shown:
            lines[one.variable, one.by] += _lines(tables, [one])
    found = [
        variable
        for variable in dict.fromkeys(variable for variable, _ in lines)
        if not _attack(audit, audit.family(variable))(
            [line for name in lines if name[0] == variable for line in lines[name]]
        )
    ]
    yield from found or dict.fromkeys(variable for variable, _ in _telling(audit)(lines))


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
