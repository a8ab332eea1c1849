"""Votes on statements as a matrix of one byte each: agree +1, disagree −1, pass 0, or not seen."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    import numpy.typing as npt

    Cells: TypeAlias = npt.NDArray[np.int8]
    Floats: TypeAlias = npt.NDArray[np.float64]
    Whole: TypeAlias = npt.NDArray[np.int64]

AGREE: Final = 1
PASS: Final = 0
DISAGREE: Final = -1
UNSEEN: Final = 2
"""Stands in a cell where somebody has not voted on a statement."""
Treatment = Literal["exclude", "zero"]
"""What becomes of statements that were moderated out: left out of the analysis, or, as the real engine of Polis has it,
passed on by everybody."""


class Vote(NamedTuple):
    """What somebody said to a statement; of several the one with the greatest `order` counts."""

    participant: str
    statement: str
    value: int
    order: int


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Who voted how, by participants and statements in the order of their names."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    cells: Cells
    """Participants × statements."""

    def cast(self) -> Whole:
        """How many votes each participant has."""
        cast: Whole = (self.cells != UNSEEN).sum(axis=1)
        return cast


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Votes by statement."""

    agree: Whole
    disagree: Whole
    passed: Whole

    @property
    def seen(self) -> Whole:
        """Everybody who voted, also those who passed."""
        return self.agree + self.disagree + self.passed


def collect(votes: Iterable[Vote]) -> Votes:
    """The latest vote of each person on each statement; where the order is the same, the one that comes last."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    people, statements = dict[str, int](), dict[str, int]()
    rows, columns, values, orders = array("q"), array("q"), array("b"), array("q")
    for participant, statement, value, order in votes:
        rows.append(people.setdefault(participant, len(people)))
        columns.append(statements.setdefault(statement, len(statements)))
        values.append(value)
        orders.append(order)
    cells = np.full((len(people), len(statements)), UNSEEN, dtype=np.int8)
    turn = np.argsort(np.asarray(orders), kind="stable")
    # Of several assignments to one cell the last holds.
    cells[np.asarray(rows)[turn], np.asarray(columns)[turn]] = np.asarray(values)[turn]
    return arrange(tuple(people), tuple(statements), cells)


def arrange(participants: Sequence[str], statements: Sequence[str], cells: Cells) -> Votes:
    """The same matrix with its rows and columns in the order of names: numbers by their value, then texts."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    rows, columns = (
        np.asarray(sorted(range(len(names)), key=lambda at: _by_name(names[at])), dtype=np.int64)
        for names in (participants, statements)
    )
    ordered = cells[rows][:, columns]
    ordered.flags.writeable = False
    return Votes(tuple(participants[at] for at in rows), tuple(statements[at] for at in columns), ordered)


def _by_name(name: str) -> tuple[bool, int, str]:
    number = name.isascii() and name.isdigit()
    return not number, int(name) if number else 0, name


def treated(votes: Votes, out: Collection[str], treatment: Treatment) -> Votes:
    """The votes that are analysed, where statements were moderated out."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    kept = np.asarray([statement not in out for statement in votes.statements], dtype=np.bool_)
    if treatment == "zero":
        return Votes(votes.participants, votes.statements, np.where(kept, votes.cells, np.int8(PASS)))
    names = tuple(statement for statement in votes.statements if statement not in out)
    return Votes(votes.participants, names, votes.cells[:, kept])


def count(cells: Cells) -> Counts:
    """The votes of some participants by statement."""
    return Counts(*((cells == value).sum(axis=0) for value in (AGREE, DISAGREE, PASS)))


def by_votes(cells: Cells) -> Whole:
    """The rows in an order that depends on nothing but the votes: that of a hash of theirs.

    It is as good as random, and the same whatever participants are called and in whatever order they stand; rows
    that are tied are alike.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    digests = [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in cells]
    return np.asarray(sorted(range(len(digests)), key=digests.__getitem__), dtype=np.int64)
