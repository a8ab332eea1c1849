"""Statements handed to the driver as they are do what SQLAlchemy would have done with them."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from consult.core.text import LocalisedText
from consult.db.prepared import Prepared
from consult.processes.models import Process
from tests.factories.processes import make_process
from tests.statements import away

OLD, NEW = (bindparam(name, type_=Process.slug.type) for name in ("old", "new"))
COLUMNS = Process.__table__.c
FIND = Prepared(select(COLUMNS.id, COLUMNS.title, COLUMNS.locales, COLUMNS.approval).where(COLUMNS.slug == OLD))
MOVE = Prepared(update(Process.__table__).where(COLUMNS.slug == OLD, COLUMNS.approval.is_(False)).values(slug=NEW))


@pytest.fixture
def process(database):
    with database.transaction() as session:
        return make_process(session, slug="labour")


def test_values_come_back_as_everywhere_else(database, process):
    with database.single() as connection:
        found = FIND.row(connection, {"old": "labour"})
        assert found == (process.id, process.title, process.locales, False)
        assert [type(value) for value in found] == [uuid.UUID, LocalisedText, list, bool]
        assert FIND.row(connection, {"old": "none"}) is None


def test_changes_are_counted_and_belong_to_the_transaction_around_them(database, process):
    with database.transaction() as session:
        assert MOVE.count(session, {"old": "labour", "new": "work"}) == 1
        assert MOVE.count(session, {"old": "labour", "new": "work"}) == 0
        session.rollback()
    with database.reading() as session:
        assert FIND.row(session, {"old": "labour"})


def test_what_the_database_refuses_is_told_without_the_values(database, process):
    with database.transaction() as session:
        make_process(session, slug="health")
    with pytest.raises(IntegrityError) as refused, database.single(write=True) as connection:
        MOVE.count(connection, {"old": "labour", "new": "health"})
    assert "[parameters" not in str(refused.value)
    with database.single(write=True) as connection:
        assert MOVE.count(connection, {"old": "labour", "new": "work"}) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_is_not_used_again(database, process):
    with database.single() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with database.transaction() as session:
        session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
    with pytest.raises(OperationalError) as cut, database.single() as connection:
        FIND.row(connection, {"old": "labour"})
    assert cut.value.connection_invalidated
    with database.single() as connection:
        assert FIND.row(connection, {"old": "labour"})


def test_a_database_that_is_away_is_said_to_be(database, process):
    with away(database), pytest.raises(OperationalError), database.single() as connection:
        FIND.row(connection, {"old": "labour"})


def test_a_connection_that_the_driver_knows_is_closed_is_not_used_again(database, process):
    with pytest.raises(DBAPIError) as cut, database.single() as connection:
        connection.connection.driver_connection.close()
        FIND.row(connection, {"old": "labour"})
    assert cut.value.connection_invalidated
    with database.single() as connection:
        assert FIND.row(connection, {"old": "labour"})
