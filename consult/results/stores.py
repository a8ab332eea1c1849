"""Where the column store keeps its files: a folder, or an S3-compatible store, through pyarrow's file systems.

A file is there as a whole and for good once `new` is left. Whoever is killed before leaves a part of it in a folder,
and on S3 an upload that was never completed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from consult.config import Store

if TYPE_CHECKING:
    import pyarrow.parquet as pq
    from pyarrow.fs import FileSystem

_EPOCH: Final = 946684800.0
"""2000-01-01: the time of every file in a folder. An S3 store puts its own, and takes no other."""


def within(store: Store, name: str) -> Store:
    """What lies under a name, which can have slashes."""
    if isinstance(store, Path):
        return store / name
    parts = urlsplit(store)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{quote(name)}"))


def located(where: Store) -> tuple[FileSystem, str]:
    """The file system of a place, and the path there."""
    if isinstance(where, Path):
        from pyarrow.fs import LocalFileSystem  # noqa: PLC0415  # heavy, and only the column store needs it

        return LocalFileSystem(), str(where)
    parts = urlsplit(where)
    return _distant(urlunsplit(parts._replace(path=""))), unquote(parts.netloc + parts.path)


@lru_cache
def _distant(address: str) -> FileSystem:
    """One for all files of a bucket: it keeps connections."""
    from pyarrow.fs import FileSystem  # noqa: PLC0415  # heavy, and only the column store needs it

    found: FileSystem = FileSystem.from_uri(address)[0]
    return found


def parquet(where: Store, **options: Any) -> pq.ParquetFile:
    """A Parquet file, opened."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store needs it

    system, path = located(where)
    return pq.ParquetFile(path, filesystem=system, **options)


class Found(NamedTuple):
    """A file that lies in a store."""

    name: str
    """With the folders below the place at which was looked."""
    size: int
    changed: float
    """Seconds since 1970."""


@contextmanager
def opened(where: Store) -> Iterator[tuple[BinaryIO, Found] | None]:
    """A file to be read; none where there is none."""
    system, path = located(where)
    about = system.get_file_info(path)
    try:
        file = system.open_input_file(path)
    except FileNotFoundError:
        yield None
        return
    with file:
        yield file, Found(path, file.size(), about.mtime.timestamp() if about.mtime else 0.0)


def walk(store: Store) -> Iterator[Found]:
    """Every file in a folder and below it."""
    from pyarrow.fs import FileSelector  # noqa: PLC0415  # heavy, and only the column store needs it

    system, top = located(store)
    for one in system.get_file_info(FileSelector(top, allow_not_found=True, recursive=True)):
        if one.is_file:
            name = one.path.removeprefix(top.rstrip("/") + "/")
            yield Found(name, one.size, one.mtime.timestamp() if one.mtime else 0.0)


def clear(store: Store) -> None:
    """Delete every file in a folder and below it."""
    system, top = located(store)
    system.delete_dir_contents(top.rstrip("/"), missing_dir_ok=True)


@contextmanager
def new(where: Store, watch: Callable[[bytes], object]) -> Iterator[NewFile]:
    """A file to be written, which is durable afterwards. `watch` sees its bytes."""
    if isinstance(where, Path):
        where.parent.mkdir(parents=True, exist_ok=True)
        with where.open("xb") as file:
            yield NewFile(file, watch)
            file.flush()
            os.utime(where, (_EPOCH, _EPOCH))
            os.fsync(file.fileno())
        folder = os.open(where.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return
    system, path = located(where)
    with system.open_output_stream(path) as upload:
        yield NewFile(upload, watch)


class NewFile:
    """What pyarrow needs of a file that it writes, and no more."""

    closed = False

    def __init__(self, file: Any, watch: Callable[[bytes], object]) -> None:
        self._file, self._watch = file, watch

    def write(self, data: bytes) -> None:
        """Write, watched."""
        self._watch(data)
        self._file.write(data)

    def flush(self) -> None:
        """Let nothing linger here."""
        self._file.flush()


def names(store: Store) -> list[str]:
    """Of every file in a folder."""
    return [found.name for found in walk(store)]


def delete(store: Store, files: Collection[str]) -> None:
    """Delete files in a folder."""
    system, path = located(store)
    for name in files:
        system.delete_file(f"{path}/{name}")
