"""Bins that moved between two releases: what both together tell of the numbers between their edges.

Where one release counts the ages 20 to 29 and another those of 20 to 27, the difference counts the ages 28 and 29.
So the edges of both cut numbers into the finest ranges that either tells of, their *atoms*, and each bin of either is a
sum of atoms. Nobody publishes atoms, but the attacker reckons with them. Whatever can be worked out and is of few is a
union of atoms; one of these is not empty, and then known to few itself: it is enough to look at atoms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

import msgspec

from consult.core.aggregation import joint
from consult.core.aggregation.bins import between
from consult.core.aggregation.cells import Sum, cells, finer, sums
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.tables import STATUSES, Category, Key, Kind, Row, Table, Variable, key

Atoms = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By id of a variable whose bins moved, and by code of a bin of either release: the codes of its atoms."""


def moved(earlier: Iterable[Variable], later: Iterable[Variable]) -> Atoms:
    """The variables that two releases cut otherwise, and those that are made of such."""
    before, after = {one.id: one for one in earlier}, {one.id: one for one in later}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name in before.keys() & after.keys():
        one, other = before[name], after[name]
        if one.kind is other.kind and one.kind in (Kind.NUMBER, Kind.DATE) and one.codes() != other.codes():
            found[name] = _atoms((*one.categories, *other.categories), whole=one.whole and other.whole)
    for one in (*before.values(), *after.values()):
        if found.keys() & set(one.parts):
            made = found.setdefault(one.id, {})
            made |= {each.code: tuple(map(joint.code_of, _combined(one, each, found))) for each in one.categories}
    return found


def _atoms(bins: Sequence[Category], *, whole: bool) -> dict[str, tuple[str, ...]]:
    def edge(number: float) -> float:
        return float(math.ceil(number)) if whole else number

    def inside(atom: Category, one: Category) -> bool:
        above = one.lower is None or (atom.lower is not None and edge(one.lower) <= atom.lower)
        return above and (one.upper is None or (atom.upper is not None and atom.upper <= edge(one.upper)))

    ends = (end for one in bins for end in (one.lower, one.upper) if end is not None)
    finest = between(sorted(set(map(edge, ends))))
    return {one.code: tuple(atom.code for atom in finest if inside(atom, one)) for one in bins}


def _combined(variable: Variable, category: Category, atoms: Atoms) -> Iterator[tuple[str, ...]]:
    """The atoms of a combination of categories, each as the codes of its parts."""
    sides = zip(variable.parts, category.parts, strict=True)
    return product(*(atoms.get(part, {}).get(code, (code,)) for part, code in sides))


def in_atoms(tables: Iterable[Table], atoms: Atoms) -> list[Table]:
    """The tables with bins as atoms that stand together; and beside each the hidden table of the atoms themselves."""
    found = [table for table in tables if not table.withheld]
    for name in atoms:
        found = [one for table in found for one in _with_atoms(table, name, atoms[name])]
    return found


def _with_atoms(table: Table, name: str, made: Mapping[str, tuple[str, ...]]) -> Iterator[Table]:
    if name == table.variable:
        pools = _pools([row.code for row in table.rows], table.pooled_rows, made)
        rows = tuple(Row(code=code, counts=()) for code in _members(pools, table.rows))
        yield msgspec.structs.replace(table, pooled_rows=pools)
        yield _hidden(msgspec.structs.replace(table, rows=rows, pooled_rows={}))
    elif name == table.by:
        pools = _pools(table.groups, table.pooled_groups, made)
        yield msgspec.structs.replace(table, pooled_groups=pools)
        yield _hidden(msgspec.structs.replace(table, groups=_members(pools, table.groups), pooled_groups={}))
    else:
        yield table


def _pools(
    codes: Iterable[str], pools: Mapping[str, tuple[str, ...]], made: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """What stands together in categories: the atoms of bins, and of bins that stand together themselves."""
    members = {code: pools.get(code, (code,)) for code in codes}
    finest = {code: tuple(atom for one in found for atom in made.get(one, (one,))) for code, found in members.items()}
    return {code: found for code, found in finest.items() if found != (code,)}


def _members(pools: Mapping[str, tuple[str, ...]], categories: Iterable[Row | str]) -> tuple[str, ...]:
    codes = (one if isinstance(one, str) else one.code for one in categories)
    return tuple(dict.fromkeys(member for code in codes for member in pools.get(code, (code,))))


def _hidden(table: Table) -> Table:
    """A table that shows nothing; what adds up in it still does."""
    unknown = (None,) * len(table.groups)
    return msgspec.structs.replace(
        table,
        totals=unknown,
        rows=tuple(Row(code=row.code, counts=unknown) for row in table.rows),
        noise=0,
        summary=None,
    )


def made_of(tables: Iterable[Table], atoms: Atoms) -> Iterator[Sum]:
    """What the cells of bins consist of, in all tables and every group."""
    for table in tables:
        for cell in dict.fromkeys(cell for whole, parts in (*sums(table), *finer(table)) for cell in (whole, *parts)):
            for name, code in cell:
                parts = atoms.get(name, {}).get(code, (code,))
                if parts != (code,):
                    rest = tuple(place for place in cell if place != (name, code))
                    yield cell, tuple(key((name, part), *rest) for part in parts)


def unpublished(tables: Iterable[Table], atoms: Atoms) -> dict[Key, int]:
    """The cells of atoms in tables that were refined (`in_atoms`), each with the threshold of its table."""
    finest = {(name, atom) for name, made in atoms.items() for parts in made.values() for atom in parts}
    finest = {place for place in finest if place[1] not in STATUSES}
    needs: dict[Key, int] = {}
    for table in tables:
        for cell, _ in cells(table):
            if finest.intersection(cell):
                needs[cell] = max(table.threshold, needs.get(cell, 0))
    return needs


def dependencies_of(depends: Iterable[Dependency], atoms: Atoms, variables: Iterable[Variable]) -> Iterator[Dependency]:
    """What is known of how variables depend on one another, told of atoms. `variables`: those of both releases."""
    finest = {one.id: _of_atoms(one, atoms) for one in variables}
    made = {one.id for one in finest.values() if one.parts}
    for one in depends:
        if one.fine not in atoms:
            yield one
        elif one.fine not in made:
            parts = atoms[one.fine]
            under = {atom: allowed for code, allowed in one.under.items() for atom in parts.get(code, (code,))}
            yield msgspec.structs.replace(one, under=under)
    yield from (one for one in joint.dependencies(finest.values()) if one.fine in atoms)


def _of_atoms(variable: Variable, atoms: Atoms) -> Variable:
    if variable.id not in atoms:
        return variable
    if not variable.parts:
        codes = dict.fromkeys(atom for parts in atoms[variable.id].values() for atom in parts)
        return msgspec.structs.replace(variable, categories=tuple(Category(code=code) for code in codes))
    combined = dict.fromkeys(parts for each in variable.categories for parts in _combined(variable, each, atoms))
    categories = tuple(Category(code=joint.code_of(parts), parts=parts) for parts in combined)
    return msgspec.structs.replace(variable, categories=categories)
