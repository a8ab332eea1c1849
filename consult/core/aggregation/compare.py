"""What two releases of one activity's tables tell together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consult.core.aggregation.attack import Broken, System, broken
from consult.core.aggregation.cells import cells
from consult.core.aggregation.tables import EVERYBODY, Key, Table


class Close(NamedTuple):
    """A cell that both releases show, with counts so near that the difference is a small group."""

    key: Key
    earlier: int
    later: int


def too_close(earlier: Iterable[Table], later: Iterable[Table]) -> list[Close]:
    """Cells shown in both whose counts differ by 1 … k − 1, in order; k is the higher of the tables' thresholds."""
    before = _shown(earlier)
    found = []
    for cell, (count, k) in _shown(later).items():
        if cell in before and 0 < abs(count - before[cell][0]) < max(k, before[cell][1]):
            found.append(Close(cell, before[cell][0], count))
    return sorted(found)


def broken_together(earlier: Sequence[Table], later: Sequence[Table], needs: Mapping[Key, int]) -> list[Broken]:
    """Hidden cells that the two releases give away together, where both were made of the same responses.

    Under different responses the two are not one system of sums; `too_close` is then what holds.
    """
    before, after = _shown(earlier), _shown(later)
    if before.get(EVERYBODY, (None, 0))[0] != after.get(EVERYBODY, (None, 0))[0] or too_close(earlier, later):
        return []
    return broken(System.of([*earlier, *later]), needs)


def _shown(tables: Iterable[Table]) -> dict[Key, tuple[int, int]]:
    shown: dict[Key, tuple[int, int]] = {}
    for table in tables:
        for cell, count in cells(table):
            if count is not None:
                k = max(table.threshold, shown.get(cell, (0, 0))[1])
                shown[cell] = (count, k)
    return shown
