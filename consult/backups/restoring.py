"""Bringing an installation back from an archive, which is checked to its end before anything is touched."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import delete, inspect, text

from consult import config
from consult.accounts.models import SignIn
from consult.audit import service as audit
from consult.audit.service import Head
from consult.backups import archive, holdings
from consult.backups.archive import Contents, Member
from consult.config import Keys, Settings, Store
from consult.core.errors import Refused
from consult.db import migrate, portable
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.portable import Summary
from consult.db.session import Database
from consult.privacy import ledger
from consult.privacy.ledger import Ledger
from consult.results import stores

AfterRestore = Callable[[Installation, dt.datetime], int]
"""What a slice does in an installation that has come back: erase again what the ledger names; how much that was."""


class Restored(NamedTuple):
    """What came back."""

    contents: Contents
    erased: int
    """What the erasure ledger named and was erased again."""


def restore(
    path: Path,
    settings: Settings,
    keys_file: Path,
    *,
    force: bool,
    afterwards: Sequence[AfterRestore],
    now: dt.datetime,
) -> Restored:
    """Restore an archive, into whichever database the settings name; nothing else may be running on it meanwhile.

    Refuses what `archive.verify` refuses, `backups.keys.missing`, `backups.keys.other` (a different keys.json lies in
    the data folder), `backups.newer` (the schema is that of a newer version), `backups.occupied` (there are rows or
    files; `force` replaces them) and `backups.differs` where the database does not give back what was written. Until
    then the old database stays, if it is a file.
    """
    keys = keys_at(keys_file)
    if settings.keys_file.exists() and keys_at(settings.keys_file) != keys:
        raise Refused.because("backups.keys.other", file=str(settings.keys_file))
    contents = archive.verify(path, keys)
    if not migrate.knows(contents.head.revision):
        raise Refused.because("backups.newer", version=contents.head.version)
    if not force and _occupied(settings):
        raise Refused.because("backups.occupied")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _fresh(settings) as database:
        for folder in holdings.FOLDERS:
            stores.clear(holdings.place(settings, f"{folder}/"))
        _fill(database, settings, path, keys, contents)
    if not settings.keys_file.exists():
        config.write_keys(keys, settings.keys_file)
    database = Database(settings.url)
    try:
        return Restored(contents, _finish(Installation(settings, keys, database), path.name, contents, afterwards, now))
    finally:
        database.close()


def keys_at(path: Path) -> Keys:
    """The keys of a file; refuses `backups.keys.missing` where there are none that can be read."""
    try:
        return config.read_keys(path)
    except (OSError, ValueError):
        raise Refused.because("backups.keys.missing", file=str(path)) from None


def _occupied(settings: Settings) -> bool:
    if next(holdings.present(settings), None) is not None:
        return True
    if not _exists(settings):
        return False
    database = Database(settings.url)
    try:
        with database.reading() as session:
            there = set(inspect(session.connection()).get_table_names()) & Base.metadata.tables.keys()
            return any(session.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in there)  # noqa: S608  # names of our own tables
    finally:
        database.close()


def _exists(settings: Settings) -> bool:
    file = _file_of(settings)
    return file is None or file.exists()


def _file_of(settings: Settings) -> Path | None:
    """The file of an SQLite database; none where another system keeps it."""
    database = Database(settings.url)
    return Path(database.url.database or "") if database.sqlite else None


@contextmanager
def _fresh(settings: Settings) -> Iterator[Database]:
    """A database without a schema. One that is a file takes the place of the old one when all has gone well."""
    file = _file_of(settings)
    if file is None:
        database = Database(settings.url)
        migrate.downgrade(database, "base")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        staged = file.with_name(f".{file.name}.restoring")
        _remove(staged)
        database = Database(f"sqlite:///{staged}")
    try:
        yield database
        if file is not None:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
            _remove(file)
            staged.replace(file)
    finally:
        database.close()


def _fill(database: Database, settings: Settings, path: Path, keys: Keys, contents: Contents) -> None:
    """Bring in files and rows, look that the database gives the same back, and bring the schema up to date."""
    head, manifest = contents
    migrate.upgrade(database, head.revision)
    with database.writing.begin() as connection:
        references = portable.let_go(connection)
        with archive.opened(path, keys) as (_, members):
            for member in members:
                if table := archive.table_of(member.name):
                    portable.load(connection, table, head.tables[table], archive.rows(member))
                elif member.name in manifest.files:
                    _bring(holdings.place(settings, member.name), member)
                elif member.name == archive.LEDGER:
                    # Never replaced: the one in its place may be newer than the archive.
                    Ledger(settings.ledger).take_over(ledger.lines(member.file))
        for reference in references:
            connection.exec_driver_sql(reference)
        for table, layout in head.tables.items():
            if Summary().plus(portable.lines(connection, table, layout)) != manifest.tables[table]:
                raise Refused.because("backups.differs", what=table)
    migrate.upgrade(database)
    with database.reading() as session:
        verdict = audit.verify(session, Head.read(manifest.audit))
    if verdict.misfit is not None or str(verdict.head) != manifest.audit:
        raise Refused.because("backups.differs", what="audit_entries")


def _bring(path: Store, member: Member) -> None:
    """Write a file, in a folder with the time that it had."""
    if not isinstance(path, Path):
        with stores.new(path, lambda _block: None) as upload:
            archive.copied(member.file, upload.write)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        archive.copied(member.file, file.write)
        file.flush()
        os.utime(path, (member.moment, member.moment))
        os.fsync(file.fileno())


def _finish(
    installation: Installation,
    name: str,
    contents: Contents,
    afterwards: Sequence[AfterRestore],
    now: dt.datetime,
) -> int:
    """Sign everybody out, erase again what the ledger names, and note that this is a restored installation."""
    with installation.database.transaction() as session:
        session.execute(delete(SignIn))
    erased = sum(after(installation, now) for after in afterwards)
    with installation.database.transaction() as session:
        details = {"made_at": contents.head.made_at, "version": contents.head.version, "erased": erased}
        audit.record(session, actor=None, action="backups.restore", subject=name, now=now, details=details)
    return erased


def _remove(database: Path) -> None:
    """Delete an SQLite database with the files beside it; its log first, which would be taken for that of another."""
    for suffix in ("-wal", "-shm", ""):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
