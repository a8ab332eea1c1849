"""Names and labels that SPSS, Stata and R accept.

SPSS: 64 bytes, not case-sensitive, some reserved words; labels of variables 256 bytes, of values 120. Stata: 32
characters, labels of variables 80 characters, and words of its language that are no names. R: words of its language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 32
_SPSS: Final = "all and by eq ge gt le lt ne not or to with"
_STATA: Final = "byte double float if in int long strl using"
_R: Final = "break else false for function inf na nan next null repeat true while"
_RESERVED: Final = frozenset(f"{_SPSS} {_STATA} {_R}".split())
_STATA_TEXT: Final = re.compile(r"str\d+")


def names(wanted: Iterable[str]) -> list[str]:
    """A name for each: letters, digits and underscores, unique whatever the case, at most 32 characters."""
    taken: set[str] = set()
    found = []
    for number, name in enumerate(wanted, start=1):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        base = re.sub(r"\W+", "_", plain).strip("_")[:_LONGEST].rstrip("_") or f"v{number}"
        if not base[0].isalpha() or base.lower() in _RESERVED or _STATA_TEXT.fullmatch(base.lower()):
            base = f"v_{base}"[:_LONGEST]
        unique, count = base, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{base[: _LONGEST - len(str(count)) - 1]}_{count}"
        taken.add(unique.lower())
        found.append(unique)
    return found


def cut(text: str, *, letters: int = 1 << 30, octets: int = 1 << 30) -> str:
    """A label on one line of at most so many characters, and so many bytes in UTF-8, never cut within a letter."""
    text = " ".join(text.split())
    if len(text) <= letters and len(text.encode()) <= octets:
        return text
    kept = text[: letters - 1]
    while len(kept.encode()) > octets - 3:
        kept = kept[:-1]
    # A mark that belongs to the letter before must not be parted from it.
    while kept and len(kept) < len(text) and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
