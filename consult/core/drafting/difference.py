"""What differs between two texts, word by word, as a reader would mark it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consult.core.drafting.tokens import tokens


class Op(StrEnum):
    """What became of a run of text."""

    KEEP = "keep"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Run:
    """Some text that was kept, inserted or deleted; in the order of the text, whichever way it is written."""

    op: Op
    text: str


def difference(before: str, after: str) -> list[Run]:
    """Runs that make one text into the other: kept and deleted ones are the first, kept and inserted ones the second.

    A longest common subsequence of words; what is kept between two larger changes is part of the change, for a reader
    sees no sense in a lone “the” that stayed.
    """
    old, new = list(tokens(before)), list(tokens(after))
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    middle = _changes(old[head : len(old) - tail], new[head : len(new) - tail])
    start, end = (Run(Op.KEEP, "".join(part)) for part in (old[:head], old[len(old) - tail :]))
    return _tidied([start, *middle, end])


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """With how many equal pieces both begin."""
    return next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )


def _changes(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The longest common subsequence, by bits: one row of the usual table is one integer (Hyyrö 2004), so that its
    time is bounded by the product of both lengths over the width of a machine word, whatever the texts are."""
    places: dict[str, int] = {}
    for at, piece in enumerate(old):
        places[piece] = places.get(piece, 0) | 1 << at
    full = (1 << len(old)) - 1
    state, rows = full, list[int]()
    for piece in new:
        matched = state & places.get(piece, 0)
        state = ((state + matched) | (state - matched)) & full
        rows.append(state)
    runs: list[Run] = []
    column, row = len(old), len(new)
    while row and column:
        if rows[row - 1] >> (column - 1) & 1:
            column -= 1
            runs.append(Run(Op.DELETE, old[column]))
        else:
            row -= 1
            if row and not rows[row - 1] >> (column - 1) & 1:
                runs.append(Run(Op.INSERT, new[row]))
            else:
                column -= 1
                runs.append(Run(Op.KEEP, old[column]))
    runs += [Run(Op.DELETE, piece) for piece in reversed(old[:column])]
    runs += [Run(Op.INSERT, piece) for piece in reversed(new[:row])]
    return runs[::-1]


def _tidied(runs: Iterable[Run]) -> list[Run]:
    """Merge neighbours, deleted before inserted, and take short kept runs into the changes around them."""
    groups = _groups(runs)
    at = 1
    while at < len(groups) - 1:
        kept, size = groups[at][0], len(groups[at][0].strip())
        if kept and size <= max(map(len, groups[at - 1][1:])) and size <= max(map(len, groups[at][1:])):
            lead, deleted, inserted = groups[at - 1]
            _kept, later_deleted, later_inserted = groups[at]
            groups[at - 1 : at + 1] = [(lead, deleted + kept + later_deleted, inserted + kept + later_inserted)]
            at = max(1, at - 1)
        else:
            at += 1
    return [
        Run(op, text)
        for group in groups
        for op, text in zip((Op.KEEP, Op.DELETE, Op.INSERT), group, strict=True)
        if text
    ]


def _groups(runs: Iterable[Run]) -> list[tuple[str, str, str]]:
    """What is kept, then deleted, then inserted, again and again."""
    groups: list[tuple[str, str, str]] = [("", "", "")]
    for run in runs:
        kept, deleted, inserted = groups[-1]
        if not run.text:
            continue
        if run.op is Op.KEEP and (deleted or inserted):
            groups.append((run.text, "", ""))
        elif run.op is Op.KEEP:
            groups[-1] = (kept + run.text, "", "")
        elif run.op is Op.DELETE:
            groups[-1] = (kept, deleted + run.text, inserted)
        else:
            groups[-1] = (kept, deleted, inserted + run.text)
    return groups


def cut(runs: Iterable[Run], lengths: Sequence[int]) -> Iterator[list[Run]]:
    """Runs in pieces: each piece has so many characters of the second text; what is left goes to the last."""
    waiting = list(runs)[::-1]
    for number, length in enumerate(lengths, start=1):
        piece: list[Run] = []
        while waiting and (length or waiting[-1].op is Op.DELETE or number == len(lengths)):
            run = waiting.pop()
            if run.op is not Op.DELETE and number < len(lengths) and len(run.text) > length:
                waiting.append(Run(run.op, run.text[length:]))
                run = Run(run.op, run.text[:length])
            if run.op is not Op.DELETE:
                length = max(0, length - len(run.text))
            piece.append(run)
        yield piece
