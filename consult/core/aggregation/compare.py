"""What two releases of one activity's tables tell together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consult.core.aggregation.attack import Broken, ContradictionError, System, broken
from consult.core.aggregation.cells import CHOICES, Sum, cells, finer, sums, with_all_groups
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.dependencies import sums as dependent
from consult.core.aggregation.tables import EVERYBODY, UNKNOWN, UNTOLD, Key, Span, Table, Told

_Shown = dict[Key, tuple[int, int]]
"""Counts with the thresholds they were shown under."""


class Close(NamedTuple):
    """A cell that both releases tell, with counts so near that the difference is a small group."""

    key: Key
    earlier: int
    later: int


def too_close(earlier: Sequence[Table], later: Sequence[Table], further: Iterable[Sum] = ()) -> list[Close]:
    """Cells told by both whose counts differ by 1 … k − 1, larger groups first; k is the higher of both thresholds.

    Counts with noise tell nothing so exactly. A cell is told where it is shown, or follows from others: a category may
    stand together with others in one release and alone in the other. `further`: sums by which cells of one consist of
    cells of the other.
    """
    found_in = (link for table in (*earlier, *later) for link in (*sums(table), *finer(table)))
    links = list(dict.fromkeys((*found_in, *further)))
    before, after = _followed(_shown(earlier), links), _followed(_shown(later), links)
    found = (
        Close(cell, before[cell][0], count)
        for cell, (count, k) in after.items()
        if cell in before and 0 < abs(count - before[cell][0]) < max(k, before[cell][1])
    )
    return sorted(found, key=lambda close: (len(close.key), close.key))


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
    noised = [any(table.noise for table in release) for release in (earlier, later)]
    if all(noised):
        return []
    before, after = _shown(earlier), _shown(later)
    if not any(noised) and before.get(EVERYBODY, (None, 0))[0] != after.get(EVERYBODY, (None, 0))[0]:
        return []
    together = [*with_all_groups(earlier), *with_all_groups(later)]
    links = [*dependent(depends, together), *(link for table in together for link in finer(table)), *further]
    try:
        if not (any(noised) and grown):
            return broken(System.of(together, told, links), needs)
        if noised[1]:
            return broken(System.of(earlier, _one_sided(later, UNTOLD, later=True), links), needs)
        return broken(System.of(later, _one_sided(earlier, told, later=False), links), needs)
    except ContradictionError:  # as many responses as before, but others
        return []


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
