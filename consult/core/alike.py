"""Texts that say nearly the same: how alike two are, and marks by which those that may be alike find each other.

A text is the set of its shingles, pieces of five letters that overlap; how alike two are is the share of the shingles
of either that both have (Jaccard). MinHash (Broder 1997): of each of 32 hashes the least over all shingles; two texts
share such a least with a probability that is how alike they are. Each four of them make a mark: of texts that are 0.8
alike 98 in 100 share at least one of eight marks, of those that are 0.3 alike 6 in 100. What shares a mark is then
compared. The hashes are fixed: the same text has the same marks everywhere.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from typing import Final

ALIKE: Final = 0.8
"""From here on two texts say nearly the same."""
LENGTH: Final = 5
"""Letters of a shingle: pieces of words, for many scripts write no spaces."""
MARKS: Final = 8
_ROWS: Final = 4
_LEAST: Final = struct.Struct(f">{MARKS * _ROWS}I")
_BETWEEN: Final = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """A text without what does not change what it says: case, width of letters, punctuation, space.

    >>> plain("Let  us VOTE – now!")
    'let us vote now'
    """
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def shingles(text: str) -> frozenset[str]:
    """The shingles of a text; one that is shorter is its own only one, and one without letters has none."""
    letters = plain(text)
    return frozenset(letters[start : start + LENGTH] for start in range(max(len(letters) - LENGTH + 1, bool(letters))))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How alike two texts are by their shingles, from 0 to 1; nothing is like a text without letters.

    >>> round(likeness(shingles("We want to vote."), shingles("we want to vote")), 2)
    1.0
    """
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def marks(text: str, *, within: str = "") -> tuple[bytes, ...]:
    """The marks of a text, of eight bytes each; none where it has no letters.

    `within`: what texts have to have in common besides, such as what they are about.
    """
    pieces = shingles(text)
    if not pieces:
        return ()
    least = tuple(map(min, zip(*map(_hashes, pieces), strict=True)))
    bands = (least[start : start + _ROWS] for start in range(0, len(least), _ROWS))
    return tuple(
        hashlib.blake2b(f"{number} {band} {within}".encode(), digest_size=8).digest()
        for number, band in enumerate(bands)
    )


def _hashes(piece: str) -> tuple[int, ...]:
    told = piece.encode()
    halves = (hashlib.blake2b(told, digest_size=64, person=bytes([half])).digest() for half in range(2))
    return _LEAST.unpack(b"".join(halves))
