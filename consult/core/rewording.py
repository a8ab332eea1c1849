"""What somebody would word otherwise: the words of a text that they take out, and those that they put in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

_PIECES: Final = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """Some words in a row that share their fate."""

    fate: Literal["kept", "out", "in"]
    text: str


def reworded(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order; what is taken out stands before what comes in its place.

    >>> [tuple(piece) for piece in reworded("A vote in two years.", "A vote within one year.")]
    [('kept', 'A vote '), ('out', 'in two years.'), ('in', 'within one year.')]
    """
    return list(_pieces(_PIECES.findall(before), _PIECES.findall(after)))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    out = into = ""
    for tag, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal" and "".join(before[first:last]).strip():
            yield from _changed(out, into)
            yield Piece("kept", "".join(before[first:last]))
            out = into = ""
        else:  # a lone space between two changes is part of them
            out += "".join(before[first:last])
            into += "".join(after[start:end])
    yield from _changed(out, into)


def _changed(out: str, into: str) -> Iterator[Piece]:
    if out:
        yield Piece("out", out)
    if into:
        yield Piece("in", into)
