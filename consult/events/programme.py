"""What happens on an occasion, one after the other."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.core import positions
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import LocalisedText
from consult.events import queries
from consult.events.models.planned import Occasion, Slot
from consult.events.trail import note
from consult.events.wordings import renewing
from consult.processes.models import Activity
from consult.processes.service import lock


@dataclass(frozen=True, slots=True)
class Timed:
    """A part of the programme with when it begins and ends."""

    slot: Slot
    starts_at: dt.datetime
    ends_at: dt.datetime


def timed(occasion: Occasion, slots: Sequence[Slot]) -> list[Timed]:
    """When each part begins: the first when the occasion does, each other when that before it ends."""
    found, at = [], occasion.starts_at
    for slot in slots:
        end = at + dt.timedelta(minutes=slot.minutes)
        found.append(Timed(slot, at, end))
        at = end
    return found


def find(session: Session, occasion: Occasion, slot_id: uuid.UUID) -> Slot | None:
    """One part of an occasion's programme."""
    found = session.get(Slot, slot_id)
    return found if found is not None and found.occasion_id == occasion.id else None


def put(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    slot: Slot | None,
    *,
    title: LocalisedText,
    minutes: int,
    theme: str,
    by: Actor | None,
    now: dt.datetime,
) -> Slot:
    """Add a part after all others, or change one. Refuses `events.slot.title` (missing in the event's locale)."""
    source = activity.locales[0]
    if not title.get(source):
        raise Refused(Problem("events.slot.title", place=Place(field=f"title-{source}")))
    lock(session, activity)
    with renewing(session, activity, by, now):
        if slot is None:
            last = positions.after(queries.slots(session, occasion.id))
            slot = Slot(id=uuid.uuid4(), occasion_id=occasion.id, position=last)
        slot.title, slot.minutes, slot.theme = title, minutes, theme
        session.add(slot)
    note(session, activity, "slot", {"occasion": occasion.number, "slot": str(slot.id)}, by, now)
    return slot


def raise_up(
    session: Session, activity: Activity, occasion: Occasion, slot: Slot, *, by: Actor | None, now: dt.datetime
) -> None:
    """Have a part before the one that stands before it."""
    lock(session, activity)
    positions.raise_up(queries.slots(session, occasion.id), slot)
    note(session, activity, "order_slots", {"occasion": occasion.number, "slot": str(slot.id)}, by, now)


def remove(
    session: Session, activity: Activity, occasion: Occasion, slot: Slot, *, by: Actor | None, now: dt.datetime
) -> None:
    """Take a part out of the programme."""
    lock(session, activity)
    session.delete(slot)
    note(session, activity, "remove_slot", {"occasion": occasion.number, "slot": str(slot.id)}, by, now)


def take_over(session: Session, occasion: Occasion, other: Occasion) -> None:
    """Give an occasion the programme of another."""
    for slot in queries.slots(session, other.id):
        session.add(
            Slot(
                occasion_id=occasion.id,
                position=slot.position,
                title=slot.title,
                minutes=slot.minutes,
                theme=slot.theme,
            )
        )
    session.flush()
