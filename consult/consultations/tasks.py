"""Work that is done again and again: find opinion groups, seal what has closed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from consult.consultations import analysing, sealing
from consult.db.installation import Installation
from consult.jobs.worker import Task


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every consultation that has closed, and leave nothing of the order of arrival in the files."""
    database = installation.database
    with database.reading() as session:
        closed = sealing.unsealed(session, now)
    for activity_id in closed:
        with database.transaction() as session:
            sealing.seal(session, activity_id, now=now)
    if closed:
        database.scrub(*sealing.TABLES)


def find_changed(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Have every consultation analysed whose votes have changed enough.

    Voting itself enqueues nothing: a job would tell to the second when somebody voted.
    """
    with installation.database.reading() as session:
        due = analysing.due(session, now)
    for activity_id in due:
        with installation.database.transaction() as session:
            analysing.ask(session, activity_id, now=now)


def analyse(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Find the opinion groups of one consultation."""
    activity_id = uuid.UUID(payload["activity"])
    analysing.analyse(installation.database, activity_id, floor=installation.settings.threshold, now=now)


TASKS: dict[str, Task] = {
    "consultations.seal": seal,
    "consultations.find_changed": find_changed,
    "consultations.analyse": analyse,
}
EVERY: dict[str, dt.timedelta] = {
    "consultations.seal": dt.timedelta(minutes=10),
    "consultations.find_changed": dt.timedelta(minutes=5),
}
