"""Repeats: what is asked several times, once for each instance.

The document of answers stays flat. What belongs to an instance is kept under the id of its question and the number of
the instance in each repeat around it, the outermost first: `q4f-2` is the answer in the second instance, `q9a-2-1` that
in the first instance of a repeat within it. Under the id of a repeat stands how many instances it has.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from consult.core.errors import Refused
from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import Answer, Answers

MOST: Final = 100
"""Instances that a repeat may have within one instance of those around it: nobody answers more."""
MOST_IN_ALL: Final = 1_000
"""Instances of all repeats together: repeats in repeats multiply, and no server is made to work for that."""

Value = TypeVar("Value")


def key(name: str, path: Path) -> str:
    """Under what the answer of an instance is kept; `name` is the id of the question or repeat."""
    return name + _suffix(path) if path else name


@lru_cache(maxsize=10_000)
def _suffix(path: Path) -> str:
    return f"-{'-'.join(map(str, path))}"


def suffixed(field: str, path: Path) -> str:
    """The same for an id that has a part behind it: `q4f.other` becomes `q4f-2.other`."""
    if not path:
        return field
    name, dot, part = field.partition(".")
    return f"{key(name, path)}{dot}{part}"


def paths(chain: Sequence[str], count: Callable[[str, Path], int], within: Path = ()) -> Iterator[Path]:
    """The instances of what stands in a chain of repeats (ids, the outermost first), in order, those within one only.

    `count` says how many instances a repeat has within an instance of those around it.
    """
    if len(within) >= len(chain):
        yield within[: len(chain)]
        return
    for number in range(1, count(chain[len(within)], within) + 1):
        yield from paths(chain, count, (*within, number))


def shared(chain: Sequence[str], other: Sequence[str], path: Path) -> Path:
    """As much of a path in one chain of repeats as leads into another chain, too."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(chain, other, strict=False))
    return path[: len(list(same))]


def how_many(stored: Mapping[str, Answer], repeat: str, within: Path) -> int:
    """How many instances of a repeat are kept."""
    found = stored.get(key(repeat, within))
    return min(found, MOST) if isinstance(found, int) and found > 0 else 0


def more(stored: Mapping[str, Answer], repeat: str, within: Path) -> Answers:
    """The answers with one instance of a repeat more. Raises `Refused` with `answer.instances` (most)."""
    count = how_many(stored, repeat, within)
    if count >= MOST:
        raise Refused.because("answer.instances", most=MOST)
    return {**stored, key(repeat, within): count + 1}


def without(stored: Mapping[str, Answer], depths: Mapping[str, int], repeat: str, place: Path) -> Answers:
    """The answers without one instance of a repeat; those behind it move up.

    `depths`: in how many repeats each thing in this one stands, by id; `place`: the instance, the number in the repeat
    itself last.
    """
    kept = moved(stored, depths, place, part=".")
    around = place[:-1]
    kept[key(repeat, around)] = max(0, how_many(stored, repeat, around) - 1)
    return kept


def moved(kept: Mapping[str, Value], depths: Mapping[str, int], place: Path, *, part: str) -> dict[str, Value]:
    """What is kept by instance, as `without` leaves it; `part` is what separates a key from what stands behind it."""
    *around, gone = place
    level = len(around)
    found: dict[str, Value] = {}
    for field, value in kept.items():
        head, separator, rest = field.partition(part)
        name, path = _inside(head, depths)
        if path and list(path[:level]) == around:
            if path[level] == gone:
                continue
            if path[level] > gone:
                path = (*path[:level], path[level] - 1, *path[level + 1 :])
        found[f"{key(name, path)}{separator}{rest}"] = value
    return found


def _inside(head: str, depths: Mapping[str, int]) -> tuple[str, Path]:
    """A key as the name of a thing in the repeat and its instance; with no instance where it is none of these."""
    for depth in sorted(set(depths.values())):
        name, *numbers = head.rsplit("-", depth)
        if depths.get(name) == depth == len(numbers) and all(map(str.isdecimal, numbers)):
            return name, tuple(map(int, numbers))
    return head, ()
