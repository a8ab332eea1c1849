"""Kinds of data that are kept for a time, and who erases them: slices say so, `consult.app` composes it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from consult.db.installation import Installation


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    MONTHS = "months"


class Since(StrEnum):
    """When a period begins."""

    CLOSING = "closing"
    """When the activity closes; then all of it goes at once, on a day that is announced."""
    ENDING = "ending"
    """When it has closed and what it was for is over, likewise."""
    SAVING = "saving"
    """When a single piece was last saved; each day those go whose time is over."""


def _always(_session: Session, _activity_id: uuid.UUID) -> bool:
    return True


def _at_closing(_session: Session, _activity_id: uuid.UUID) -> dt.datetime | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of data of activities."""

    name: str
    """As it stands in the database, the audit trail and the erasure ledger."""
    label: str
    """In words that are marked for translation."""
    since: Since
    unit: Unit
    least: int
    most: int
    usual: int | None = None
    """How long it is kept unless officers decide otherwise; none: as long as the notice says, and never longer than
    that or than what stands before it in the list and follows the notice too."""
    concerns: Callable[[Session, uuid.UUID], bool] = _always
    """Whether an activity can have data of this kind."""
    ends: Callable[[Session, uuid.UUID], dt.datetime | None] = _at_closing
    """When what an activity was for is over; none where that is its closing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be erased."""

    activity_id: uuid.UUID
    before: dt.date
    """What was last saved before this day; all of it where it goes at once."""
    now: dt.datetime


Erase = Callable[[Installation, Wanted], int]
"""Erases what is wanted in transactions of bounded size; how much that was, 0 where another eraser counts it.
Interrupted and called again it finishes. Erasers of what goes day by day write to the audit trail in the transaction
that erases (`retention.note`); for the others the job does."""
Withdraw = Callable[[Installation, uuid.UUID, Sequence[bytes]], int]
"""Erases everything under codes (HMACs) of an activity, in the order of registration; how much that was."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Everything that is erased, and by whom."""

    kinds: Sequence[Kind]
    erasers: Sequence[Mapping[str, Erase]]
    """By names of kinds; of one kind they are called in this order."""
    withdrawers: Sequence[Withdraw]

    def __post_init__(self) -> None:
        named = {name for erasers in self.erasers for name in erasers}
        assert named == {kind.name for kind in self.kinds}, "every kind has an eraser, and every eraser a kind"

    def erase(self, installation: Installation, name: str, wanted: Wanted) -> int:
        """Erase what there is of a kind; how much that was."""
        return sum(erasers[name](installation, wanted) for erasers in self.erasers if name in erasers)

    def withdraw(self, installation: Installation, activity_id: uuid.UUID, digests: Sequence[bytes]) -> int:
        """Erase everything under codes of an activity; how much that was."""
        return sum(withdraw(installation, activity_id, digests) for withdraw in self.withdrawers)
