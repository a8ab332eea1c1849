"""The whole examination, from the outside in: what one part needs and is not there ends that part only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from consult.config import Settings
from consult.core.errors import Problem
from consult.db import migrate
from consult.db.session import Database
from consult.doctor import contents, copies, databases, nginx, surroundings, units


class Wanted(NamedTuple):
    """What is to be looked at besides the installation itself."""

    nginx: Sequence[Path] = ()
    units: Sequence[Path] = ()
    deep: bool = False
    """Whether files and the newest backup are read to their end."""


def examine(settings: Settings, environ: Mapping[str, str], wanted: Wanted, *, now: dt.datetime) -> list[Problem]:
    """Everything that leaks or is at fault; nothing is changed, and nothing is made that was not there."""
    return [
        *surroundings.settings_found(settings, environ),
        *surroundings.keys_found(settings),
        *surroundings.folders_found(settings),
        *surroundings.ledger_found(settings),
        *_database(settings, wanted, now),
        *copies.found(settings, surroundings.keys_at(settings.keys_file), now, deep=wanted.deep),
        *(problem for path in wanted.nginx for problem in nginx.found(path)),
        *(problem for path in wanted.units for problem in units.found(path)),
    ]


def _database(settings: Settings, wanted: Wanted, now: dt.datetime) -> Iterator[Problem]:
    database = Database(settings.url)
    file = Path(database.url.database or "")
    if database.sqlite and not file.exists():  # to look would make it
        yield Problem("doctor.fault.database_away", {"why": str(file)})
        return
    keys = surroundings.keys_at(settings.keys_file)
    try:
        with database.reading() as session:
            yield from databases.found(session, now, deep=wanted.deep)
            if migrate.current(session) == migrate.head():
                yield from contents.work_found(session, now)
                yield from contents.files_found(session, settings, now)
                if wanted.deep:
                    yield from contents.hashes_found(session, settings)
                if keys is not None:
                    yield from contents.seals_found(session, keys)
    except DBAPIError as error:
        yield Problem("doctor.fault.database_away", {"why": type(error.orig).__name__})
    finally:
        database.close()
