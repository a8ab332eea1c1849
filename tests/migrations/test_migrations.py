"""Migrations go up, down and up again, and end where the models are."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import consult.app  # noqa: F401  # registers every model
from consult.db import migrate
from consult.db.base import Base
from consult.db.session import Database


def test_models_equal_head(database: Database) -> None:
    def include(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name is not None and migrate.is_partition(name))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": include, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_going_down_leaves_nothing_and_up_again_works(database: Database) -> None:
    migrate.downgrade(database, "base")
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        assert "responses" in inspect(connection).get_table_names()


def test_on_postgresql_the_big_tables_are_hash_partitions(_migrated_postgresql: Database) -> None:
    with _migrated_postgresql.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    assert sum(name.startswith("responses_p") for name in tables) == 8
