"""The folder of backups: one writer at a time, whole archives only, the old ones deleted."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from consult.core.errors import Refused
from consult.files import RESERVE

_NAME: Final = re.compile(r"consult-(\d{8}T\d{6}Z)\.backup")
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


class Backup(NamedTuple):
    """An archive in the folder."""

    made_at: dt.datetime
    path: Path


def backups(folder: Path) -> list[Backup]:
    """The archives of a folder, the newest first."""
    found = (
        (match, path) for path in (folder.iterdir() if folder.is_dir() else ()) if (match := _NAME.fullmatch(path.name))
    )
    made = [Backup(dt.datetime.strptime(match[1], _MOMENT).replace(tzinfo=dt.UTC), path) for match, path in found]
    return sorted(made, reverse=True)


class Draft(NamedTuple):
    """An archive that is being written."""

    path: Path
    file: BinaryIO

    def write(self, data: bytes) -> None:
        """Write a part; refuses `backups.room` rather than take the last of the disk from the database."""
        if shutil.disk_usage(self.path.parent).free < RESERVE + len(data):
            raise Refused.because("backups.room", folder=str(self.path.parent))
        self.file.write(data)

    def settle(self) -> None:
        """Have the disk hold it."""
        self.file.flush()
        os.fsync(self.file.fileno())


@contextmanager
def draft(folder: Path) -> Iterator[Draft]:
    """A place for a new archive; nothing is left of it unless `enter` takes it.

    Refuses `backups.running` where somebody else writes one. What a killed one left is deleted.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused.because("backups.running") from None
        for left in folder.glob(".consult-*.draft"):
            left.unlink()
        path = folder / f".consult-{secrets.token_hex(4)}.draft"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            try:
                yield Draft(path, file)
            finally:
                path.unlink(missing_ok=True)


def enter(draft: Draft, now: dt.datetime) -> Path:
    """Give an archive that is whole its name."""
    path = draft.path.with_name(f"consult-{now.astimezone(dt.UTC):{_MOMENT}}.backup")
    os.link(draft.path, path)  # never replaces
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return path


def expired(folder: Path, *, days: int, now: dt.datetime) -> list[Backup]:
    """The archives that are older than so many days; never the newest one."""
    return [backup for backup in backups(folder)[1:] if backup.made_at < now - dt.timedelta(days=days)]
