"""Which block of a new version is which of the one before, so that ids are carried and comments keep their place.

Equal blocks are paired first. Of the others, what two share is weighed: words and pairs of neighbouring words, each
worth the less the more blocks have it, so that the formulas of a legal text join nothing. The pair that shares most is
taken first and uses up what it shares; a block that is left with several partners was split, or merged. Everything is
decided by the texts alone: the same two versions, the same ids.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from consult.core.drafting.document import Block, Draft, Kind
from consult.core.drafting.tokens import essence, words
from consult.core.text import LocalisedText

ALIKE: Final = 0.4
"""Share of two blocks (Dice) from which they are the same one, changed."""
CONTAINED: Final = 0.6
"""Share of the smaller of two blocks from which it is a part of the other, or was merged into it."""
PART: Final = 5
"""Words that such a part has at least: a word alone is found in anything."""
REPLACED: Final = 0.15
"""Share from which two are the same where nothing else stands between neighbours that stayed."""
RARE: Final = 1 / 8
"""Worth of a shingle from which it brings two blocks together at all."""

Shingle = tuple[str, ...]
Edge = tuple[float, int, int]
"""What an old and a new block share, and where they stand."""


@dataclass(frozen=True, slots=True)
class Found:
    """A block as it was read: without an id."""

    kind: Kind
    text: str
    level: int = 0


def carry(before: Draft | None, found: Sequence[Found], source: str) -> Draft:
    """A new version of a text, read in its source locale, with the ids, themes and translations of the one before.

    A block that changed or moved keeps its id. Of one that was split the largest part keeps it; the others remember it,
    as what was merged remembers all.
    """
    past = before if before is not None and before.source == source else Draft(source=source, blocks=())
    edges = matched([(block.kind, past.text(block)) for block in past.blocks], [(one.kind, one.text) for one in found])
    owner: dict[int, Block] = {}
    for _shared, old, new in edges:
        block = past.blocks[old]
        if new not in owner and all(kept.id != block.id for kept in owner.values()):
            owner[new] = block
    others: dict[int, list[Block]] = defaultdict(list)
    for _shared, old, new in edges:
        if past.blocks[old] is not owner.get(new):
            others[new].append(past.blocks[old])
    taken = {name for block in past.blocks for name in (block.id, *block.origins)}
    blocks: list[Block] = []
    for at, one in enumerate(found):
        block_id = owner[at].id if at in owner else _new_id(one, taken)
        taken.add(block_id)
        blocks.append(_block(one, block_id, owner.get(at), others[at], source))
    return Draft(source=source, blocks=tuple(blocks))


def _block(one: Found, block_id: str, same: Block | None, others: Iterable[Block], source: str) -> Block:
    origins = [*(same.origins if same else ()), *(name for other in others for name in (other.id, *other.origins))]
    themes = [block.theme for block in (same, *others) if block and block.theme]
    return Block(
        id=block_id,
        kind=one.kind,
        words=(same.words if same else LocalisedText()).with_text(source, one.text),
        level=one.level,
        theme=themes[0] if themes else "",
        origins=tuple(name for name in dict.fromkeys(origins) if name != block_id),
    )


def _new_id(one: Found, taken: set[str]) -> str:
    """By what it says, so that a block which comes back in a later version is the same again."""
    ordinal = 0
    while True:
        named = f"{one.kind}\0{essence(one.text)}\0{ordinal}"
        if (name := "p" + hashlib.sha256(named.encode()).hexdigest()[:8]) not in taken:
            return name
        ordinal += 1


def matched(old: Sequence[tuple[Kind, str]], new: Sequence[tuple[Kind, str]]) -> list[Edge]:
    """The pairs of an old and a new block of which one came, at least in part, from the other; equal ones first."""
    equal = _equal(old, new)
    gone = {i for _shared, i, _j in equal}, {j for _shared, _i, j in equal}
    sides = [_Bag(text) for _kind, text in old], [_Bag(text) for _kind, text in new]
    weights = _weights(*sides)
    left = [i for i in range(len(old)) if i not in gone[0]], [j for j in range(len(new)) if j not in gone[1]]
    pairs = [
        (i, j)
        for i, j in _meeting(*sides, *left, weights)
        if (old[i][0] is Kind.HEADING) is (new[j][0] is Kind.HEADING)
    ]
    similar = _similar(*sides, weights, pairs)
    edges = [*equal, *similar]
    return [*edges, *_replaced(old, new, edges, *sides, weights)]


def _equal(old: Sequence[tuple[Kind, str]], new: Sequence[tuple[Kind, str]]) -> list[Edge]:
    """Blocks that say the same, the first with the first."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, (_kind, text) in enumerate(old):
        places[essence(text)].append(i)
    return [
        (float("inf"), places[said].pop(0), j)
        for j, (_kind, text) in enumerate(new)
        if places.get(said := essence(text))
    ]


class _Bag:
    """What of a block can be found in another: its words and their pairs, until they are used up."""

    def __init__(self, text: str) -> None:
        said = words(essence(text))
        self.words = len(said)
        self.whole: Counter[Shingle] = Counter([*((word,) for word in said), *pairwise(said)])
        self.left = self.whole.copy()

    def size(self, weights: Mapping[Shingle, float]) -> float:
        """What all of it is worth."""
        return sum(count * weights[shingle] for shingle, count in self.whole.items())


def _weights(old: Sequence[_Bag], new: Sequence[_Bag]) -> dict[Shingle, float]:
    """What each shingle is worth: 1 over the number of blocks, of the version that has more, that it is in."""
    counts: dict[Shingle, int] = {}
    for side in (old, new):
        for shingle, count in Counter(shingle for bag in side for shingle in bag.whole).items():
            counts[shingle] = max(counts.get(shingle, 0), count)
    return {shingle: 1 / count for shingle, count in counts.items()}


def _meeting(
    old: Sequence[_Bag],
    new: Sequence[_Bag],
    left: Iterable[int],
    right: Iterable[int],
    weights: Mapping[Shingle, float],
) -> list[tuple[int, int]]:
    """Pairs, of those that are left, that share something which few blocks have."""
    having: dict[Shingle, list[int]] = defaultdict(list)
    for i in left:
        for shingle in old[i].whole:
            if weights[shingle] >= RARE:
                having[shingle].append(i)
    return sorted({(i, j) for j in right for shingle in new[j].whole for i in having.get(shingle, ())})


def _shared(one: Counter[Shingle], other: Counter[Shingle], weights: Mapping[Shingle, float]) -> float:
    return sum(min(count, other[shingle]) * weights[shingle] for shingle, count in one.items() if shingle in other)


def _similar(
    old: Sequence[_Bag], new: Sequence[_Bag], weights: Mapping[Shingle, float], pairs: Iterable[tuple[int, int]]
) -> list[Edge]:
    sizes = [bag.size(weights) for bag in old], [bag.size(weights) for bag in new]
    waiting = [(-_shared(old[i].left, new[j].left, weights), i, j) for i, j in pairs]
    heapq.heapify(waiting)
    edges: list[Edge] = []
    while waiting:
        known, i, j = heapq.heappop(waiting)
        shared = _shared(old[i].left, new[j].left, weights)
        if shared < -known:  # something of it was used up since
            heapq.heappush(waiting, (-shared, i, j))
        elif _belongs(shared, sizes[0][i], sizes[1][j], min(old[i].words, new[j].words)):
            edges.append((shared, i, j))
            common = old[i].left & new[j].left
            old[i].left -= common
            new[j].left -= common
    return edges


def _belongs(shared: float, one: float, other: float, least: int) -> bool:
    alike = 2 * shared >= ALIKE * (one + other)
    return shared > 0 and (alike or (least >= PART and shared >= CONTAINED * min(one, other)))


def _replaced(
    old: Sequence[tuple[Kind, str]],
    new: Sequence[tuple[Kind, str]],
    edges: Sequence[Edge],
    olds: Sequence[_Bag],
    news: Sequence[_Bag],
    weights: Mapping[Shingle, float],
) -> list[Edge]:
    """Blocks that were written anew: the only ones of their kind between neighbours that stayed."""
    partner = {j: i for _shared, i, j in sorted(edges)}
    taken = {i for _shared, i, _j in edges}
    gaps: dict[tuple[int, int], list[int]] = defaultdict(list)
    for j in range(len(new)):
        if j not in partner:
            before = next((partner[k] for k in range(j - 1, -1, -1) if k in partner), -1)
            after = next((partner[k] for k in range(j + 1, len(new)) if k in partner), len(old))
            gaps[before, after].append(j)
    found: list[Edge] = []
    for (before, after), inside in gaps.items():
        free = [i for i in range(before + 1, after) if i not in taken]
        if len(free) == len(inside) == 1 and old[free[0]][0] is new[inside[0]][0]:
            one, other = olds[free[0]], news[inside[0]]
            shared = _shared(one.whole, other.whole, weights)
            if shared and 2 * shared >= REPLACED * (one.size(weights) + other.size(weights)):
                found.append((shared, free[0], inside[0]))
    return found
