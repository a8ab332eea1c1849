"""Files that people give, cleaned and put aside before what names them is stored."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from consult.core.questionnaire.uploads import Upload, cleaned
from consult.files import Folder, NoRoom

_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""A large picture takes some hundred megabytes of memory while it is cleaned: so many at once in a process."""
_PATIENCE: Final = 1.0
"""Seconds that a file waits for its turn: who waits takes the place of others, who send no files."""


@contextmanager
def turn() -> Iterator[None]:
    """A turn at cleaning a file. Raises `NoRoom` where there is none soon."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise NoRoom
    try:
        yield
    finally:
        _AT_ONCE.release()


def put_aside(
    into: Folder, data: bytes, parameters: Mapping[str, str], *, picture_only: bool, megabytes: int
) -> Upload:
    """Put a file aside. Refuses what `uploads.cleaned` refuses; raises `NoRoom` where the disk refuses or too many
    files are cleaned already."""
    with turn():
        content, kind = cleaned(data, parameters, picture_only=picture_only, megabytes=megabytes)
    return Upload(into.put(content), kind, len(content))
