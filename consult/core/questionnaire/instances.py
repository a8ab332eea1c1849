"""Repeats: what is asked several times, once for each instance.

The document of answers stays flat. What belongs to an instance is kept under the id of its question and the number of
the instance in each repeat around it, the outermost first: `q4f-2` is the answer in the second instance, `q9a-2-1` that
in the first instance of a repeat within it. Under the id of a repeat stands how many instances it has.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from consult.core.errors import Refused
from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import Answer, Answers

_KEY: Final = re.compile(r"(.*?)((?:-[0-9]+)*)((?:\..*)?)", re.DOTALL)
MOST: Final = 100
"""Instances that a repeat may have within one instance of those around it: nobody answers more, and no server is made
to work for them."""


def key(name: str, path: Path) -> str:
    """Under what the answer of an instance is kept; `name` is the id of the question or repeat."""
    return f"{name}-{'-'.join(map(str, path))}" if path else name


def suffixed(field: str, path: Path) -> str:
    """The same for an id that has a part behind it: `q4f.other` becomes `q4f-2.other`."""
    name, dot, part = field.partition(".")
    return f"{key(name, path)}{dot}{part}"


def parsed(field: str) -> tuple[str, Path, str]:
    """The id, the instance and what stands behind the id of a key."""
    name, numbers, part = _KEY.fullmatch(field).groups()  # type: ignore[union-attr]  # it matches everything
    return name, tuple(int(number) for number in numbers.split("-")[1:]), part


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


def without(stored: Mapping[str, Answer], members: frozenset[str], repeat: str, place: Path) -> Answers:
    """The answers without one instance of a repeat; those behind it move up.

    `members`: the ids of all that stands in the repeat; `place`: the instance, the number in the repeat itself last.
    """
    *around, gone = place
    depth = len(around)
    kept: Answers = {}
    for field, answer in stored.items():
        name, path, part = parsed(field)
        inside = name in members and len(path) > depth and list(path[:depth]) == around
        if inside and path[depth] == gone:
            continue
        if inside and path[depth] > gone:
            path = (*path[:depth], path[depth] - 1, *path[depth + 1 :])
        kept[key(name, path) + part] = answer
    own = key(repeat, tuple(around))
    kept[own] = max(0, how_many(stored, repeat, tuple(around)) - 1)
    return kept
