"""What officers write of an event is translated as all that authors write is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.translation import Text
from consult.db.base import Base
from consult.events import queries
from consult.events.models.held import GuideBlock
from consult.events.models.planned import Event, Handout, Occasion, Slot
from consult.processes import wordings
from consult.processes.models import Activity
from consult.processes.wordings import Owner, Stamp, Texts, Written

KIND: Final = "event"
EVENT: Final = {"about": 5000, "consent": 5000, "guardian": 5000, "seed_source": 2000}
"""Texts of the event itself, with the characters that each may have."""
_ROWS: Final[dict[type[Base], dict[str, int]]] = {
    Occasion: {"title": 200, "place": 1000},
    Slot: {"title": 200},
    Handout: {"title": 200},
    GuideBlock: {"title": 200, "questions": 5000, "probes": 5000},
}
"""Those of what belongs to it, in the order in which they are translated."""


@contextmanager
def renewing(session: Session, activity: Activity, by: Actor | None, now: dt.datetime) -> Iterator[None]:
    """Keep what there is of translations while texts are written anew."""
    before = _read(session, activity)
    yield
    session.flush()
    after = _read(session, activity)
    wordings.renew(session, activity, KIND, (before, after), activity.locales[0], Stamp(by, now))


def _read(session: Session, owner: Owner) -> list[Text]:
    found = wordings.attributes(EVENT, queries.event(session, owner.id))
    for row in _rows(session, owner):
        for name, longest in _ROWS[type(row)].items():
            found.append(Text(f"{row.id}/{name}", name, getattr(row, name), longest=longest))
    return found


def _write(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    of_event = {name: text for name, text in words.items() if name in EVENT}
    wordings.set_attributes(session, session.get_one(Event, owner.id), of_event)
    for row in _rows(session, owner):
        begun = f"{row.id}/"
        of_row = {path.removeprefix(begun): text for path, text in words.items() if path.startswith(begun)}
        wordings.set_attributes(session, row, of_row)


def _rows(session: Session, owner: Owner) -> list[Any]:
    """What belongs to an event and has texts."""
    slots = select(Slot).join(Occasion, Occasion.id == Slot.occasion_id).where(Occasion.activity_id == owner.id)
    return [
        *queries.occasions(session, owner.id),
        *session.scalars(slots.order_by(Occasion.number, Slot.position)),
        *queries.handouts(session, owner.id),
        *session.scalars(
            select(GuideBlock).where(GuideBlock.activity_id == owner.id).order_by(GuideBlock.position, GuideBlock.id)
        ),
    ]


KINDS: Final = (Texts(KIND, Activity, _read, _write),)
