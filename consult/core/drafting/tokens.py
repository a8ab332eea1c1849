"""A text in pieces, in any script: words, the space between them, signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Scripts that set no space between words (Unicode blocks): a syllable or sign of theirs is a piece of its own.
_UNSPACED: Final = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Kana
    (0x3400, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),  # Burmese
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),  # Han
    (0x20000, 0x3FFFF),
)
_JOINERS: Final = frozenset("\u200c\u200d")
_APOSTROPHES: Final = frozenset("'’ʼ")
_NUMBER: Final = re.compile(
    r"\s*(?:(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivxlcdm]{1,6}|\w)[.)]|§\s*\d+|[-–•*])\s+)*", re.IGNORECASE
)


def tokens(text: str) -> Iterator[str]:
    """The pieces of a text; put together again they are the text.

    A word keeps its combining marks, joiners and inner apostrophes; where a script sets no space, every sign is a
    piece with its marks.
    """
    piece, kind = "", ""
    for char in text:
        now = _kind(char)
        goes_on = (
            now == "mark" or (kind == "word" and (now == "word" or char in _APOSTROPHES)) or kind == now == "space"
        )
        if piece and not goes_on:
            yield piece
            piece = ""
        if not piece:
            kind = now
        piece += char
    if piece:
        yield piece


def _kind(char: str) -> str:
    if char.isspace():
        return "space"
    if char in _JOINERS or unicodedata.category(char).startswith("M"):
        return "mark"
    if not char.isalnum():
        return "sign"
    code = ord(char)
    return "cluster" if any(first <= code <= last for first, last in _UNSPACED) else "word"


def words(text: str) -> list[str]:
    """The words of a text for comparison: no space, no signs, no capitals."""
    return [piece.casefold() for piece in tokens(text) if piece[0].isalnum()]


def essence(text: str) -> str:
    """A text without what numbering and line breaks change: equal ones say the same."""
    return " ".join(_NUMBER.sub("", text, count=1).split())
