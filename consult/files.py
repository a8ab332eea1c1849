"""Files of an installation that are no rows: written once, whole, under random names, outside the web's root.

The file comes first and its row second; a file without a row is an orphan, which its slice's sweeper removes. Names are
random and times are all the same, so that a folder tells neither order nor hour of arrival.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TIMELESS: Final = (0, 0)
"""Access and change time of every file."""
GRACE: Final = 3_600
"""Seconds for which a file may wait for its row before it counts as an orphan."""
_NAME_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of files, one beside the other."""

    path: Path

    def put(self, data: bytes) -> str:
        """Write a file durably; its name: 32 hexadecimal digits. Raises OSError where the disk refuses."""
        name = secrets.token_hex(_NAME_BYTES)
        self._write(name, data)
        return name

    def get(self, name: str) -> bytes | None:
        """The content of a file; none where there is none of that name."""
        if not _is_name(name):
            return None
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, names: Collection[str]) -> None:
        """Delete files; what is gone already is passed over."""
        for name in names:
            if _is_name(name):
                (self.path / name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The names of all files that are whole."""
        if self.path.is_dir():
            yield from (entry.name for entry in os.scandir(self.path) if _is_name(entry.name))

    def sweep(self, known: Collection[str], *, now: dt.datetime) -> int:
        """Delete what is not known and was not written within `GRACE`; how many files there were."""
        if not self.path.is_dir():
            return 0
        late = now.timestamp() - GRACE
        # The change time of the entry itself (ctime) is the one clock that `TIMELESS` leaves running.
        orphans = [
            entry.path for entry in os.scandir(self.path) if entry.name not in known and entry.stat().st_ctime < late
        ]
        for path in orphans:
            Path(path).unlink(missing_ok=True)
        return len(orphans)

    def rewrite(self, names: Collection[str]) -> None:
        """Write files anew in the order of their random names: neither inode nor clock tells when they came."""
        for name in sorted(names):
            data = self.get(name)
            if data is not None:
                self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path / f".{name}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.utime(draft, TIMELESS)
                os.fsync(file.fileno())
            draft.replace(self.path / name)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _is_name(name: str) -> bool:
    return len(name) == 2 * _NAME_BYTES and all(letter in "0123456789abcdef" for letter in name)
