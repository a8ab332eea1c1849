"""In which order the questions and groups of an edition are decided about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class Depending(Protocol):
    """What stands in a group or at the top, and depends on others by their names."""

    @property
    def id(self) -> str: ...

    @property
    def parent(self) -> str: ...

    def names(self) -> set[str]: ...


Each = TypeVar("Each", bound=Depending)


def ordered(steps: Iterable[Each], by_id: Mapping[str, Each], by_name: Mapping[str, Each]) -> tuple[Each, ...]:
    """All, each after those it depends on, otherwise as in the document; a cycle is cut where it closes."""
    done: dict[str, Each] = {}
    begun: set[str] = set()

    def needed(step: Each) -> list[Each]:
        before = [by_id[step.parent]] if step.parent else []
        return before + [by_name[name] for name in sorted(step.names()) if name in by_name]

    for first in steps:
        waiting = [first]
        while waiting:
            step = waiting[-1]
            missing = [] if step.id in begun else [other for other in needed(step) if other.id not in done]
            begun.add(step.id)
            missing = [other for other in missing if other.id not in begun]
            if missing:
                waiting.extend(reversed(missing))
            else:
                waiting.pop()
                done.setdefault(step.id, step)
    return tuple(done.values())
