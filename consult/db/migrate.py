"""Schema migrations: the only way a schema comes to be, in tests as in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from consult import paths
from consult.db.base import PARTITIONS, Base
from consult.db.session import Database

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory


def configuration(database: Database) -> Config:
    """Alembic's configuration for a database, without any ini file."""
    from alembic.config import Config  # noqa: PLC0415  # heavy, and neither the web nor the worker migrates

    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["database"] = database
    return config


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # heavy, and neither the web nor the worker migrates

    return ScriptDirectory(str(paths.MIGRATIONS))


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision."""
    from alembic import command  # noqa: PLC0415  # heavy, and neither the web nor the worker migrates

    command.upgrade(configuration(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the schema down to a revision (`base`: to nothing)."""
    from alembic import command  # noqa: PLC0415  # heavy, and neither the web nor the worker migrates

    command.downgrade(configuration(database), revision)


def head() -> str:
    """The newest revision that this version knows."""
    return _scripts().get_current_head() or ""


def knows(revision: str) -> bool:
    """Whether this version can bring a schema from a revision to the newest."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def current(session: Session) -> str:
    """The revision of a database's schema; empty where it has none."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  # heavy, and neither the web nor the worker migrates

    return MigrationContext.configure(session.connection()).get_current_revision() or ""


def draft(database: Database, message: str) -> None:
    """Bring a database up to date, then write down as the next revision what the models have beyond it."""
    from alembic import command  # noqa: PLC0415  # heavy, and neither the web nor the worker migrates

    upgrade(database)
    command.revision(configuration(database), message, autogenerate=True, rev_id=f"{int(head() or 0) + 1:04}")


def partitions(table: str) -> list[str]:
    """PostgreSQL statements that make the hash partitions of a big table."""
    return [
        f"CREATE TABLE {table}_p{index} PARTITION OF {table} FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {index})"
        for index in range(PARTITIONS)
    ]


def is_partition(name: str) -> bool:
    """Whether a table is a partition, which no model describes."""
    stem, _, index = name.rpartition("_p")
    return index.isdigit() and stem in Base.metadata.tables


def empty(database: Database) -> None:
    """Delete every row of every table of a PostgreSQL database at once, keeping the schema: for tests."""
    with database.engine.begin() as connection:
        tables = reversed(Base.metadata.sorted_tables)
        connection.exec_driver_sql("; ".join(f"DELETE FROM {table.name}" for table in tables))  # noqa: S608  # names of our own tables
