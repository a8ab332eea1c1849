"""Where somebody stands among the groups, from their own votes alone."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from consult.consultations.analysing import Found
from consult.core.opinion.analysis import IN_CONVERSATION
from consult.core.opinion.projection import Axes, positions
from consult.core.opinion.votes import UNSEEN


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands."""

    x: float
    y: float
    groups: tuple[int, ...]
    """Groups by their distance, the nearest first."""


def lacking(found: Found, votes: Mapping[uuid.UUID, int | None]) -> int:
    """How many votes are missing until somebody has a place."""
    return max(0, min(IN_CONVERSATION, len(found.statements)) - len(_row(found, votes)))


def place(found: Found, votes: Mapping[uuid.UUID, int | None]) -> Place:
    """Position of whoever cast these votes, and the groups around it."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    row = _row(found, votes)
    cells = np.full((1, len(found.statements)), UNSEEN, dtype=np.int8)
    for at, value in row.items():
        cells[0, at] = value
    axes = Axes(np.asarray(found.centre), np.asarray(found.components))
    x, y = positions(cells, axes)[0].tolist()
    far = [math.dist((x, y), centre) for centre in found.centres]
    return Place(x, y, tuple(sorted(range(len(far)), key=far.__getitem__)))


def _row(found: Found, votes: Mapping[uuid.UUID, int | None]) -> dict[int, int]:
    """The votes that the analysis can place, by the statement's number in it."""
    cast = {str(statement): value for statement, value in votes.items() if value is not None}
    return {at: cast[known.id] for at, known in enumerate(found.statements) if known.id in cast}
