"""Seats: each is given once, whoever asks at the same moment."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, exists, select, update
from sqlalchemy.orm import Session

from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing

HOLDING = (Standing.PLACED, Standing.OFFERED)
"""Those who stand so have seats."""
_waited = exists().where(
    SignUp.activity_id == Occasion.activity_id,
    SignUp.occasion_id == Occasion.id,
    SignUp.standing == Standing.LISTED,
)


class Left(StrEnum):
    """How much room there is, as people are told it."""

    FREE = "free"
    FEW = "few"
    FULL = "full"


def waited(session: Session, activity_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The occasions of an event on whose waiting list somebody is."""
    listed = SignUp.activity_id == activity_id, SignUp.standing == Standing.LISTED
    return frozenset(session.scalars(select(SignUp.occasion_id).where(*listed).distinct()))


def left(occasion: Occasion, *, waited: bool = False) -> Left:
    """How much room there is: few where at most a fifth of the seats is left, and five at most.

    `waited`: whether others have to be offered a free seat first. Then there is none for who comes now, and nobody
    sees that somebody has just given up theirs.
    """
    free = occasion.capacity - occasion.taken
    if free <= 0 or waited:
        return Left.FULL
    return Left.FEW if free <= 5 and free * 5 <= occasion.capacity else Left.FREE


def held(session: Session, occasion_id: uuid.UUID) -> Occasion:
    """An occasion as it is now, kept from everybody else until the transaction ends.

    Who changes where somebody stands holds the occasion first, then the sign-up: so nobody waits for each other.
    """
    wanted = select(Occasion).where(Occasion.id == occasion_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def take(session: Session, occasion_id: uuid.UUID, seats: int, *, listed: bool = False) -> bool:
    """Take seats if that many are free. One statement decides, so that no two take the same.

    While somebody is on the waiting list nobody overtakes them: free seats are theirs. `listed`: it is for one of them,
    or somebody was chosen.
    """
    free = Occasion.taken + seats <= Occasion.capacity
    held = () if listed else (~_waited,)
    taken = session.execute(
        update(Occasion)
        .where(Occasion.id == occasion_id, Occasion.state == "planned", free, *held)
        .values(taken=Occasion.taken + seats)
        .execution_options(synchronize_session="fetch")
    )
    return cast(CursorResult[tuple[()]], taken).rowcount == 1


def add(session: Session, occasion_id: uuid.UUID, seats: int) -> None:
    """Have more seats, and take them."""
    session.execute(
        update(Occasion)
        .where(Occasion.id == occasion_id)
        .values(capacity=Occasion.capacity + seats, taken=Occasion.taken + seats)
        .execution_options(synchronize_session="fetch")
    )


def give_back(session: Session, occasion_id: uuid.UUID, seats: int) -> None:
    """Have seats free again."""
    session.execute(
        update(Occasion)
        .where(Occasion.id == occasion_id)
        .values(taken=Occasion.taken - seats)
        .execution_options(synchronize_session="fetch")
    )


def enlist(session: Session, occasion_id: uuid.UUID) -> int:
    """The next rank of the waiting list, from 1."""
    return session.execute(
        update(Occasion)
        .where(Occasion.id == occasion_id)
        .values(listed=Occasion.listed + 1)
        .returning(Occasion.listed)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def move(
    session: Session, activity_id: uuid.UUID, code: bytes, *still: ColumnElement[bool], to: Standing, **values: object
) -> bool:
    """Change where somebody stands, if what was seen of them still holds. Seats are given and taken apart from it.

    Rank and offer end with it unless they are among the values.
    """
    ended = {"rank": None, "offered_until": None, "revision": SignUp.revision + 1}
    moved = session.execute(
        update(SignUp)
        .where(SignUp.activity_id == activity_id, SignUp.code == code, *still)
        .values({**ended, "standing": to, **values})
        .execution_options(synchronize_session="fetch")
    )
    return cast(CursorResult[tuple[()]], moved).rowcount == 1
