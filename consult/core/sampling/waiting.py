"""Who is next when a place becomes free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consult.core.sampling.classes import Class
from consult.core.sampling.targets import Target, grid, violation


def next_in_line(
    waiting: Iterable[tuple[str, Class]], targets: Iterable[Target], placed: Sequence[tuple[Class, int]], free: int
) -> str | None:
    """The ticket that leaves the least violation of the targets among those that the free places hold.

    The first in line of several. None if nobody fits. `waiting` is in its order, by lot or by rank; `placed` are the
    classes with the number of their tickets that have a place now.
    """
    now = grid(targets, placed)
    fitting = ((ticket, one) for ticket, one in waiting if one.size <= free)
    found = min(fitting, key=lambda line: violation(one.with_one(line[1]) for one in now), default=None)
    return None if found is None else found[0]
