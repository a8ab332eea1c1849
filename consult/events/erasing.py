"""Erasing how people who signed up are reached, and later that they did. What was said, by nobody named, stays."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from consult.db.emptying import delete_in_steps
from consult.db.installation import Installation
from consult.events.models.planned import Event, Occasion
from consult.events.models.signed import SignUp, SignUpContact
from consult.events.sealing import TABLES
from consult.privacy.kinds import Wanted
from consult.processes.models import Activity

CONTACTS: Final = "event_contacts"
LEFT_OPEN: Final = dt.timedelta(days=7)
"""How long an event that is over stays open for further occasions."""


def is_event(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether people sign up for an activity."""
    return session.get(Event, activity_id) is not None


def ends(session: Session, activity_id: uuid.UUID) -> dt.datetime | None:
    """When the last occasion of an event is over; none where none takes place."""
    wanted = select(func.max(Occasion.ends_at)).where(Occasion.activity_id == activity_id, Occasion.state == "planned")
    return session.scalar(wanted)


def over(session: Session, now: dt.datetime) -> Sequence[uuid.UUID]:
    """Open events of which every occasion has been over for `LEFT_OPEN`, whenever they were to close."""
    opened = Activity.opens_at <= now, or_(Activity.closes_at.is_(None), Activity.closes_at > now)
    wanted = select(Activity.id).join(Occasion, Occasion.activity_id == Activity.id).where(*opened)
    return session.scalars(wanted.group_by(Activity.id).having(func.max(Occasion.ends_at) <= now - LEFT_OPEN)).all()


def contacts(installation: Installation, wanted: Wanted) -> int:
    """Erase how those who signed up are called and reached; how many they were."""
    count = delete_in_steps(installation.database, SignUpContact.id, SignUpContact.activity_id == wanted.activity_id)
    installation.database.scrub(*TABLES)
    return count


def sign_ups(installation: Installation, wanted: Wanted) -> int:
    """Erase who signed up, with their contact data; how many they were.

    Occasions keep how many seats were taken, draws the tickets that nobody holds any more, facilitators their notes.
    """
    with installation.database.reading() as session:
        if not is_event(session, wanted.activity_id):
            return 0
    contacts(installation, wanted)
    count = delete_in_steps(installation.database, SignUp.code, SignUp.activity_id == wanted.activity_id)
    installation.database.scrub(*TABLES)
    return count
