"""What stands on paper, whatever the format: the front page, then the pages of the questionnaire, then long lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from consult.core.text import Direction, Rendered

Words = Rendered | str
"""Authored, with the locale that it is in; or our own, or made of both."""


class Tone(StrEnum):
    """What a line says."""

    TEXT = "text"
    HINT = "hint"
    ROUTING = "routing"
    """To whom a question or page is put."""
    RULE = "rule"
    """How it is answered, and what an answer has to be."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 a part of the document, 2 a page of the questionnaire, 3 a group within it."""

    text: Words
    level: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph."""

    text: Words
    tone: Tone = Tone.TEXT


@dataclass(frozen=True, slots=True)
class Boxes:
    """Choices, each with a box to tick, or to write its place into."""

    labels: tuple[Words, ...]
    one: bool
    other: bool = False
    """Whether there is a line for something else."""
    short: bool = False
    """Whether they stand beside each other."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to write on."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Cells:
    """Fields for figures, each with its name: day, month, year."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    """Figures of each."""


@dataclass(frozen=True, slots=True)
class Table:
    """Questions with the same choices: a box for each choice of each."""

    heads: tuple[Words, ...]
    rows: tuple[Asked, ...]
    one: bool


Answer = Boxes | Lines | Cells | Table | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a note, which has no number and no answer."""

    number: str
    label: Words
    name: str
    lines: tuple[Line, ...] = ()
    answer: Answer = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of words; its first row is the head."""

    rows: tuple[tuple[Words, ...], ...]


Block = Heading | Line | Asked | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole document."""

    locale: str
    """Of our own words."""
    written: str
    """Of the questionnaire."""
    direction: Direction
    title: Words
    subtitle: str
    mark: str
    """What has to be known before all else: a draft, made-up answers; may be empty."""
    day: dt.date
    facts: Sequence[tuple[str, Words]]
    contents: str
    """Heading of the table of contents."""
    other: str
    """What stands at the line for something else."""
    blocks: Sequence[Block] = field(default_factory=tuple)

    def chapters(self) -> list[Heading]:
        """What the table of contents lists."""
        return [block for block in self.blocks if isinstance(block, Heading) and block.level <= 2]
