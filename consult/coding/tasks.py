"""Recurring work: find texts to be coded, and forget those that are there no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, select

from consult.coding import gathering
from consult.coding.models import Batch, Item
from consult.db.installation import Installation
from consult.events import erasing as events
from consult.jobs.worker import Task
from consult.privacy.kinds import Wanted
from consult.privacy.models import RESPONSES

TABLES: Final = ("coding_items", "codings", "adjudications", "answer_translations")
"""Where what was said of texts lies: what is deleted there has to be forgotten."""


def gather(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Go through the texts of every process that has a codebook."""
    database, key = installation.database, installation.keys.codes
    with database.reading() as session:
        wanted = gathering.coded(session)
    for activity_id in wanted:
        gathering.gather(database, key, activity_id)


def sweep(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Forget the texts that are there no more."""
    database = installation.database
    with database.reading() as session:
        known = session.scalars(select(Item.activity_id).distinct()).all()
    if sum(gathering.sweep(database, installation.keys.codes, activity_id) for activity_id in known):
        database.scrub(*TABLES)


def erase(installation: Installation, wanted: Wanted) -> int:
    """Erase what was said of the texts of an activity, and their translations, when its responses go.

    Notes of an event name nobody and stay, and what was said of them with them.
    """
    with installation.database.transaction() as session:
        if events.is_event(session, wanted.activity_id):
            return 0
        gathering.forget(session, wanted.activity_id)
        session.execute(delete(Batch).where(Batch.activity_id == wanted.activity_id))
    installation.database.scrub(*TABLES)
    return 0


ERASERS = {RESPONSES: erase}
TASKS: dict[str, Task] = {"coding.gather": gather, "coding.sweep": sweep}
EVERY: dict[str, dt.timedelta] = {"coding.gather": dt.timedelta(hours=1), "coding.sweep": dt.timedelta(minutes=10)}
