"""Work that is done again and again: seal what has closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.consultations import sealing
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


TASKS: dict[str, Task] = {"consultations.seal": seal}
EVERY: dict[str, dt.timedelta] = {"consultations.seal": dt.timedelta(minutes=10)}
