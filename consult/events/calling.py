"""Who is to be called: those who do not know how things are, and cannot be written to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.access import Actor
from consult.events import queries, writing
from consult.events.messages import Topic, mark, topic
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp
from consult.events.trail import note
from consult.events.vault import Person
from consult.processes.models import Activity

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who is to be told something."""

    seat: SignUp
    person: Person
    occasion: Occasion
    topic: Topic
    mark: str
    """How things are, as it is noted once they were told."""


def calls(
    session: Session, keys: Keys, activity_id: uuid.UUID, *, mail: bool, after: tuple[int, bytes], now: dt.datetime
) -> tuple[Sequence[Call], tuple[int, bytes] | None]:
    """The next who are to be called, and after whom to go on: an occasion's number, and a key.

    `mail`: whether those who have an address are written to.
    """
    found = list(islice(_each(session, keys, activity_id, mail, after, now), PER_PAGE + 1))
    more = len(found) > PER_PAGE
    last = found[PER_PAGE - 1] if more else None
    return found[:PER_PAGE], (last.occasion.number, last.seat.code) if last else None


def _each(
    session: Session, keys: Keys, activity_id: uuid.UUID, mail: bool, start: tuple[int, bytes], now: dt.datetime
) -> Iterator[Call]:
    for occasion in queries.occasions(session, activity_id):
        if occasion.number < start[0] or occasion.ends_at <= now:
            continue
        after: bytes | None = start[1] if occasion.number == start[0] else b""
        while after is not None:
            page = writing.page(session, keys, occasion, writing.unaware(occasion, now), after)
            for seat, person in page.people:
                due = mark(seat, occasion)
                said = topic(seat.told, due) if seat.told != due else None
                if said is not None and not (mail and person.address):
                    yield Call(seat, person, occasion, said, due)
            after = page.last


def called(
    session: Session, activity: Activity, code: bytes, known: str, *, by: Actor | None, now: dt.datetime
) -> bool:
    """Note that somebody was told `known`, unless things are different by now."""
    seat = session.get(SignUp, (activity.id, code))
    if seat is None or mark(seat, seat.occasion) != known or not writing.settle(session, seat, {"told": known}):
        return False
    note(session, activity, "call", {"occasion": seat.occasion.number}, by, now)
    return True
