"""What charts are made of: rectangles, words, lines, dots and tiles. `templates/results/chart.html` draws them.

All lengths are in units of the view box. A chart is laid out from left to right; `Chart.towards` mirrors it for scripts
that run the other way, and holds its words together there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from consult.core.text import Direction

WIDTH: Final = 400.0
"""Of a chart in a column."""
WIDE: Final = 640.0
"""Of one that takes the whole page."""
HIDDEN: Final = "secret"
"""The fill of what is hidden: hatched."""
OFF: Final = ("off", "beside")
"""The fills of what is no part of a scale, such as “I do not know” and “Prefer not to say”."""
_ISOLATE: Final = "\u2067{}\u2069"
"""Right-to-left isolate: the figures and brackets in it fall in with the script around them."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar or a piece of one; `fill` is a class of the style sheet."""

    shape: ClassVar[str] = "rect"
    x: float
    y: float
    width: float
    height: float
    fill: str
    label: str = ""

    def mirrored(self, width: float) -> Rect:
        """The same in a chart that runs the other way."""
        return replace(self, x=_round(width - self.x - self.width), label=_held(self.label))


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text, anchored at its `start`, `middle` or `end`; `tone` is a class of the style sheet."""

    shape: ClassVar[str] = "words"
    x: float
    y: float
    text: str
    tone: str = ""
    anchor: str = "start"

    def mirrored(self, width: float) -> Words:
        """The same in a chart that runs the other way."""
        other = {"start": "end", "end": "start"}.get(self.anchor, self.anchor)
        return replace(self, x=_round(width - self.x), anchor=other, text=_held(self.text))


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points: an axis or grid line, or the course of a series (`stroke` is a class)."""

    shape: ClassVar[str] = "path"
    points: tuple[tuple[float, float], ...]
    stroke: str

    @property
    def data(self) -> str:
        """The path as SVG writes it."""
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in self.points)

    def mirrored(self, width: float) -> Path:
        """The same in a chart that runs the other way."""
        return replace(self, points=tuple((_round(width - x), y) for x, y in self.points))


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series."""

    shape: ClassVar[str] = "dot"
    x: float
    y: float
    fill: str
    label: str

    def mirrored(self, width: float) -> Dot:
        """The same in a chart that runs the other way."""
        return replace(self, x=_round(width - self.x), label=_held(self.label))


@dataclass(frozen=True, slots=True)
class Tile:
    """A country on a map of tiles: its code to be seen, its name and figure to be heard. One without is no answer."""

    shape: ClassVar[str] = "tile"
    x: float
    y: float
    side: float
    code: str
    fill: str
    label: str = ""

    @property
    def words(self) -> Words:
        """The code, in the middle of the tile."""
        middle = self.side / 2
        return Words(_round(self.x + middle), _round(self.y + middle + 3), self.code, f"code on-{self.fill}", "middle")

    def mirrored(self, width: float) -> Tile:
        """Maps have their east on the right in every script."""
        return replace(self, label=_held(self.label))


Mark = Rect | Words | Path | Dot | Tile


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: its size, marks, legend (fill and label), a note below, and what it shows, in words."""

    height: float
    marks: tuple[Mark, ...]
    description: str
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""
    width: float = WIDTH

    @property
    def fills(self) -> list[str]:
        """The fills that are used, each once."""
        marked = (mark.fill for mark in self.marks if not isinstance(mark, Words | Path))
        return list(dict.fromkeys([*marked, *(fill for fill, _ in self.legend)]))

    @property
    def parted(self) -> bool:
        """Whether each of its marks has a name of its own, to be heard one by one."""
        return any(isinstance(mark, Tile) for mark in self.marks)

    def towards(self, direction: Direction) -> Chart:
        """The chart in the direction of its reader's script."""
        if direction == "ltr":
            return self
        return replace(self, marks=tuple(mark.mirrored(self.width) for mark in self.marks))


def _round(length: float) -> float:
    return round(length, 1)


def _held(text: str) -> str:
    return _ISOLATE.format(text) if text else text
