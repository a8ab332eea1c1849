"""Where the blocks of one version are in another: what changed, and where comments land."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from consult.core.drafting.difference import Op, Run, cut, difference
from consult.core.drafting.document import Block, Draft
from consult.core.drafting.tokens import essence, words

WHOLE: Final = ""
"""Stands for the whole text where a part is named."""


class Change(StrEnum):
    """What became of a block from one version to another."""

    SAME = "same"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    SPLIT = "split"
    """It is a part of a block that was split."""
    MERGED = "merged"
    """It was made of several."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a comment on a part stands in another version."""

    part: str
    """Id of the block, or `WHOLE` where nothing is left of what was commented on."""
    changed: bool
    """Whether the text has changed since."""


@dataclass(frozen=True, slots=True)
class Row:
    """A block in the difference between two versions."""

    change: Change
    moved: bool
    block: Block
    """Of the later version; of the earlier one where it was deleted."""
    runs: tuple[Run, ...]
    locale: str
    """In which the runs are."""


def landings(before: Draft, after: Draft) -> dict[str, Landing]:
    """Where comments on each part of a version land in another, by the part's id; on the whole they stay."""
    parts = _links(before, after)
    found = {block.id: _landing(before, after, block, parts[block.id]) for block in before.blocks}
    return {WHOLE: Landing(WHOLE, _said(before) != _said(after)), **found}


def land(part: str, before: Draft, after: Draft) -> Landing:
    """Where a comment on a part of one version lands in another: of a split block on the part that is most like it."""
    if part == WHOLE:
        return Landing(WHOLE, _said(before) != _said(after))
    block = before.by_id.get(part)
    return _landing(before, after, block, _links(before, after)[part]) if block else Landing(WHOLE, changed=True)


def _landing(before: Draft, after: Draft, block: Block, parts: Sequence[Block]) -> Landing:
    if not parts:
        return Landing(WHOLE, changed=True)
    text = before.text(block)
    best = parts[0] if len(parts) == 1 else max(parts, key=lambda part: _likeness(text, after.text(part)))
    return Landing(best.id, essence(after.text(best)) != essence(text))


def _likeness(one: str, other: str) -> int:
    """How many words both have in the same order."""
    kept = (run.text for run in difference(" ".join(words(one)), " ".join(words(other))) if run.op is Op.KEEP)
    return sum(len(words(text)) for text in kept)


def _said(draft: Draft) -> list[str]:
    return [essence(draft.text(block)) for block in draft.blocks]


def _links(before: Draft, after: Draft) -> dict[str, list[Block]]:
    """The blocks that each block of the earlier version became, by its id: that which has its id first.

    What a block remembers of its origin counts only where it did not remember it before.
    """
    links: dict[str, list[Block]] = defaultdict(list)
    for block in after.blocks:
        if block.id in before.by_id:
            links[block.id].append(block)
    for block in after.blocks:
        twin = before.by_id.get(block.id)
        for origin in block.origins:
            if origin in before.by_id and not (twin and origin in twin.origins):
                links[origin].append(block)
    return links


def compare(before: Draft, after: Draft, locale: str) -> list[Row]:
    """The difference between two versions, in the order of the later one; what was deleted stands where it was.

    Words are compared in a locale where both versions have the block in it, else in the source locale.
    """
    parts = _links(before, after)
    sources: dict[str, list[Block]] = defaultdict(list)
    for block in before.blocks:
        for part in parts[block.id]:
            sources[part.id].append(block)
    moved = _moved(before, after, sources)
    rows: dict[str, list[Row]] = defaultdict(list)
    for name, block in _deletions(before, after, parts, moved):
        rows[name].append(_row(Change.DELETED, block, [(Op.DELETE, block)], before.source, locale))
    found = rows[""]
    for block in after.blocks:
        found.append(_compared(before, after, block, sources[block.id], parts, locale, moved=block.id in moved))
        found += rows[block.id]
    return found


def _row(change: Change, block: Block, whole: Iterable[tuple[Op, Block]], source: str, locale: str) -> Row:
    chosen = locale if locale in block.words else source
    runs = tuple(Run(op, one.words.get(chosen, "")) for op, one in whole)
    return Row(change, moved=False, block=block, runs=runs, locale=chosen)


def _compared(
    before: Draft,
    after: Draft,
    block: Block,
    sources: Sequence[Block],
    parts: Mapping[str, Sequence[Block]],
    locale: str,
    *,
    moved: bool,
) -> Row:
    if not sources:
        return _row(Change.INSERTED, block, [(Op.INSERT, block)], after.source, locale)
    siblings = [part for part in after.blocks if part in parts[sources[0].id]] if len(sources) == 1 else [block]
    both = [*sources, *siblings]
    chosen = locale if all(locale in one.words for one in both) else after.source
    old = " ".join(one.words.get(chosen, "") for one in sources)
    new = [one.words.get(chosen, "") for one in siblings]
    pieces = cut(difference(old, " ".join(new)), [len(text) + 1 for text in new])
    runs = dict(zip((one.id for one in siblings), pieces, strict=True))[block.id]
    if not runs[-1:] or not runs[-1].text.strip():
        runs = runs[:-1]  # the space between two parts
    if len(sources) > 1:
        change = Change.MERGED
    elif len(siblings) > 1:
        change = Change.SPLIT
    else:
        same = essence(before.text(sources[0])) == essence(after.text(block))
        change = Change.SAME if same else Change.CHANGED
    return Row(change, moved, block, tuple(runs), chosen)


def _moved(before: Draft, after: Draft, sources: Mapping[str, Sequence[Block]]) -> set[str]:
    """The blocks that do not stand in the order of the version before: all but the longest series that does."""
    place = {block.id: at for at, block in enumerate(before.blocks)}
    series = [(block.id, place[_first(block, sources[block.id])]) for block in after.blocks if sources[block.id]]
    ends: list[int] = []
    """Of the series of each length, where the one that ends earliest ends in the version before."""
    lengths: list[int] = []
    for _name, old in series:
        length = bisect_right(ends, old)
        ends[length : length + 1] = [old]
        lengths.append(length)
    moved: set[str] = set()
    wanted, limit = len(ends) - 1, len(before.blocks)
    for (name, old), length in zip(reversed(series), reversed(lengths), strict=True):
        if length == wanted and old <= limit:
            wanted, limit = wanted - 1, old
        else:
            moved.add(name)
    return moved


def _first(block: Block, sources: Sequence[Block]) -> str:
    return next((one.id for one in sources if one.id == block.id), sources[0].id)


def _deletions(
    before: Draft, after: Draft, parts: Mapping[str, Sequence[Block]], moved: set[str]
) -> Iterable[tuple[str, Block]]:
    """What was deleted, each with the id of the block of the later version that it stands after."""
    anchor = ""
    for block in before.blocks:
        stayed = [part for part in parts[block.id] if part.id not in moved]
        if stayed:
            anchor = stayed[-1].id
        elif not parts[block.id]:
            yield anchor, block
