"""Locks by name, each shared or exclusive, between all who use one database.

PostgreSQL keeps them. SQLite has none, and all who use it are on one machine: files beside it are locked instead. Of
whoever is killed nothing stays locked.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from consult.db.session import Sessions, writing

_PATIENT: Final = (
    "SET lock_timeout = 0",
    "SET statement_timeout = 0",
    "SET idle_session_timeout = 0",  # it waits while files are written
    "SET tcp_keepalives_idle = 30",  # a machine without power lets go within a minute
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)


@contextmanager
def locked(engine: Engine, name: uuid.UUID, *, exclusive: bool) -> Iterator[Sessions]:
    """Wait for a lock and hold it meanwhile; sessions that can write nothing once it is lost.

    On PostgreSQL those are of the very connection that holds the lock: a server that gave it to another has closed
    that connection. One at a time, therefore, and none from another thread.
    """
    if engine.dialect.name == "sqlite":
        with _file(engine, name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
            yield Sessions(engine, writing(engine))
        return
    with engine.connect() as connection:
        try:
            for setting in _PATIENT:
                connection.exec_driver_sql(setting)
            lock = text(f"SELECT pg_advisory_lock{'' if exclusive else '_shared'}(:key)")
            connection.execute(lock, {"key": int.from_bytes(name.bytes[8:], "big", signed=True)})
            connection.commit()
            yield Sessions(connection, connection)
        finally:
            connection.invalidate()  # it is closed, and the lock goes with it, whatever became of either


def _file(engine: Engine, name: uuid.UUID) -> Path:
    folder = Path(engine.url.database or "").parent / "locks"
    folder.mkdir(exist_ok=True)
    return folder / str(name)
