"""Whatever is done to the stored trail afterwards is noticed."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import text

from consult.audit import service
from consult.audit.service import GENESIS, Head
from consult.core.access import Actor
from consult.db.session import Database

ACTOR = Actor(uuid.UUID(int=7), "Ama <b>Mensah</b>")


def write(database: Database, now: dt.datetime, count: int = 5) -> Head:
    """Record some acts and chain them."""
    with database.transaction() as session:
        for index in range(count):
            service.record(
                session,
                actor=ACTOR if index % 2 else None,
                action="processes.create",
                subject=f"s{index}",
                now=now + dt.timedelta(seconds=index),
                process_id=uuid.UUID(int=index),
                details={"number": index, "title": "é"},
            )
    service.chain(database)
    with database.reading() as session:
        verdict = service.verify(session)
    assert verdict.misfit is None
    return verdict.head


def misfit(database: Database, expected: Head | None = None) -> int | None:
    with database.reading() as session:
        return service.verify(session, expected).misfit


def test_an_empty_trail_holds(database: Database) -> None:
    service.chain(database)
    with database.reading() as session:
        assert service.verify(session).head == Head(0, GENESIS)


def test_entries_are_numbered_in_the_order_in_which_things_were_done(database: Database, now: dt.datetime) -> None:
    assert write(database, now).number == 5
    with database.reading() as session:
        rows = session.execute(text("SELECT subject FROM audit_entries ORDER BY number")).scalars()
        assert list(rows) == ["s0", "s1", "s2", "s3", "s4"]


def test_later_entries_continue_the_chain(database: Database, now: dt.datetime) -> None:
    head = write(database, now)
    assert write(database, now, 700).number == 705
    assert misfit(database, head) is None


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Kofi'",
        "action = 'processes.creatf'",
        "subject = 's9'",
        'details = \'{"number"\\:2,"title"\\:"é" }\'',
        "details = '{}'",
        "actor_id = NULL, process_id = NULL",
        "institution_id = actor_id, process_id = NULL",
        "at = '2026-03-02 10:00:02.000001+00:00'",
        "number = 77",
        "hash = NULL",
    ],
)
def test_a_changed_entry_is_noticed(database: Database, now: dt.datetime, change: str) -> None:
    write(database, now)
    with database.transaction() as session:
        session.execute(text(f"UPDATE audit_entries SET {change} WHERE number = 3"))
    assert misfit(database) == 3


def test_a_deleted_inner_entry_is_noticed(database: Database, now: dt.datetime) -> None:
    write(database, now)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_entries WHERE number = 2"))
    assert misfit(database) == 2
    service.chain(database)
    assert misfit(database) == 2


def test_reordered_entries_are_noticed(database: Database, now: dt.datetime) -> None:
    write(database, now)
    with database.transaction() as session:
        for old, new in ((2, 99), (4, 2), (99, 4)):
            session.execute(
                text("UPDATE audit_entries SET number = :new WHERE number = :old"), {"old": old, "new": new}
            )
    assert misfit(database) == 2


def test_an_inserted_entry_is_noticed(database: Database, now: dt.datetime) -> None:
    write(database, now)
    with database.transaction() as session:
        for number in (5, 4, 3):
            session.execute(text("UPDATE audit_entries SET number = number + 1 WHERE number = :n"), {"n": number})
        service.record(session, actor=None, action="processes.create", subject="forged", now=now)
        session.flush()
        session.execute(text("UPDATE audit_entries SET number = 3 WHERE number IS NULL"))
    assert misfit(database) == 3


def test_a_cut_end_is_noticed_by_whoever_kept_the_head(database: Database, now: dt.datetime) -> None:
    head = write(database, now)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_entries WHERE number >= 4"))
    assert misfit(database) is None
    assert misfit(database, head) == 4
    assert write(database, now, 3).number == 6
    assert misfit(database, head) == 5


def test_those_who_chain_at_the_same_time_wait_for_each_other(database: Database, now: dt.datetime) -> None:
    if database.sqlite:
        pytest.skip("nobody else writes meanwhile")

    def act(subject: str, at: dt.datetime) -> None:
        with database.transaction() as session:
            service.record(session, actor=None, action="a.b", subject=subject, now=at)

    act("second", now)
    with database.transaction() as session:
        service._chain_batch(session)
        act("first, and written late", now - dt.timedelta(seconds=1))
        with ThreadPoolExecutor() as others:
            other = others.submit(service.chain, database)
            wait([other], timeout=0.5)
            assert not other.done()
            session.commit()
            other.result(timeout=10)
    with database.reading() as session:
        verdict = service.verify(session)
    assert (verdict.head.number, verdict.misfit) == (2, None)


def test_both_databases_chain_alike(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        service.record(session, actor=ACTOR, action="a.b", subject="s", now=now, process_id=uuid.UUID(int=1))
        session.flush()
        session.execute(text("UPDATE audit_entries SET id = :id"), {"id": uuid.UUID(int=3).hex})
    service.chain(database)
    with database.reading() as session:
        assert str(service.verify(session).head) == "1:760a9c6e541214c7067ae825a77cf4a9dbb9c0518f109de23466e2730b1e0e4a"
