"""Protect all tables of an activity together, and withhold what the auditor can still break."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from consult.core.aggregation.attack import Broken, System, broken
from consult.core.aggregation.cells import Sum, cells, with_all_groups
from consult.core.aggregation.dependencies import Dependency, sums
from consult.core.aggregation.disclosure import (
    Protected,
    Thresholds,
    hideable,
    protect_crossed,
    protect_one_way,
    withhold,
)
from consult.core.aggregation.joint import sizes
from consult.core.aggregation.tables import UNTOLD, Coordinate, Key, Span, Table, Told, Variable

_Name = tuple[str, str]
"""What a table is known by: its variable and the variable of its groups."""
_AS_IT_IS: Final[Mapping[_Name, Protected]] = MappingProxyType({})
NONE_FIT: Final[Mapping[int, Collection[Key]]] = MappingProxyType({})
_TRIED: Final = 12
"""Categories tried before the first is hidden although it alone is not enough."""


@dataclass(frozen=True, slots=True)
class Audited:
    """Tables that the auditor could not break, and what they keep unknown."""

    tables: tuple[Table, ...]
    needs: Mapping[Key, int]
    told: Told
    """What was known of their cells beforehand."""
    withheld: tuple[_Name, ...]
    """Tables that were given up after the auditor broke them."""


def exposed(
    tables: Iterable[Table],
    needs: Mapping[Key, int],
    told: Told = UNTOLD,
    depends: Sequence[Dependency] = (),
    further: Iterable[Sum] = (),
) -> list[Broken]:
    """The cells that are known too closely to whoever has seen the tables, the fieldwork page and the questionnaire.

    `further`: other sums that hold.
    """
    shown = with_all_groups(tables)
    return broken(System.of(shown, told, links=(*sums(depends, shown), *further)), needs)


def protect(
    variables: Mapping[str, Variable],
    tables: Sequence[Table],
    thresholds: Thresholds,
    told: Told = UNTOLD,
    depends: Sequence[Dependency] = (),
    *,
    also: Collection[Coordinate] = (),
    fit: Mapping[int, Collection[Key]] = NONE_FIT,
) -> Audited:
    """Protect the full tables of an activity whose unit is a person.

    Every crossed table needs its two one-way ones, and every joint variable of two parts the table of these. `also`:
    what must be hidden in one-way tables for the sake of others; `fit`: by threshold, the cells that may be shown
    although they are under it.
    """
    work = _Work(variables, tables, thresholds, still_true(told, tables), depends, also, fit)
    work.hide_more_in_margins()
    crossed = [table for table in tables if table.by]
    for table in crossed:
        if not variables[table.by].parts:
            work.cross(table)
    work.join()
    for table in crossed:
        if variables[table.by].parts:
            work.cross(table)
    return work.audited(tables)


def still_true(told: Told, tables: Iterable[Table]) -> Told:
    """What was told, as far as it still holds: responses can have come or been withdrawn since."""
    counts = {cell: count or 0 for table in tables if not table.by for cell, count in cells(table)}
    return {
        cell: Span(min(span.least, counts[cell]), span.most if span.allows(counts[cell]) else None)
        for cell, span in told.items()
        if cell in counts
    }


class Shown:
    """The tables of an activity as they would be shown, from which is withheld what the auditor breaks."""

    def __init__(self, parts: Mapping[_Name, Protected], told: Told, depends: Sequence[Dependency]) -> None:
        self.told = told
        self.shown: dict[_Name, Protected] = dict(parts)
        self.given_up: list[_Name] = []
        self._depends = depends

    def needs(self) -> dict[Key, int]:
        """The cells that must stay unknown, each with the width of doubt it needs."""
        needs: dict[Key, int] = {}
        for part in self.shown.values():
            for cell, need in part.needs.items():
                needs[cell] = max(need, needs.get(cell, 0))
        return needs

    def audited(self, tables: Iterable[Table]) -> Audited:
        """What is left of these tables, in their order, after those are withheld through which a cell is known."""
        self._give_up_what_breaks()
        shown = tuple(self.shown[table.variable, table.by].table for table in tables)
        return Audited(shown, self.needs(), self.told, tuple(sorted(self.given_up)))

    def _exposed(self, needs: Mapping[Key, int], instead: Mapping[_Name, Protected] = _AS_IT_IS) -> list[Broken]:
        parts = {**self.shown, **instead}
        return exposed((part.table for part in parts.values()), needs, self.told, self._depends)

    def _give_up_what_breaks(self) -> None:
        """What is not known now will not be with fewer tables."""
        suspects = self.needs()
        while found := self._exposed(suspects):
            self._give_up(self._culprits(found))
            still = self.needs()
            suspects = {weak.key: still[weak.key] for weak in found if weak.key in still}

    def _give_up(self, names: Iterable[_Name]) -> None:
        for name in names:
            self.shown[name] = withhold(self.shown[name].table)
            self.given_up.append(name)

    def _culprits(self, found: Iterable[Broken]) -> set[_Name]:
        """The tables through which cells are known: coarser ones where giving up these is enough."""
        by_coarser: dict[tuple[_Name, ...], list[Broken]] = {}
        for weak in found:
            by_coarser.setdefault(tuple(self._coarser(weak)), []).append(weak)
        names: set[_Name] = set()
        for coarser, weaker in by_coarser.items():
            without = {name: withhold(self.shown[name].table) for name in coarser}
            left = self._exposed({weak.key: weak.need for weak in weaker}, without) if coarser else weaker
            still = {weak.key for weak in left}
            for weak in weaker:
                names.update(self._own(weak) if weak.key in still else coarser)
        return names

    def _coarser(self, weak: Broken) -> list[_Name]:
        """The tables of what a variable of a cell depends on, broken down by the cell's other variable."""
        names = {_variable(place) for place in weak.key}
        return [
            name
            for one in self._depends
            if one.fine.split("/")[0] in names
            for name in self._alive()
            if name[1] and names - {one.fine.split("/")[0]} | {one.coarse} == set(name)
        ]

    def _own(self, weak: Broken) -> list[_Name]:
        """The crossed tables in which a cell stands; else its one-way table."""
        names = {_variable(place) for place in weak.key}
        crossed = [name for name in self._alive() if name[1] and names <= set(name)]
        return crossed or [name for name in self._alive() if name[0] in names and not name[1]]

    def _alive(self) -> list[_Name]:
        return [name for name, part in self.shown.items() if not part.table.withheld]


class _Work(Shown):
    """The same on the way to be protected by suppression."""

    def __init__(
        self,
        variables: Mapping[str, Variable],
        tables: Sequence[Table],
        thresholds: Thresholds,
        told: Told,
        depends: Sequence[Dependency],
        also: Collection[Coordinate],
        fit: Mapping[int, Collection[Key]],
    ) -> None:
        super().__init__({}, told, depends)
        self._variables, self._thresholds, self._fit = variables, thresholds, fit
        self._full = {table.variable: table for table in tables if not table.by}
        self._also = {name: frozenset(place for place in also if place[0] == name) for name in self._full}
        for name in self._full:
            self.shown[name, ""] = (
                withhold(self._full[name]) if variables[name].parts else self._one_way(name, self._also[name])
            )

    def cross(self, table: Table) -> None:
        """Protect a crossed table whose one-way tables are protected."""
        rows, groups = self._variables[table.variable], self._variables[table.by]
        least = self._thresholds.least(rows, groups)
        self.shown[table.variable, table.by] = protect_crossed(
            table,
            self.shown[table.variable, ""].table,
            self.shown[table.by, ""].table,
            least,
            sensitive=rows.sensitive or groups.sensitive,
            by_sensitive=groups.sensitive,
            fit=self._fit.get(least, ()),
        )

    def join(self) -> None:
        """Let joint variables show what the tables of their parts show, and nothing else."""
        by_parts = {frozenset(name): part.table for name, part in self.shown.items() if name[1]}
        for variable in self._variables.values():
            parts = by_parts.get(frozenset(variable.parts)) if variable.parts else None
            if parts is not None and not parts.withheld:
                self.shown[variable.id, ""] = Protected(sizes(self._full[variable.id], variable, parts), {})

    def _one_way(self, name: str, also: frozenset[Coordinate]) -> Protected:
        variable = self._variables[name]
        least = self._thresholds.least(variable)
        return protect_one_way(
            self._full[name],
            least,
            sensitive=variable.sensitive,
            told=self.told,
            also=also,
            fit=self._fit.get(least, ()),
        )

    def hide_more_in_margins(self) -> None:
        """Hide more in one-way tables where others, or what is known beforehand, give something away."""
        while found := self._exposed(self.needs()):
            weak = found[0]
            places = self._places(weak)
            if not places:
                self._give_up({(_variable(weak.key[0]), "")})
                continue
            chosen = next((place for place in places[:_TRIED] if self._helps(place, weak)), places[0])
            name = _variable(chosen)
            self._also[name] |= {chosen}
            self.shown[name, ""] = self._one_way(name, self._also[name])

    def _places(self, weak: Broken) -> list[Coordinate]:
        """What could be hidden for a cell's sake: the categories it lies in, then others beside it."""
        (place,) = weak.key
        around = [
            (one.coarse, answer)
            for one in self._depends
            if one.fine == place[0] and one.coarse in self._full
            for answer in one.under.get(place[1], ())
            if len(one.under.get(place[1], ())) < len(self._full[one.coarse].rows)
        ]
        around += [(name, place[1]) for one in self._depends if place[0] in one.order for name in one.order]
        beside = hideable(self._full[_variable(place)])
        seen = {cell[0] for part in self.shown.values() for cell, n in cells(part.table) if len(cell) == 1 and n}
        return [one for one in dict.fromkeys((*around, *beside)) if one in seen]

    def _helps(self, place: Coordinate, weak: Broken) -> bool:
        name = _variable(place)
        trial = {(name, ""): self._one_way(name, self._also[name] | {place})}
        return not self._exposed({weak.key: weak.need}, trial)


def _variable(place: Coordinate) -> str:
    """The variable of a coordinate; of a choice, that of its question."""
    return place[0].split("/")[0]
