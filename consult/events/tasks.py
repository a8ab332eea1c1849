"""Recurring work: write to who signed up, offer seats that became free, seal what is over, delete spare files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.events import erasing, handouts, offering, queries, sealing, writing
from consult.jobs.worker import Task
from consult.privacy.kinds import Kind, Since, Unit
from consult.privacy.models import RESPONSES
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from consult.web.messages.marks import N_


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


def close(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Close events that are open though they are over: else their contact data would be kept for ever."""
    with installation.database.reading() as session:
        over = erasing.over(session, now)
    for activity_id in over:
        with installation.database.transaction() as session:
            fieldwork.close_now(session, session.get_one(Activity, activity_id), by=None, now=now)


KINDS = (
    Kind(
        name=erasing.CONTACTS,
        label=N_("Names and addresses of people who signed up"),
        since=Since.ENDING,
        unit=Unit.MONTHS,
        least=1,
        most=12,
        usual=1,
        concerns=erasing.is_event,
        ends=erasing.ends,
    ),
)
ERASERS = {erasing.CONTACTS: erasing.contacts, RESPONSES: erasing.sign_ups}
TASKS: dict[str, Task] = {
    "events.close": close,
    "events.seal": seal,
    "events.offer": offer,
    "events.tidy": tidy,
    "events.write": writing.write,
}
EVERY: dict[str, dt.timedelta] = {
    "events.close": dt.timedelta(hours=1),
    "events.seal": dt.timedelta(minutes=10),
    "events.offer": dt.timedelta(minutes=5),
    "events.tidy": dt.timedelta(minutes=10),
    "events.write": dt.timedelta(minutes=1),
}
