"""Files of an installation that are no rows: written once, whole, under random names, outside the web's root.

The file comes first and its row second; a file without a row is an orphan, which its slice's sweeper removes. Names are
random and times are all the same, so that a folder tells neither order nor hour of arrival. What is deleted is
overwritten first: on file systems that write in place nothing of it is left.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

TIMELESS: Final = (0, 0)
"""Access and change time of every file, and of their folder."""
GRACE: Final = 3_600
"""Seconds for which a file may wait for its row before it counts as an orphan."""
RESERVE: Final = 200_000_000
"""Bytes of the disk that files leave to the database."""
_NAME_BYTES: Final = 16


class NoRoom(OSError):  # noqa: N818  # not an error of ours: the disk says no, or others are served
    """A file could not be stored, or not now."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of files, one beside the other."""

    path: Path

    def put(self, data: bytes) -> str:
        """Write a file durably; its name: 32 hexadecimal digits. Raises `NoRoom` where the disk refuses or is nearly
        full."""
        name = secrets.token_hex(_NAME_BYTES)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if shutil.disk_usage(self.path).free < RESERVE + len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._write(name, data)
        except OSError as error:
            raise NoRoom(*error.args) from error
        return name

    def get(self, name: str) -> bytes | None:
        """The content of a file; none where there is none of that name."""
        if not _is_name(name):
            return None
        with held(self.path / name, fcntl.LOCK_SH) as file:
            return file.read() if file else None

    def remove(self, names: Collection[str]) -> None:
        """Delete files, their bytes too; what is gone already is passed over."""
        for name in names:
            if _is_name(name):
                _erase(self.path / name)
        self._forget_when()

    def names(self) -> Iterator[str]:
        """The names of all files that are whole."""
        if self.path.is_dir():
            yield from (entry.name for entry in os.scandir(self.path) if _is_name(entry.name))

    def sweep(self, known: Collection[str], *, now: dt.datetime) -> int:
        """Delete files that are not known and were not written within `GRACE`; how many there were.

        The change time of an entry (ctime) is the one clock that `TIMELESS` leaves running: what is known is touched,
        so that it tells when the folder was swept and not when the file came.
        """
        if not self.path.is_dir():
            return 0
        late, orphans = now.timestamp() - GRACE, 0
        for entry in sorted(os.scandir(self.path), key=lambda entry: entry.name):
            with suppress(FileNotFoundError, IsADirectoryError):
                if entry.name in known:
                    os.utime(entry.path, TIMELESS)
                elif entry.stat().st_ctime < late:
                    _erase(Path(entry.path))
                    orphans += 1
        self._forget_when()
        return orphans

    def rewrite(self, names: Collection[str]) -> None:
        """Write files anew in the order of their random names: neither inode nor clock tells when they came."""
        for name in sorted(filter(_is_name, names)):
            with held(self.path / name, fcntl.LOCK_EX) as old:
                if old:
                    self._write(name, old.read())
                    _overwrite(old)

    def _forget_when(self) -> None:
        """The folder's own time is that of the last file that came or went."""
        with suppress(FileNotFoundError):
            os.utime(self.path, TIMELESS)

    def _write(self, name: str, data: bytes) -> None:
        with whole(self.path / name) as file:
            file.write(data)
            file.flush()
            os.utime(file.fileno(), TIMELESS)
        self._forget_when()


@contextmanager
def drafted(draft: Path, mode: int = 0o600) -> Iterator[Path]:
    """A new file for somebody to fill: on the disk when they are done, gone where they raise."""
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield draft
        _synced(draft)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def whole(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file that appears, or takes the place of another, when it is whole and on the disk; else nothing changes."""
    with drafted(path.with_name(f".{path.name}.{secrets.token_hex(4)}"), mode) as draft, draft.open("wb") as file:
        yield file
    try:
        draft.replace(path)
    except OSError:
        draft.unlink()
        raise
    _synced(path.parent)


def _synced(path: Path) -> None:
    """Have the disk hold what a file, or a folder, holds."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _is_name(name: str) -> bool:
    return len(name) == 2 * _NAME_BYTES and all(letter in "0123456789abcdef" for letter in name)


@contextmanager
def held(path: Path, how: int) -> Iterator[BinaryIO | None]:
    """A file that nobody changes or deletes meanwhile, and for `LOCK_EX` nobody reads; none where there is none.

    Who had to wait for it may hold what has been replaced or removed since: then it is opened anew.
    """
    while True:
        try:
            file = path.open("rb" if how == fcntl.LOCK_SH else "r+b")
        except FileNotFoundError:
            yield None
            return
        with file:
            fcntl.flock(file, how)
            if os.fstat(file.fileno()).st_nlink:
                yield file
                return


def _erase(path: Path) -> None:
    with held(path, fcntl.LOCK_EX) as file:
        if file:
            path.unlink()
            _overwrite(file)


def _overwrite(file: BinaryIO) -> None:
    """Zeros over what a file holds that has no name any more."""
    file.seek(0)
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())
