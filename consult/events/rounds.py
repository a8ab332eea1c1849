"""What the next round of an event takes over: what it is, its grid and guide; neither occasions nor people."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db.base import columns
from consult.events import queries
from consult.events.models.held import GuideBlock
from consult.events.models.planned import Event, Target
from consult.processes.models import Activity, Kind


def take_over(session: Session, activity: Activity, earlier: Activity) -> None:
    """Copy texts, targets and guide of an event to its next round; feedback is asked for anew."""
    if earlier.kind != Kind.EVENT:
        return
    kept = columns(queries.event(session, earlier.id))
    session.add(Event(**kept | {"activity_id": activity.id, "feedback_id": None}))
    session.flush()
    for model in (Target, GuideBlock):
        for row in session.scalars(select(model).where(model.activity_id == earlier.id)):
            session.add(model(**columns(row) | {"activity_id": activity.id, "id": uuid.uuid4()}))
    session.flush()
