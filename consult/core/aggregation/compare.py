"""What two releases of one activity's tables tell together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from consult.core.aggregation.attack import Broken, ContradictionError, System, broken
from consult.core.aggregation.cells import CHOICES, Sum, cells, finer, row_coordinate, sums, with_all_groups
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.dependencies import sums as dependent
from consult.core.aggregation.refinement import Atoms, in_atoms, made_of, unpublished
from consult.core.aggregation.tables import (
    EVERYBODY,
    STATUSES,
    UNKNOWN,
    UNTOLD,
    Coordinate,
    Key,
    Span,
    Table,
    Told,
    key,
)

_Shown = dict[Key, tuple[int, int]]
"""Counts with the thresholds they were shown under."""


class Close(NamedTuple):
    """A cell that both releases tell, whose difference would tell of few, or of many who are all alike."""

    key: Key
    earlier: int
    later: int
    alike: bool = False
    """Whether the difference is large, but of one group alone or all of one answer."""


def too_close(
    earlier: Sequence[Table], later: Sequence[Table], further: Iterable[Sum] = (), alike: Collection[str] = ()
) -> list[Close]:
    """Cells told by both whose counts differ by 1 … k − 1, larger groups first; k is the higher of both thresholds.

    Counts with noise tell nothing so exactly. A cell is told where it is shown, or follows from others: a category may
    stand together with others in one release and alone in the other. `further`: sums by which cells of one consist of
    cells of the other. `alike`: variables of groups of which everybody may know who came in between, so that these must
    not all be of one group, nor those of a group all give one answer: as in a table of their own.
    """
    found_in = (link for table in (*earlier, *later) for link in (*sums(table), *finer(table)))
    links = list(dict.fromkeys((*found_in, *further)))
    before, after = _followed(_shown(earlier), links), _followed(_shown(later), links)
    found = [
        Close(cell, before[cell][0], count)
        for cell, (count, k) in after.items()
        if cell in before and 0 < abs(count - before[cell][0]) < max(k, before[cell][1])
    ]
    if not found:
        told = {cell: (before[cell][0], after[cell][0]) for cell in before.keys() & after.keys()}
        groups = (table for table in (*earlier, *later) if (table.by or table.variable) in alike and not table.withheld)
        found = list(dict.fromkeys(one for table in groups for one in _all_alike(told, table)))
    return sorted(found, key=lambda close: (len(close.key), close.key))


def _all_alike(told: Mapping[Key, tuple[int, int]], table: Table) -> Iterator[Close]:
    """Cells of a table of groups by which the difference of two releases is all alike. `told`: counts of both."""
    name, codes = (table.by, table.groups) if table.by else (table.variable, [row.code for row in table.rows])
    groups = {key((name, code)): code not in STATUSES for code in codes}
    rows = [row_coordinate(table, row.code) for row in table.rows if table.by]
    whole = _differences(told, groups, ())
    for place in ((), *((row,) for row in rows)):
        inside = _differences(told, groups, place)
        outside = {group: whole[group] - count for group, count in inside.items() if group in whole}
        found = {*_alone(inside, _rest(told, inside, groups, place), groups, table.threshold)}
        if place and table.multiple:  # else the others are rows
            found |= {*_alone(outside, 0, groups, table.threshold)}
        if place and place[0][1] not in STATUSES:
            found |= {group for group, count in inside.items() if count and count == whole.get(group)}
        for group in found:
            cell = key(*place, *group)
            yield Close(cell, *told[cell], alike=True)


def _differences(
    told: Mapping[Key, tuple[int, int]], groups: Iterable[Key], place: tuple[Coordinate, ...]
) -> dict[Key, int]:
    cells = {group: key(*place, *group) for group in groups}
    return {group: told[cell][1] - told[cell][0] for group, cell in cells.items() if cell in told}


def _rest(
    told: Mapping[Key, tuple[int, int]],
    known: Mapping[Key, int],
    groups: Collection[Key],
    place: tuple[Coordinate, ...],
) -> int:
    """The difference of all groups that are hidden."""
    before, after = told.get(key(*place), (0, sum(known.values())))
    return after - before - sum(known.values()) if len(known) < len(groups) else 0


def _alone(differences: Mapping[Key, int], rest: int, groups: Mapping[Key, bool], k: int) -> Iterator[Key]:
    """The groups that alone have grown, or shrunk; `rest`: what the hidden ones have, which counts if it is k or more.

    `groups`: whether they are any; what is missing is none.
    """
    for sign in (1, -1):
        moved = [group for group, count in differences.items() if count * sign > 0]
        if len(moved) + (rest * sign >= k) == 1 or 0 < abs(rest) < k:
            yield from (group for group in moved if groups[group])


def broken_together(
    earlier: Sequence[Table],
    later: Sequence[Table],
    needs: Mapping[Key, int],
    told: Told = UNTOLD,
    depends: Sequence[Dependency] = (),
    further: Iterable[Sum] = (),
    *,
    grown: bool = False,
) -> list[Broken]:
    """Hidden cells that the two releases give away together, where both were made of the same responses.

    `further`: sums by which cells of one consist of cells of the other.
    Under different responses the two are not one system of sums; `too_close` is then what holds. Where one of the two
    has noise its counts are bounds even so, in one direction, as responses come rather than go (`grown`: whether any
    did). Two releases with noise have the same noise where they have the same respondents, so that the second tells
    nothing new of these.
    """
    noised = [_noised(earlier), _noised(later)]
    if all(noised) or (not any(noised) and _everybody(earlier) != _everybody(later)):
        return []
    try:
        return broken(_together(earlier, later, told, depends, further, grown=grown), needs)
    except ContradictionError:  # as many responses as before, but others
        return []


def broken_between(
    earlier: Sequence[Table],
    later: Sequence[Table],
    atoms: Atoms,
    needs: Mapping[Key, int],
    told: Told = UNTOLD,
    depends: Sequence[Dependency] = (),
    further: Iterable[Sum] = (),
    *,
    grown: bool = False,
) -> list[Broken]:
    """The same where bins moved: also what would tell of few people between the edges of both releases.

    `depends`: of atoms. What is told of an atom may be that nobody is in it, or enough. If responses have come, counts
    of bins that differ say how many came where, and nobody came elsewhere: then atoms are looked at as they were, as
    they are, and for those who came. Responses are taken to come rather than go; where that cannot be,
    `ContradictionError` is raised.
    """
    noised = [_noised(earlier), _noised(later)]
    if all(noised):
        return []
    before, after = (in_atoms(with_all_groups(tables), atoms) for tables in (earlier, later))
    both = [*before, *after]
    further = [*further, *made_of(both, atoms)]
    over_time = grown and not any(noised)
    times = ((), _NOW, _CAME) if over_time else ((),)
    if over_time:
        then, now = ([one for one in tables if _concerns(one, atoms)] for tables in (before, after))
        system = _over_time(then, now, told, depends, further)
    else:
        system = _together(before, after, told, depends, further, grown=grown)
    hidden = {key(*cell, *time): need for cell, need in needs.items() for time in times if time != _CAME}
    if over_time:  # what had to be hidden before may be many by now
        hidden = {cell: need for cell, need in hidden.items() if cell not in system.known}
    every = {key(*cell, *time): need for cell, need in unpublished(both, atoms).items() for time in times}
    found = broken(system, {cell: max(every.get(cell, 0), hidden.get(cell, 0)) for cell in (*every, *hidden)})
    weak = (one for one in found if one.key in hidden or (one.interval.lower < one.need and one.interval.upper > 0))
    return sorted({one._replace(key=tuple(place for place in one.key if (place,) not in times)) for one in weak})


def _concerns(table: Table, atoms: Atoms) -> bool:
    """Whether a table has bins that moved, or is the margin of one that has."""
    return not table.by or not atoms.keys().isdisjoint((table.variable, table.by))


_NOW: Final[Key] = ((":now", ""),)
_CAME: Final[Key] = ((":came", ""),)
"""In the keys of cells of a later release, and of those who came since."""


def _over_time(
    before: Sequence[Table], after: Sequence[Table], told: Told, depends: Sequence[Dependency], further: Sequence[Sum]
) -> System:
    """Two releases between which responses have come, as one system: who is there now was there or came."""
    then, now = (
        System.of(
            tables, spans, [*dependent(depends, tables), *(one for each in tables for one in finer(each)), *further]
        )
        for tables, spans in ((before, UNTOLD), (after, told))
    )

    def cells_of(system: System) -> set[Key]:
        return {*system.known, *(cell for whole, parts in system.sums for cell in (whole, *parts))}

    def at(cell: Key) -> Key:
        return key(*cell, *_NOW)

    return System.seen(
        [*then.known.items(), *((at(cell), count) for cell, count in now.known.items())],
        [
            *then.sums,
            *((at(whole), tuple(map(at, parts))) for whole, parts in now.sums),
            *((at(cell), (cell, key(*cell, *_CAME))) for cell in cells_of(then) & cells_of(now)),
        ],
        {at(cell): span for cell, span in now.told.items()},
    )


def _together(
    earlier: Sequence[Table],
    later: Sequence[Table],
    told: Told,
    depends: Sequence[Dependency],
    further: Iterable[Sum],
    *,
    grown: bool,
) -> System:
    """Two releases of the same responses as one system; of one with noise what it says of the other's."""
    together = [*with_all_groups(earlier), *with_all_groups(later)]
    links = [*dependent(depends, together), *(link for table in together for link in finer(table)), *further]
    if not grown or not (_noised(earlier) or _noised(later)):
        return System.of(together, told, links)
    if _noised(later):
        return System.of(earlier, _one_sided(later, UNTOLD, later=True), links)
    return System.of(later, _one_sided(earlier, told, later=False), links)


def _everybody(tables: Iterable[Table]) -> int | None:
    return _shown(tables).get(EVERYBODY, (None, 0))[0]


def _noised(tables: Iterable[Table]) -> bool:
    return any(table.noise for table in tables)


def _one_sided(tables: Iterable[Table], told: Told, *, later: bool) -> Told:
    """What counts with noise say of those of a release with fewer responses (`later`), or with more."""
    spans = dict(told)
    for cell, (least, most) in System.of(tables).told.items():
        spans[cell] = spans.get(cell, UNKNOWN).narrowed(Span(0, most) if later else Span(least, None))
    return spans


def _shown(tables: Iterable[Table]) -> _Shown:
    shown: _Shown = {}
    for table in tables:
        for cell, count in cells(table):
            if count is not None and not table.noise:
                shown[cell] = (count, max(table.threshold, shown.get(cell, (0, 0))[1]))
    return shown


def _followed(shown: _Shown, links: Sequence[Sum]) -> _Shown:
    """The same with every count that follows by adding and subtracting; numbers of choices are no groups of people."""
    known, before = dict(shown), -1
    while before < len(known):
        before = len(known)
        for whole, parts in links:
            missing = [cell for cell in (whole, *parts) if cell not in known]
            if len(missing) == 1:
                k = max((known[cell][1] for cell in (whole, *parts) if cell in known), default=0)
                told = sum(known[cell][0] for cell in parts if cell in known)
                known[missing[0]] = (told if missing[0] == whole else known[whole][0] - told), k
    return {cell: found for cell, found in known.items() if not any(code in CHOICES for _, code in cell)}
