"""Recurring work: mix what has been submitted, seal what has closed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.db.session import Database
from consult.responses import mixing


def mix(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Mix the submissions of every open activity in which enough of them wait."""
    database, chance = installation.database, random.SystemRandom()
    with database.reading() as session:
        waiting = mixing.ready(session, now)
    for activity_id, threshold in waiting:
        moved = True
        while moved:
            with database.transaction() as session:
                moved = mixing.mix(session, activity_id, least=threshold, chance=chance) > 0


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every activity that has closed, and leave nothing of the order of arrival in the files."""
    database, chance = installation.database, random.SystemRandom()
    with database.reading() as session:
        closed = mixing.unsealed(session, now)
    for activity_id in closed:
        with database.transaction() as session:
            mixing.seal(session, activity_id, chance=chance, now=now)
    if closed:
        _sweep(database)


def _sweep(database: Database) -> None:
    """Have the database forget the bytes of deleted rows: outside a transaction, as both systems want it."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "PRAGMA wal_checkpoint(TRUNCATE)" if database.sqlite else "VACUUM intake, responses, tombstones"
        )


TASKS = {"responses.mix": mix, "responses.seal": seal}
EVERY = {"responses.mix": dt.timedelta(minutes=1), "responses.seal": dt.timedelta(minutes=1)}
