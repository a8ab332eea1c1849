"""Connections on which each statement is a transaction of its own."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from consult.db.session import Database

ONE = text("SELECT 1")


def test_a_connection_is_kept_for_the_next_statement(database: Database) -> None:
    with database.single() as first:
        first.execute(ONE)
    with database.single() as second:
        assert second is first


def test_two_at_a_time_have_a_connection_each(database: Database) -> None:
    with database.single() as one, database.single() as other:
        assert one is not other
        assert one.execute(ONE).scalar() == other.execute(ONE).scalar() == 1


def test_after_a_fault_none_is_kept(database: Database) -> None:
    with database.single() as before, database.single() as beside:
        before.execute(ONE)
        beside.execute(ONE)
    with pytest.raises(OperationalError), database.single() as broken:
        raise OperationalError("SELECT 1", {}, Exception("the server has gone away"))
    with database.single() as after:
        assert after not in (before, beside, broken)
        assert after.execute(ONE).scalar() == 1


def test_what_one_writes_the_next_one_reads(database: Database) -> None:
    with database.single(write=True) as connection:
        connection.execute(text("CREATE TABLE written (n INTEGER)"))
    found: list[int] = []

    def write_and_read(number: int) -> None:
        with database.single(write=True) as connection:
            connection.execute(text("INSERT INTO written VALUES (:n)"), {"n": number})
        with database.single() as connection:
            found.append(connection.execute(text("SELECT count(*) FROM written WHERE n = :n"), {"n": number}).scalar())

    threads = [threading.Thread(target=write_and_read, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.single(write=True) as connection:
        connection.execute(text("DROP TABLE written"))
    assert found == [1] * 60
