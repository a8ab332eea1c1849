"""Recurring work: seal what has closed, offer seats that became free, delete spare files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.events import handouts, offering, queries, sealing
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


def offer(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Take back offers that have run out, and offer free seats to the next, for each occasion by itself."""
    with installation.database.reading() as session:
        due = offering.due(session, now)
    for occasion_id in due:
        with installation.database.transaction() as session:
            offering.offer(session, occasion_id, now=now)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files of documents that are offered no more, or never were."""
    with installation.database.reading() as session:
        for activity_id in queries.events(session):
            folder = handouts.folder(installation.settings.uploads, activity_id)
            folder.sweep(handouts.held(session, activity_id), now=now)


TASKS: dict[str, Task] = {"events.seal": seal, "events.offer": offer, "events.tidy": tidy}
EVERY: dict[str, dt.timedelta] = {
    "events.seal": dt.timedelta(minutes=10),
    "events.offer": dt.timedelta(minutes=5),
    "events.tidy": dt.timedelta(minutes=10),
}
