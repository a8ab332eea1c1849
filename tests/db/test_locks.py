"""Locks by name: who holds one alone, who shares it, and what becomes of those who lose it."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from consult.db.locks import locked
from consult.db.session import Database

NAME, OTHER = uuid.uuid4(), uuid.uuid4()
HOLDER = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")


class Waiting(threading.Thread):
    """Somebody who wants a lock."""

    def __init__(self, database: Database, *, exclusive: bool, name: uuid.UUID = NAME) -> None:
        super().__init__(daemon=True)
        self.database, self.exclusive, self.wanted, self.got = database, exclusive, name, threading.Event()
        self.start()

    def run(self) -> None:
        with locked(self.database.engine, self.wanted, exclusive=self.exclusive):
            self.got.set()


@pytest.mark.parametrize(
    ("held", "wanted", "name", "at_once"),
    [
        (True, True, NAME, False),
        (True, False, NAME, False),
        (False, True, NAME, False),
        (False, False, NAME, True),
        (True, True, OTHER, True),
    ],
)
def test_who_must_wait(database: Database, held: bool, wanted: bool, name: uuid.UUID, at_once: bool) -> None:
    with locked(database.engine, NAME, exclusive=held):
        waiting = Waiting(database, exclusive=wanted, name=name)
        assert waiting.got.wait(20 if at_once else 0.3) is at_once
    assert waiting.got.wait(20)
    waiting.join()


def test_who_fails_lets_go(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), locked(database.engine, NAME, exclusive=True):
        raise ZeroDivisionError
    assert Waiting(database, exclusive=True).got.wait(20)


def test_what_is_written_meanwhile_is_kept(database: Database) -> None:
    with locked(database.engine, NAME, exclusive=True) as alone:
        with alone.transaction() as session:
            session.execute(text("CREATE TABLE written (n INTEGER)"))
        with alone.transaction() as session:
            session.execute(text("INSERT INTO written VALUES (1)"))
        with alone.reading() as session:
            assert session.scalar(text("SELECT n FROM written")) == 1
        assert not Waiting(database, exclusive=True).got.wait(0.3), "a transaction does not end the lock"
    with database.transaction() as session:
        assert session.scalar(text("SELECT n FROM written")) == 1
        session.execute(text("DROP TABLE written"))


def test_who_lost_the_lock_writes_nothing_any_more(_migrated_postgresql: Database) -> None:
    """As when the network between fails: the server gives the lock to the next one."""
    database = _migrated_postgresql
    with locked(database.engine, NAME, exclusive=True) as alone:
        with database.reading() as session:
            session.execute(HOLDER)
        assert Waiting(database, exclusive=True).got.wait(20)
        with pytest.raises(DBAPIError), alone.transaction() as session:
            session.execute(text("SELECT 1"))
