"""Protect all tables of an activity together, and withhold what the auditor can still break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.core.aggregation.attack import Broken, System, broken
from consult.core.aggregation.cells import cells
from consult.core.aggregation.disclosure import Protected, Thresholds, protect_crossed, protect_one_way, withhold
from consult.core.aggregation.tables import UNTOLD, Key, Table, Told, Variable

_Name = tuple[str, str]
"""What a table is known by: its variable and the variable of its groups."""


@dataclass(frozen=True, slots=True)
class Audited:
    """Tables that the auditor could not break, and what they keep unknown."""

    tables: tuple[Table, ...]
    needs: Mapping[Key, int]
    told: Told
    """What was known of their cells beforehand."""
    withheld: tuple[_Name, ...]
    """Tables that were given up after the auditor broke them."""


def protect(
    variables: Mapping[str, Variable], tables: Sequence[Table], thresholds: Thresholds, told: Told = UNTOLD
) -> Audited:
    """Protect the full tables of an activity whose unit is a person; every crossed table needs its two one-way ones."""
    told = _still_true(told, tables)
    shown: dict[_Name, Protected] = {}
    for table in sorted(tables, key=lambda table: bool(table.by)):
        variable = variables[table.variable]
        if not table.by:
            shown[table.variable, ""] = protect_one_way(
                table, thresholds.least(variable), sensitive=variable.sensitive, told=told
            )
            continue
        groups = variables[table.by]
        shown[table.variable, table.by] = protect_crossed(
            table,
            shown[table.variable, ""].table,
            shown[table.by, ""].table,
            thresholds.least(variable, groups),
            sensitive=variable.sensitive or groups.sensitive,
        )
    given_up = _give_up_what_breaks(shown, told)
    order = [(table.variable, table.by) for table in tables]
    return Audited(tuple(shown[name].table for name in order), _needs(shown.values()), told, tuple(given_up))


def _still_true(told: Told, tables: Iterable[Table]) -> Told:
    """What was told, no higher than it is now: responses can have been withdrawn since."""
    counts = {cell: count or 0 for table in tables if not table.by for cell, count in cells(table)}
    return {cell: min(least, counts[cell]) for cell, least in told.items() if cell in counts}


def _give_up_what_breaks(shown: dict[_Name, Protected], told: Told) -> list[_Name]:
    given_up: list[_Name] = []
    while found := broken(System.of((part.table for part in shown.values()), told), _needs(shown.values())):
        for name in {name for weak in found for name in _culprits(weak, shown)}:
            shown[name] = withhold(shown[name].table)
            given_up.append(name)
    return sorted(given_up)


def _culprits(weak: Broken, shown: Mapping[_Name, Protected]) -> list[_Name]:
    """The crossed tables through which a cell is known; where there is none left, its one-way table."""
    names = {place[0].split("/")[0] for place in weak.key}
    alive = [name for name, part in shown.items() if not part.table.withheld]
    crossed = [name for name in alive if name[1] and names <= set(name)]
    return crossed or [name for name in alive if name[0] in names and not name[1]]


def _needs(parts: Iterable[Protected]) -> dict[Key, int]:
    needs: dict[Key, int] = {}
    for part in parts:
        for cell, need in part.needs.items():
            needs[cell] = max(need, needs.get(cell, 0))
    return needs
