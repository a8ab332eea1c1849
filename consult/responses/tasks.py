"""Recurring work: mix what was submitted, seal what has closed, end trials, delete files that nobody has."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import trials
from consult.processes.models import Activity
from consult.responses import mixing, queries, uploads


def mix(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Mix the submissions of every open activity in which enough of them wait."""
    database, chance = installation.database, random.SystemRandom()
    with database.reading() as session:
        waiting = mixing.ready(session, now)
    for activity_id, threshold in waiting:
        moved = True
        while moved:
            files = mixing.Files()
            with database.transaction() as session:
                moved = mixing.mix(session, activity_id, least=threshold, chance=chance, files=files) > 0
            files.settle(uploads.folder(installation.settings.uploads, activity_id))


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every activity that has closed, and leave nothing of the order of arrival in the files."""
    database, chance = installation.database, random.SystemRandom()
    with database.reading() as session:
        closed = mixing.unsealed(session, now)
    for activity_id in closed:
        folder = uploads.folder(installation.settings.uploads, activity_id)
        # Before the rows: what is cut off in between is sealed again.
        folder.rewrite(list(folder.names()))
        with database.transaction() as session:
            gone = mixing.seal(session, activity_id, chance=chance, now=now)
        folder.remove(gone)
    if closed:
        forget_deleted(database)


def end_trials(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the trials of activities that have opened, and the files of all that are deleted.

    Who opens an activity by hand deletes its trial by that; `payload` says so, as its bytes are to be forgotten too.
    """
    database, gone = installation.database, payload.get("deleted", False)
    with database.reading() as session:
        over = [activity.id for activity in trials.opened(session, now)]
    for activity_id in over:
        with database.transaction() as session:
            trials.forget(session, session.get_one(Activity, activity_id), now)
    with database.reading() as session:
        for activity_id, folder in uploads.trial_folders(installation.settings.uploads):
            if trials.trial(session, activity_id) is None:
                folder.remove(list(folder.names()))
            else:
                folder.sweep(queries.tried(session, activity_id), now=now)
    if over or gone:
        forget_deleted(database)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files that came and never got into an answer, or were left when an answer went.

    Of all activities, sealed ones too: responses can also be deleted by hand.
    """
    with installation.database.reading() as session:
        for activity_id in session.scalars(select(Activity.id)).all():
            folder = uploads.folder(installation.settings.uploads, activity_id)
            if folder.path.is_dir():
                folder.sweep(queries.all_held(session, activity_id), now=now)


def forget_deleted(database: Database) -> None:
    """Have the database forget the bytes of deleted rows: outside a transaction, as both systems want it."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "PRAGMA wal_checkpoint(TRUNCATE)"
            if database.sqlite
            else "VACUUM intake, responses, tombstones, trial_intake"
        )


TASKS = {"responses.mix": mix, "responses.seal": seal, "responses.tidy": tidy, "responses.end_trials": end_trials}
EVERY = {
    "responses.mix": dt.timedelta(minutes=1),
    "responses.seal": dt.timedelta(minutes=1),
    "responses.end_trials": dt.timedelta(minutes=1),
    "responses.tidy": dt.timedelta(minutes=10),
}
