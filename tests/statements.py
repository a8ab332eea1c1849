"""What a database is told: by its driver, as not every statement passes through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from consult.db.session import Database


@contextmanager
def noted(database: Database) -> Iterator[list[str]]:
    """The statements that its drivers are told meanwhile, but for transactions."""
    said: list[str] = []

    def note(statement: str) -> None:
        if statement.split(maxsplit=1)[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET"):
            said.append(statement)

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *given: Any, **further: Any) -> Any:
            note(str(query))
            return super().execute(query, *given, **further)

    def listen(connection: Any, _record: Any) -> None:
        if database.sqlite:
            connection.set_trace_callback(note)
        else:
            connection.cursor_factory = Noting

    with _listening(database, "connect", listen):
        yield said


@contextmanager
def away(database: Database) -> Iterator[None]:
    """It cannot be reached meanwhile."""

    def fail(*_: object) -> None:
        raise OperationalError("connect", {}, Exception("nobody listens"))

    with _listening(database, "do_connect", fail):
        yield


@contextmanager
def _listening(database: Database, name: str, listener: Callable[..., None]) -> Iterator[None]:
    """From new connections on, until these are closed too."""
    database.close()
    for engine in database.engines:
        event.listen(engine, name, listener)
    try:
        yield
    finally:
        for engine in database.engines:
            event.remove(engine, name, listener)
        database.close()
