"""The erasure ledger: what was erased, in a file outside the database, so that a restored backup erases it again.

A line for each erasure, in JSON. Of a withdrawal: the activity, its day, and the HMAC of the code, as the database had
it, or the random id of the one contribution that was withdrawn; whoever has neither the database from before nor its
keys learns nothing from that. Of a period that ran out: the activity, the kind of data, the day.

A line is on the disk before the transaction that erases is committed; the other way round something could come back. A
line whose erasure was never committed does no harm: it names what its owner wanted gone, or what it was settled to
erase, and nobody acts on it before a restore.

Lines of one day stand in the order in which they came, until `settle` sorts them the day after.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import itertools
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from consult.files import TIMELESS, NoRoom, whole
from consult.privacy.models import RESPONSES

WITHDRAWN: Final = "withdrawn"
"""What the line of a withdrawal has in place of a kind of data."""
_AT_ONCE: Final = 500
"""Lines read at once."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, order=True):
    """Something that was erased."""

    day: dt.date
    activity: uuid.UUID
    kind: str
    """A kind of data, all of which went; or `WITHDRAWN`."""
    code: str = ""
    """HMAC of the code under which everything went, hexadecimal; or the random id of the one contribution that did."""

    def __post_init__(self) -> None:
        if (self.kind == WITHDRAWN) != bool(bytes.fromhex(self.code)):
            raise ValueError("a withdrawal has a code, and nothing else has")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The file. Several processes append at once, on several machines where they share it under `flock`."""

    path: Path

    def note(self, *lines: Line) -> None:
        """Append lines durably. Raises `NoRoom` where the disk refuses."""
        text = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        try:
            with self._alone():
                self._append(text)
        except OSError as error:
            raise NoRoom(*error.args) from error

    def withdrawn(self, activity_id: uuid.UUID, digest: bytes, *, day: dt.date) -> None:
        """Note that everything under a code was withdrawn."""
        self.note(Line(day, activity_id, WITHDRAWN, digest.hex()))

    def take_over(self, lines: Iterable[Line]) -> None:
        """Append those lines of another ledger that this one has not."""
        known = set(self.lines())
        for some in _batches(line for line in lines if line not in known):
            self.note(*some)

    def lines(self) -> Iterator[Line]:
        """All lines that can be read."""
        return (line for _, _, line in self._read() if line is not None)

    def batches(self) -> Iterator[Sequence[Line]]:
        """The same, some at a time."""
        return _batches(self.lines())

    def faults(self) -> list[int]:
        """The numbers of lines that cannot be read: cut off before anything was erased, or spoilt."""
        return [number for number, _, line in self._read() if line is None]

    def settle(self, today: dt.date) -> None:
        """Sort the lines of earlier days, each once, so that they tell no order; what is covered by a later erasure of
        all responses of an activity goes too. The HMACs of codes are as random as any order."""
        with self._alone():
            found = list(self._read())
            spoilt = [raw for _, raw, line in found if line is None]
            lines = [line for _, _, line in found if line is not None]
            gone = {line.activity for line in lines if line.kind == RESPONSES}
            needed = [line for line in lines if line.kind != WITHDRAWN or line.activity not in gone]
            past = {line for line in needed if line.day < today}
            settled = sorted(past) + [line for line in needed if line.day >= today]
            if settled == lines:
                return
            with whole(self.path) as file:
                file.writelines(raw + b"\n" for raw in spoilt)
                file.writelines(msgspec.json.encode(line) + b"\n" for line in settled)
            os.utime(self.path, TIMELESS)

    def _append(self, text: bytes) -> None:
        new = not self.path.exists()
        opened = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(opened).st_size
            if size and os.pread(opened, 1, size - 1) != b"\n":
                text = b"\n" + text  # after a line that was cut off
            if os.write(opened, text) != len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.utime(opened, TIMELESS)
            os.fsync(opened)
        finally:
            os.close(opened)
        if new:
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)

    def _read(self) -> Iterator[tuple[int, bytes, Line | None]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            yield from _read(file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Beside it lies what is locked: settling puts another file in its place."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(f".{self.path.name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def lines(file: Iterable[bytes]) -> Iterator[Line]:
    """All lines of a file, or of part of an archive, that can be read."""
    return (line for _, _, line in _read(file) if line is not None)


def _read(file: Iterable[bytes]) -> Iterator[tuple[int, bytes, Line | None]]:
    for number, raw in enumerate(file, 1):
        if text := raw.strip():
            try:
                yield number, text, msgspec.json.decode(text, type=Line)
            except msgspec.MsgspecError:
                yield number, text, None


def _batches(lines: Iterable[Line]) -> Iterator[Sequence[Line]]:
    lines = iter(lines)
    return iter(lambda: list(itertools.islice(lines, _AT_ONCE)), [])
