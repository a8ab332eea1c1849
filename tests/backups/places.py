"""Machines: each with a data folder, and an SQLite file or a PostgreSQL database of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from consult.config import Keys, Settings, write_keys
from consult.db import migrate, portable
from consult.db.installation import Installation
from consult.db.portable import Summary
from consult.db.session import Database
from tests import postgresql

_numbers = itertools.count(1)
SYSTEMS = ("sqlite", "postgresql")


@contextmanager
def machine(system: str, folder: Path, worker_id: str) -> Iterator[Settings]:
    """Settings of an empty machine."""
    with ExitStack() as stack:
        url = ""
        if system == "postgresql":
            url = stack.enter_context(postgresql.fresh_database(f"backups_{worker_id}_{next(_numbers)}"))
        yield Settings(data=folder, database_url=url, backup_folder=str(folder.parent / f"{folder.name}-backups"))


@contextmanager
def installed(settings: Settings, keys: Keys) -> Iterator[Installation]:
    """An installation on a machine; its schema is made where there is none."""
    settings.data.mkdir(parents=True, exist_ok=True)
    write_keys(keys, settings.keys_file)
    database = Database(settings.url)
    migrate.upgrade(database)
    try:
        yield Installation(settings, keys, database)
    finally:
        database.close()


def rows(settings: Settings) -> dict[str, Summary]:
    """How many rows each table has, and their hash, whichever the database is."""
    database = Database(settings.url)
    try:
        with database.snapshot() as session:
            return {
                name: Summary().plus(portable.lines(session.connection(), name, layout))
                for name, layout in portable.layouts().items()
            }
    finally:
        database.close()


def files(settings: Settings) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file that belongs to the installation."""
    return {
        str(path.relative_to(settings.data)): (path.read_bytes(), int(path.stat().st_mtime))
        for folder in ("columns", "media", "uploads")
        for path in settings.data.joinpath(folder).rglob("*")
        if path.is_file() and path.name != "lock"
    }
