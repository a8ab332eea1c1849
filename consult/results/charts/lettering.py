"""How much room words take, roughly: charts are laid out on the server, before anybody knows the reader's fonts."""

from __future__ import annotations

import unicodedata
from typing import Final

SIZE: Final = 13.0
"""Of ordinary words in charts, in units of the view box."""
SMALL: Final = 11.0
"""Of figures in bars and of marks on axes."""
SIZES: Final = {"small": SMALL, "on": SMALL, "code": 8.0, "title": 15.0}
BOLD: Final = frozenset({"on", "strong", "title"})
"""By tone, as in charts.css: what is not of the ordinary size, and what is bold."""
_NARROW: Final = frozenset("iljtfrI.,;:!|'’()[] \u00a0\u202f")
_BROAD: Final = frozenset("mwMW@%—…")


def room(text: str, size: float = SIZE) -> float:
    """The width of a text in units of the view box, rather too much than too little."""
    return size * sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn"):
        return 0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return 1
    if letter in _NARROW:
        return 0.34
    return 0.9 if letter in _BROAD else 0.68 if letter.isupper() else 0.57


def cut(text: str, width: float, size: float = SIZE) -> str:
    """A text that fits; what is left out stands in the table."""
    text = " ".join(text.split())
    if room(text, size) <= width:
        return text
    while text and room(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrap(text: str, width: float, size: float = SIZE, most: int = 4) -> list[str]:
    """A text in lines that fit, at most so many; the last is cut."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most - 1:
        line = rest.pop(0)
        while rest and room(f"{line} {rest[0]}", size) <= width:
            line += f" {rest.pop(0)}"
        lines.append(cut(line, width, size))
    return [*lines, cut(" ".join(rest), width, size)] if rest else lines
