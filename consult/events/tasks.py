"""Recurring work: write to people who signed up, seal what has closed; what is kept for a time only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.events import sealing, writing
from consult.jobs.worker import Task


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every event that has closed, and leave nothing of the order of arrival in the files."""
    database = installation.database
    with database.reading() as session:
        closed = sealing.unsealed(session, now)
    for activity_id in closed:
        with database.transaction() as session:
            sealing.seal(session, activity_id, now=now)
    if closed:
        database.scrub(*sealing.TABLES)


TASKS: dict[str, Task] = {"events.seal": seal, "events.write": writing.write}
EVERY: dict[str, dt.timedelta] = {"events.seal": dt.timedelta(minutes=10), "events.write": dt.timedelta(minutes=1)}
