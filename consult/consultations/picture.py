"""One's own place among the groups, as geometry; `templates/consultations/place.html` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consult.consultations.placing import Place
from consult.core.opinion.outlines import Outline

WIDTH: Final = 400
LOW, HIGH = 120, 320
"""Between these is the height, as the shapes need it."""
_MARGIN: Final = 28


@dataclass(frozen=True, slots=True)
class Shape:
    """A group: an ellipse, in units of the view box."""

    letter: str
    x: float
    y: float
    along: float
    across: float
    turn: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Groups, and a point where the reader stands."""

    shapes: tuple[Shape, ...]
    x: float
    y: float
    height: float
    width: int = WIDTH


def letter(group: int) -> str:
    """What a group is called: A, B, …"""
    return chr(ord("A") + group)


def picture(groups: Sequence[Outline], own: Place) -> Picture:
    """Everything in one view, both axes to the same scale; the second axis goes up."""
    left = min(own.x, *(group.x - group.along for group in groups))
    right = max(own.x, *(group.x + group.along for group in groups))
    low = min(own.y, *(group.y - group.along for group in groups))
    high = max(own.y, *(group.y + group.along for group in groups))
    scale = min((WIDTH - 2 * _MARGIN) / (right - left), (HIGH - 2 * _MARGIN) / (high - low))
    height = round(max(LOW, (high - low) * scale + 2 * _MARGIN), 1)

    def across(x: float) -> float:
        return round(WIDTH / 2 + (x - (left + right) / 2) * scale, 1)

    def down(y: float) -> float:
        return round(height / 2 - (y - (low + high) / 2) * scale, 1)

    shapes = tuple(
        Shape(
            letter(number),
            across(group.x),
            down(group.y),
            round(group.along * scale, 1),
            round(group.across * scale, 1),
            -group.turn,
        )
        for number, group in enumerate(groups)
    )
    return Picture(shapes, across(own.x), down(own.y), height)
