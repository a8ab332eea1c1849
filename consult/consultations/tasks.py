"""Work that is done again and again: seal what has closed, delete files that no submission has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.consultations import erasing, queries, sealing, submissions
from consult.db.installation import Installation
from consult.jobs.worker import Task
from consult.privacy.models import RESPONSES


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every consultation that has closed, and leave nothing of the order of arrival in the files."""
    database = installation.database
    with database.reading() as session:
        closed = sealing.unsealed(session, now)
    for activity_id in closed:
        folder = submissions.folder(installation.settings.uploads, activity_id)
        folder.rewrite(list(folder.names()))
        with database.transaction() as session:
            sealing.seal(session, activity_id, now=now)
    if closed:
        database.scrub(*sealing.TABLES)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files that came and never got into a submission, or were left when one went."""
    with installation.database.reading() as session:
        for activity_id in queries.consultations(session):
            folder = submissions.folder(installation.settings.uploads, activity_id)
            folder.sweep(submissions.held(session, activity_id), now=now)


ERASERS = {RESPONSES: erasing.contributions}
TASKS: dict[str, Task] = {"consultations.seal": seal, "consultations.tidy": tidy}
EVERY: dict[str, dt.timedelta] = {
    "consultations.seal": dt.timedelta(minutes=10),
    "consultations.tidy": dt.timedelta(minutes=10),
}
