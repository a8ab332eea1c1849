"""Files that must be whole before their first byte can leave: written to the disk, passed on in chunks."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO

_CHUNK = 1 << 16


def spooled(fill: Callable[[IO[bytes]], None]) -> Iterator[bytes]:
    """What `fill` writes to a temporary file, in chunks; the file has no name and is gone with the last of them."""
    with tempfile.TemporaryFile() as file:
        fill(file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], day: str, *, packed: bool = True) -> int:
    """Write a part of an archive piece by piece, dated with a day and no hour; how many bytes it has."""
    date = dt.date.fromisoformat(day)
    part = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    part.external_attr = 0o600 << 16
    size = 0
    with archive.open(part, "w", force_zip64=packed) as target:
        for piece in pieces:
            size += target.write(piece)
    return size
