"""What officers decide against bots, written down."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.participation.guard import Guard
from consult.participation.models import Measures
from consult.processes.models import Activity
from consult.processes.service import lock


def decide(session: Session, activity: Activity, guard: Guard, *, by: Actor | None, now: dt.datetime) -> None:
    """Set the bot measures of an activity: they hold at once, and for what was set apart before, in results too."""
    lock(session, activity)
    kept = session.get(Measures, activity.id) or Measures(activity_id=activity.id)
    kept.seconds, kept.hourly, kept.counted = guard.seconds, guard.hourly, guard.counted
    session.add(kept)
    session.flush()
    record(
        session,
        actor=by,
        action="participation.bots",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details={"seconds": guard.seconds, "hourly": guard.hourly, "counted": guard.counted},
    )
