"""Counts of one question beside those of others: what comparisons over rounds and over questionnaires have alike."""

from __future__ import annotations

from dataclasses import dataclass

from consult.results.presentation import Item, Reader


@dataclass(frozen=True, slots=True)
class Column:
    """What is compared: an activity, or a round of it."""

    label: str
    note: str
    basis: str
    """What its percentages are of, in words."""
    base: int | None
    """How many that is; None is hidden."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A row: a category, and per column a count and a percentage. None: hidden, or not offered there."""

    label: str
    cells: tuple[tuple[int | None, float | None] | None, ...]
    missing: bool
    """Whether it is a status: nobody of it gave an answer."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question over several activities."""

    columns: tuple[Column, ...]
    lines: tuple[Compared, ...]


def column(item: Item, label: str, reader: Reader) -> Column:
    """The head and the base of an activity's column; its title is the note, or the label where there is none."""
    title = reader.text(item.dataset.title, item.dataset.source)
    return Column(label or title, title if label else "", item.one_way.basis, item.one_way.bases[0])
