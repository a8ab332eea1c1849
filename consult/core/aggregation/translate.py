"""Tables of an earlier release in the terms of a later one, between which an edition has changed the codes.

What a release has said stays said. A cell that the maps only call otherwise is renamed; where answers have been put
together, the cell of now is linked to the cells of then that it is made of, so that whoever holds the two releases
against each other reckons as an attacker would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from consult.core.aggregation.cells import Sum, row_coordinate
from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import (
    SELECTED,
    STATUSES,
    Coordinate,
    Key,
    Row,
    Table,
    Variable,
    choice_of,
    key,
)

_THEN = ":then:"
"""Before the code of a cell of then that is no cell of now."""


class Translation:
    """What the variables and codes of then are now. `offered`: the codes of each variable of then."""

    def __init__(self, reading: Reading, offered: Mapping[str, tuple[str, ...]]) -> None:
        self._reading, self._offered = reading, offered

    def key(self, cell: Key) -> Key:
        """A cell of then, by its name now."""
        return key(*map(self._coordinate, cell))

    def variable(self, variable: Variable) -> Variable:
        """A variable of then, by its name now."""
        return msgspec.structs.replace(variable, id=self._reading.variable(variable.id))

    def table(self, table: Table) -> Table:
        """A table of then, with the names of now."""
        name, by = table.variable, table.by
        return msgspec.structs.replace(
            table,
            variable=self._reading.variable(name),
            by=self._reading.variable(by) if by else "",
            groups=tuple(self._code(by, code, table.pooled_groups) for code in table.groups),
            rows=tuple(
                Row(
                    code=self._code(name, row.code, table.pooled_rows),
                    counts=row.counts,
                    unselected=row.unselected,
                )
                for row in table.rows
            ),
            pooled_rows=self._pools(name, table.pooled_rows),
            pooled_groups=self._pools(by, table.pooled_groups),
        )

    def links(self, table: Table) -> Iterator[Sum]:
        """What the cells of now consist of, for the variables of a table of then and within its groups."""
        groups = [*table.groups, *(one for members in table.pooled_groups.values() for one in members)]
        sides: list[tuple[Coordinate, ...]] = [()]
        if table.by:
            merged = [(self._reading.variable(table.by), target) for target in self._merged(table.by)]
            own = [self._coordinate((table.by, group)) for group in groups if group not in table.pooled_groups]
            sides = [(side,) for side in (*own, *merged)]
        for side in sides:
            yield from self._made(table, side)
        if table.by:
            for row in self._places(table):
                for target, found in self._merged(table.by).items():
                    parts = (self._coordinate((table.by, code)) for code in found)
                    whole = (self._reading.variable(table.by), target)
                    yield key(row, whole), tuple(key(row, part) for part in parts)

    def _made(self, table: Table, side: tuple[Coordinate, ...]) -> Iterator[Sum]:
        name = self._reading.variable(table.variable)
        for target, found in self._merged(table.variable).items():
            if not table.multiple:
                parts = (self._coordinate((table.variable, code)) for code in found)
                yield key((name, target), *side), tuple(key(part, *side) for part in parts)
            else:
                yield from self._chosen(choice_of(name, target), table.variable, found, side)

    def _chosen(self, whole: str, name: str, found: Iterable[str], side: tuple[Coordinate, ...]) -> Iterator[Sum]:
        """Who chose any of several: those of the first, and of each further one who chose none before it."""
        until: Key = ()
        for number, code in enumerate(found):
            chosen = key(self._coordinate((choice_of(name, code), SELECTED)), *side)
            if not number:
                until = chosen
                continue
            more = key((whole, f"{_THEN}more:{number}"), *side)
            yield chosen, (more, key((whole, f"{_THEN}again:{number}"), *side))
            together = key((whole, f"{_THEN}any:{number}"), *side)
            yield together, (until, more)
            until = together
        yield key((whole, SELECTED), *side), (until,)

    def _places(self, table: Table) -> Iterator[Coordinate]:
        """The coordinates of the rows of a table, those of now included."""
        for row in table.rows:
            for code in table.pooled_rows.get(row.code, (row.code,)):
                yield self._coordinate(row_coordinate(table, code))
        name = self._reading.variable(table.variable)
        for target in self._merged(table.variable):
            yield (choice_of(name, target), SELECTED) if table.multiple else (name, target)

    def _merged(self, variable: str) -> dict[str, tuple[str, ...]]:
        """The codes of now that are no code of then under another name, with what they are made of."""
        offered = self._offered.get(variable, ())
        targets = dict.fromkeys(target for code in offered for target in self._reading.counts_as(variable, code))
        made = {target: self._of(variable, target) for target in targets}
        return {target: found for target, found in made.items() if self._now(variable, found[0]) != target}

    def _of(self, variable: str, target: str) -> tuple[str, ...]:
        offered = self._offered.get(variable, ())
        return tuple(code for code in offered if target in self._reading.counts_as(variable, code))

    def _now(self, variable: str, code: str) -> str:
        """A code of then by its name now: that of what it alone has become."""
        counts = self._reading.counts_as(variable, code)
        if code in STATUSES or code not in self._offered.get(variable, ()):
            return code
        return counts[0] if len(counts) == 1 and self._of(variable, counts[0]) == (code,) else f"{_THEN}{code}"

    def _code(self, variable: str, code: str, pools: Mapping[str, tuple[str, ...]]) -> str:
        if code not in pools:
            return self._now(variable, code)
        members = tuple(self._now(variable, member) for member in pools[code])
        return code if members == pools[code] else _THEN + "+".join(members)

    def _pools(self, variable: str, pools: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {
            self._code(variable, name, pools): tuple(self._now(variable, member) for member in members)
            for name, members in pools.items()
        }

    def _coordinate(self, place: Coordinate) -> Coordinate:
        variable, choice, code = place[0].partition("/")
        if not choice:
            return self._reading.variable(variable), self._now(variable, place[1])
        return choice_of(self._reading.variable(variable), self._now(variable, code)), place[1]
