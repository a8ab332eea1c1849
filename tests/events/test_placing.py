"""Seats are given once."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from consult.events import placing
from consult.events.placing import Left
from tests.factories.events import make_event, make_occasion


@pytest.mark.parametrize(
    ("capacity", "taken", "left"),
    [
        (12, 0, Left.FREE),
        (12, 9, Left.FREE),
        (12, 10, Left.FEW),
        (12, 12, Left.FULL),
        (400, 390, Left.FREE),
        (400, 396, Left.FEW),
    ],
)
def test_people_are_told_how_much_room_there_is(session: Session, capacity: int, taken: int, left: Left) -> None:
    occasion = make_occasion(session, make_event(session), capacity=capacity, taken=taken)
    assert placing.left(occasion) == left
    assert placing.left(occasion, waited=True) == Left.FULL


def test_seats_are_taken_while_they_last_and_come_back(session: Session) -> None:
    occasion = make_occasion(session, make_event(session), capacity=3)
    assert placing.take(session, occasion.id, 2)
    assert not placing.take(session, occasion.id, 2)
    assert [placing.enlist(session, occasion.id), placing.enlist(session, occasion.id)] == [1, 2]
    placing.give_back(session, occasion.id, 2)
    assert placing.take(session, occasion.id, 3)
    assert (occasion.taken, occasion.capacity) == (3, 3)


def test_what_does_not_take_place_has_no_seats(session: Session) -> None:
    occasion = make_occasion(session, make_event(session), state="cancelled")
    assert not placing.take(session, occasion.id, 1)
