"""Fixtures for every test: a clock, a migrated database on SQLite and on PostgreSQL, the application, a client."""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.db import migrate
from consult.db.session import Database
from tests import applications, postgresql

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


# Half the time of short tests went into looking for garbage among what lasts: modules, tests, routes, models.
gc.set_threshold(100_000, 20, 20)


def pytest_collection_finish() -> None:
    """What is there before the first test stays there."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def now() -> dt.datetime:
    """A Monday morning on which most tests happen."""
    return NOW


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Keys of an installation."""
    return Keys(b"s" * 32, b"c" * 32, {"1": b"k" * 32}, {"1": b"o" * 32}, {"1": b"b" * 32})


@pytest.fixture(scope="session")
def _migrated_sqlite() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "migrated.db")
        database = Database(f"sqlite:///{path}")
        migrate.upgrade(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        yield path


@pytest.fixture(scope="session")
def _migrated_postgresql(worker_id: str) -> Iterator[Database]:
    with postgresql.fresh_database(f"test_{worker_id}") as url:
        database = Database(url)
        migrate.upgrade(database)
        yield database
        database.close()


@pytest.fixture
def sqlite(_migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty migrated SQLite file."""
    path = tmp_path / "consult.db"
    shutil.copy(_migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def server(_migrated_postgresql: Database) -> Iterator[Database]:
    """An empty migrated database on PostgreSQL."""
    yield _migrated_postgresql
    migrate.empty(_migrated_postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty migrated database, on both systems."""
    found: Database = request.getfixturevalue("sqlite" if request.param == "sqlite" else "server")
    return found


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session on both systems; what the test leaves uncommitted is rolled back."""
    with database.session(write=True) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation whose data lie in the test's own folder."""
    return Settings(data=tmp_path, base_url="http://localhost", trusted_hosts=("localhost", "127.0.0.1"))


@pytest.fixture
def app(settings: Settings, keys: Keys, database: Database) -> Flask:
    """The whole application on both systems."""
    application = applications.begun(settings, keys, database)
    application.testing = True
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


if "PYTEST_XDIST_WORKER" not in os.environ:

    @pytest.fixture(scope="session")
    def worker_id() -> str:
        """Name of the one worker there is."""
        return "main"
