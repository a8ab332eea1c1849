"""Rows that people have put into an order: their `position` counts from 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def after(rows: Sequence[Any]) -> int:
    """The position after all of some rows, the last of which stands last."""
    return int(rows[-1].position) + 1 if rows else 1


def raise_up(rows: Iterable[Any], row: object) -> None:
    """Put a row before the one that stands before it."""
    order = list(rows)
    place = order.index(row)
    if place:
        order[place - 1 : place + 1] = [row, order[place - 1]]
    for position, one in enumerate(order, start=1):
        one.position = position
