"""Groups as shapes: where most of a group stands, without showing anybody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from consult.core.opinion.votes import Floats, Whole

_WIDE: Final = 1.5
"""Standard deviations to each side: two thirds of a group stand within, were it spread as a normal distribution."""
_LEAST: Final = 0.3
_DIGITS: Final = 1
"""Decimals: coarse enough that one person more or less does not move a shape."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An ellipse: its centre, its two radii, and by how many degrees the first is turned from the first axis.

    Not the hull of the group: the corners of a hull are people.
    """

    x: float
    y: float
    along: float
    across: float
    turn: int


def centres(positions: Floats, labels: Whole, groups: int) -> tuple[tuple[float, float], ...]:
    """Mean position of each group, from 0 on."""
    means = (positions[labels == group].mean(axis=0) for group in range(groups))
    return tuple((float(x), float(y)) for x, y in means)


def outlines(positions: Floats, labels: Whole, groups: int) -> tuple[Outline, ...]:
    """The ellipse of each group, from its mean and covariance.

    `positions`: participants × 2; `labels`: the group of each, below 0 for none.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    found = []
    for group, (x, y) in enumerate(centres(positions, labels, groups)):
        values, vectors = np.linalg.eigh(np.cov(positions[labels == group].T, bias=True))
        across, along = (max(_LEAST, round(_WIDE * math.sqrt(max(value, 0)), _DIGITS)) for value in values.tolist())
        turn = round(math.degrees(math.atan2(vectors[1, 1], vectors[0, 1]))) % 180
        found.append(Outline(round(x, _DIGITS) + 0.0, round(y, _DIGITS) + 0.0, along, across, turn))
    return tuple(found)
