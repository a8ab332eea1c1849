"""Making a backup while people answer: files first, then one moment of the database and what it names beyond them."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from sqlalchemy.orm import Session

from consult import __version__
from consult.audit import service as audit
from consult.backups import archive, holdings, shelf
from consult.backups.archive import Copied, Head, Manifest, Writer
from consult.config import Settings, Store
from consult.core.errors import Refused
from consult.db import migrate, portable
from consult.db.installation import Installation
from consult.files import held
from consult.responses.erasing import TABLES
from consult.results import stores

_ROUNDS: Final = 5
"""So many moments are tried before a file that is named and not there counts as lost."""


class Made(NamedTuple):
    """What a backup is."""

    path: Path
    manifest: Manifest
    deleted: list[Path]
    """Backups that were too old."""


def make(installation: Installation, *, now: dt.datetime) -> Made:
    """Make a backup, read it again, put it in place, and delete those that are too old.

    Refuses `backups.schema` (the schema is not that of this version), `backups.running`, `backups.room`, and
    `backups.damaged` where the disk gives back something else than was written.
    """
    settings, database = installation.settings, installation.database
    with database.reading() as session:
        _at_head(session)
    audit.chain(database)
    with shelf.draft(settings.backups) as draft:
        head = Head(
            archive.FORMAT,
            __version__,
            migrate.head(),
            now.isoformat(),
            archive.keys_of(installation.keys),
            portable.layouts(),
        )
        _write(installation, Writer(draft, installation.keys, head))
        draft.settle()
        manifest = archive.verify(draft.path, installation.keys).manifest
        path = shelf.enter(draft, now)
    with database.transaction() as session:
        audit.record(session, actor=None, action="backups.make", subject=path.name, now=now)
    # Who read for long kept the database from forgetting what was deleted and mixed meanwhile.
    database.scrub(*TABLES)
    old = [backup.path for backup in shelf.expired(settings.backups, days=settings.backup_days, now=now)]
    for one in old:
        one.unlink(missing_ok=True)
    return Made(path, manifest, old)


def _write(installation: Installation, writer: Writer) -> None:
    settings, database = installation.settings, installation.database
    files: dict[str, Copied] = {}
    with database.snapshot() as session:
        ahead = holdings.named(session, settings)
    # Most of what there is, while the database is not held up; what comes and goes meanwhile is settled below.
    _copy(settings, ahead, writer, files)
    for more in reversed(range(_ROUNDS)):
        with database.snapshot() as session:
            _at_head(session)
            names = holdings.named(session, settings)
            _copy(settings, names - files.keys(), writer, files)
            lost = names - files.keys()
            if lost and more:  # taken away since this moment: a later one does not name it
                continue
            if settings.ledger.exists():
                writer.put(archive.LEDGER, settings.ledger.read_bytes())
            tables = {
                name: writer.put_rows(name, portable.lines(session.connection(), name, layout))
                for name, layout in portable.layouts().items()
            }
            verdict = audit.verify(session)
            kept = {name: files[name] for name in sorted(names & files.keys())}
            writer.finish(Manifest(tables, kept, str(verdict.head), tuple(sorted(lost))))
            return


def _copy(settings: Settings, names: Iterable[str], writer: Writer, files: dict[str, Copied]) -> None:
    """Copy files in the order of their random names; those that are gone are passed over."""
    for name in sorted(names):
        with _opened(holdings.place(settings, name)) as found:
            if found:
                file, size, moment = found
                files[name] = writer.put_file(name, file, size=size, moment=moment)


@contextmanager
def _opened(place: Store) -> Iterator[tuple[BinaryIO, int, int] | None]:
    """A file that nobody changes meanwhile, its size, and its time in seconds since 1970; none where there is none."""
    if isinstance(place, Path):
        with held(place, fcntl.LOCK_SH) as file:
            about = os.fstat(file.fileno()) if file else None
            yield (file, about.st_size, int(about.st_mtime)) if file and about else None
        return
    with stores.opened(place) as found:
        yield (found[0], found[1].size, int(found[1].changed)) if found else None


def _at_head(session: Session) -> None:
    if migrate.current(session) != migrate.head():
        raise Refused.because("backups.schema")
