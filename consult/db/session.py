"""The database: one engine, reading and writing sessions, the same code on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # acknowledged is stored, power loss included
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",  # what is withdrawn leaves no bytes behind
)
"""What every connection to SQLite is told first."""


_KEPT = 4
"""Connections kept outside the pool, as many as a server process has threads; who waits at the pool gets the others."""


class Sessions:
    """Reading and writing sessions, each on a connection of an engine, or all on one connection."""

    def __init__(self, reading: Engine | Connection, writing: Engine | Connection) -> None:
        self._reading, self._writing = reading, writing

    def session(self, *, write: bool) -> Session:
        """A session; a writing one takes SQLite's write lock at its first statement (BEGIN IMMEDIATE)."""
        return Session(self._writing if write else self._reading, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing session that commits on return and rolls back on an exception."""
        with self.session(write=True) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; whatever it did is rolled back."""
        with self.session(write=False) as session:
            yield session


class Database(Sessions):
    """Engine and sessions of one installation. Pass it along; there is no global one."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 8}
        if self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine: Engine = create_engine(self.url, **options)
        if self.sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self.writing = writing(self.engine)
        super().__init__(self.engine, self.writing)
        if self.sqlite:
            self._single: Engine = self.engine.execution_options(consult_single=True)
        else:
            # Connections of its own: to change the isolation level at each turn takes longer than the statement.
            options |= {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
            self._single = create_engine(self.url, **options)
            event.listen(self._single, "connect", _plan_once)
        self._idle: dict[bool, list[Connection]] = {False: [], True: []}
        # Writers of one process wait for each other here: SQLite would have them poll.
        self._turn: AbstractContextManager[object] = threading.Lock() if self.sqlite else nullcontext()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that sees all tables as they are now, however long it reads and others write."""
        level = {} if self.sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**level) as connection, Session(connection) as session:
            session.execute(text("SELECT count(*) FROM alembic_version"))  # both systems begin with the first look
            yield session

    @contextmanager
    def single(self, *, write: bool = False) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own: the shortest lock, few round trips.

        It is kept for the next one: to take it from the pool and begin there takes longer than a statement. On SQLite
        the same one always writes, for what one writes the others have to read anew. After a fault none is kept: the
        server may have gone away under all of them.
        """
        idle = self._idle[write and self.sqlite]
        with self._turn if write else nullcontext():
            connection = _last(idle) or self._single.connect()
            try:
                yield connection
            except BaseException:
                connection.close()
                self._close_idle()
                raise
            if len(idle) < _KEPT:
                idle.append(connection)
            else:
                connection.close()

    def together(self, work: Callable[[Connection], bool]) -> bool:
        """Do several statements on a connection of `single` and in its turn: all count, or where `work` says False or
        raises, none."""
        with self.single(write=True) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
            done = False
            try:
                done = work(connection)
            finally:
                connection.exec_driver_sql("COMMIT" if done else "ROLLBACK")
        return done

    def scrub(self, *tables: str) -> None:
        """Have the database forget the bytes of rows deleted from tables: outside a transaction, as both systems want
        it."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(
                "PRAGMA wal_checkpoint(TRUNCATE)" if self.sqlite else f"VACUUM {', '.join(tables)}"
            )

    def _close_idle(self) -> None:
        for idle in self._idle.values():
            while connection := _last(idle):
                connection.close()

    def close(self) -> None:
        """Close every connection."""
        self._close_idle()
        for engine in self.engines:
            engine.dispose()

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Every pool of connections: for those who listen to what is executed."""
        return (self.engine,) if self.sqlite else (self.engine, self._single)


def writing(engine: Engine) -> Engine:
    """The same engine for those who write."""
    return engine.execution_options(consult_write=True)


def _last(idle: list[Connection]) -> Connection | None:
    try:
        return idle.pop()
    except IndexError:  # another thread was faster
        return None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own implicit BEGIN is deferred; ours is emitted by _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _plan_once(connection: Any, _record: Any) -> None:
    # Looked up by whole keys: one plan is as good for every row, and planning takes longer than running.
    connection.execute("SET plan_cache_mode = force_generic_plan")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("consult_single", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("consult_write", False) else "BEGIN")
