"""Parts of a text that a moderator blackened: how they are marked, kept, and left out of what is shown.

A span is `[start, end]`, in characters of the text, the end not included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from consult.core.errors import Place, Problem, Refused
from consult.core.text import clean

BLACK: Final = "▮▮▮"
"""What stands for a blackened part, however long it is: its length could tell what it was."""
OPEN: Final = "[["
CLOSE: Final = "]]"

Span = Sequence[int]


class Piece(NamedTuple):
    """A stretch of a text as it is shown: its words, or that some are hidden."""

    text: str
    hidden: bool


def united(spans: Iterable[Span], length: int) -> list[list[int]]:
    """Spans within a text of a length, in order; those that overlap or touch are one."""
    found: list[list[int]] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return found


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """A text in stretches: nothing of what is hidden is in them."""
    found, at = [], 0
    for start, end in united(spans, len(text)):
        found += [Piece(text[at:start], False), Piece(BLACK, True)]
        at = end
    found.append(Piece(text[at:], False))
    return [piece for piece in found if piece.text]


def public(text: str, spans: Iterable[Span]) -> str:
    """A text as everybody may read it."""
    return "".join(piece.text for piece in pieces(text, spans))


def marked(text: str, spans: Iterable[Span]) -> str:
    """A text with what is blackened between `OPEN` and `CLOSE`, as moderators edit it."""
    written, at = [], 0
    for start, end in united(spans, len(text)):
        written += [text[at:start], OPEN, text[start:end], CLOSE]
        at = end
    return "".join([*written, text[at:]])


def read(text: str, typed: str) -> list[list[int]]:
    """The spans that somebody marked in a text; brackets that the text has itself stay part of it.

    Refuses `redaction.changed` where anything else was changed, `redaction.unpaired` where a mark has no other half.
    """
    typed, bare = clean(typed).strip(), text.strip()
    at = offset = len(text) - len(text.lstrip())
    spans, start, position = [], -1, 0
    while position < len(typed):
        mark = OPEN if start < 0 else CLOSE
        if typed.startswith(mark, position) and not bare.startswith(mark, at - offset):
            if start >= 0:
                spans.append([start, at])
            start = at if start < 0 else -1
            position += len(mark)
        elif bare[at - offset : at - offset + 1] == typed[position]:
            at, position = at + 1, position + 1
        else:
            raise Refused(Problem("redaction.changed", place=Place(field="marked")))
    if at - offset != len(bare):
        raise Refused(Problem("redaction.changed", place=Place(field="marked")))
    if start >= 0:
        raise Refused(Problem("redaction.unpaired", place=Place(field="marked")))
    return united(spans, len(text))
