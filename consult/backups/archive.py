"""The archive: one sealed file for database, files and column store, the same whichever database it comes from.

Under the seal (`core.sealedstream`, with the key `backup` of keys.json) it is a tar archive:

    head.json                       who made it when, the schema's revision, the columns of the tables
    columns/… media/… uploads/…     files, under the names that they have in the data folder
    tables/<table>/<number>.jsonl.gz  rows (`db.portable`), in the order of their keys
    erasures.jsonl                  the erasure ledger as it was
    manifest.json                   rows and hash of each table, size and hash of each file, the head of the audit chain

Files that the manifest does not list had lost their row before the copy was complete: they are passed over.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from consult.config import Keys
from consult.core.errors import Refused
from consult.core.sealedstream import Opener, Sealer, Sink, WrongKeyError
from consult.core.sealing import UnsealError
from consult.db.portable import Layout, Summary

FORMAT: Final = 1
HEAD: Final = "head.json"
LEDGER: Final = "erasures.jsonl"
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
_PART: Final = 4 << 20
"""Bytes of rows in one member, before they are compressed."""
_BLOCK: Final = 1 << 16


class Head(msgspec.Struct, frozen=True):
    """What an archive says first."""

    format: int
    version: str
    """Of the program that made it."""
    revision: str
    """Of the schema."""
    made_at: str
    """ISO, UTC."""
    keys: dict[str, str]
    """Hashes of the keys that belong to it, by name."""
    tables: dict[str, Layout]


class Copied(msgspec.Struct, frozen=True):
    """A file."""

    size: int
    hash: str
    """SHA-256, hexadecimal."""


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds; its last member."""

    tables: dict[str, Summary]
    files: dict[str, Copied]
    audit: str
    """Head of the audit chain, `number:hash`."""
    lost: tuple[str, ...] = ()
    """Files that the database names and that were not there."""


class Contents(NamedTuple):
    """What verification of an archive found."""

    head: Head
    manifest: Manifest


class Member(NamedTuple):
    """A member of an archive that is being read."""

    name: str
    moment: int
    """Change time."""
    file: BinaryIO


class Writer:
    """Writes an archive, with memory for a few megabytes."""

    def __init__(self, sink: Sink, keys: Keys, head: Head) -> None:
        self._sealer = Sealer(sink, keys.backup)
        # Only written to, and a sealer is enough for that.
        self._tar = tarfile.open(fileobj=self._sealer, mode="w|", bufsize=_BLOCK, format=tarfile.PAX_FORMAT)  # type: ignore[call-overload]  # noqa: SIM115  # closed by `finish`
        self.put(HEAD, msgspec.json.encode(head))

    def put(self, name: str, data: bytes) -> None:
        """Add a small member."""
        self._add(name, len(data), 0, io.BytesIO(data))

    def put_file(self, name: str, file: BinaryIO, *, size: int, moment: int) -> Copied:
        """Add a file of `size` bytes."""
        hashing = _Hashing(file)
        self._add(name, size, moment, hashing)
        return Copied(size, hashing.digest.hexdigest())

    def put_rows(self, table: str, lines: Iterable[bytes]) -> Summary:
        """Add the rows of a table."""
        summary = Summary()
        for number, part in enumerate(_parts(lines), start=1):
            summary = summary.plus(part)
            packed = gzip.compress(b"\n".join(part), compresslevel=1, mtime=0)
            self.put(f"{TABLES}/{table}/{number:06}.jsonl.gz", packed)
        return summary

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and the last chunk."""
        self.put(MANIFEST, msgspec.json.encode(manifest))
        self._tar.close()
        self._sealer.close()

    def _add(self, name: str, size: int, moment: int, file: BinaryIO | _Hashing) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, moment, 0o600
        self._tar.addfile(member, file)
        self._tar.members.clear()  # a list of all of them would grow with the archive


def head_of(path: Path, keys: Keys) -> Head:
    """What an archive says first; refuses as `opened` does."""
    with opened(path, keys) as (head, _):
        return head


def verify(path: Path, keys: Keys) -> Contents:
    """Read an archive to its end and hold everything against its manifest.

    Refuses `backups.damaged` where something does not fit or was cut off, and what `opened` refuses.
    """
    tables: dict[str, Summary] = {}
    files: dict[str, Copied] = {}
    manifest: Manifest | None = None
    with opened(path, keys) as (head, members):
        for member in members:
            if member.name == MANIFEST:
                manifest = msgspec.json.decode(member.file.read(), type=Manifest)
            elif table := table_of(member.name):
                tables[table] = tables.get(table, Summary()).plus(rows(member))
            elif member.name != LEDGER:
                files[member.name] = copied(member.file)
    if manifest is None or any(files.get(name) != file for name, file in manifest.files.items()):
        raise _damaged(path)
    if {name: tables.get(name, Summary()) for name in head.tables} != manifest.tables:
        raise _damaged(path)
    return Contents(head, manifest)


@contextmanager
def opened(path: Path, keys: Keys) -> Iterator[tuple[Head, Iterator[Member]]]:
    """An archive's head and its members, one after the other: read each before going on to the next.

    Refuses `backups.missing` (there is no such file), `backups.key` (it was sealed under another key),
    `backups.damaged` (changed, cut off, or no archive) and `backups.format` (a newer version made it).
    """
    try:
        with path.open("rb") as file:
            source = Opener(file, keys.backup)
            with tarfile.open(fileobj=source, mode="r|", bufsize=_BLOCK) as tar:  # type: ignore[call-overload]  # it reads, nothing else
                members = _members(tar, source)
                head = msgspec.json.decode(next(members).file.read(), type=Head)
                if head.format != FORMAT:
                    raise Refused.because("backups.format", version=head.version)
                yield head, members
    except (FileNotFoundError, IsADirectoryError):
        raise Refused.because("backups.missing", file=str(path)) from None
    except WrongKeyError:
        raise Refused.because("backups.key", file=path.name) from None
    except (UnsealError, tarfile.TarError, msgspec.DecodeError, StopIteration, EOFError):
        raise _damaged(path) from None


def rows(member: Member) -> list[bytes]:
    """The rows in one member."""
    return gzip.decompress(member.file.read()).split(b"\n")


def table_of(name: str) -> str:
    """The table whose rows a member holds; empty where it holds none."""
    folder, _, rest = name.partition("/")
    return rest.partition("/")[0] if folder == TABLES else ""


def copied(file: BinaryIO, sink: Callable[[bytes], object] = len) -> Copied:
    """Read a file to its end, and hand it on block by block."""
    hashing = _Hashing(file)
    size = 0
    while block := hashing.read(_BLOCK):
        size += len(block)
        sink(block)
    return Copied(size, hashing.digest.hexdigest())


def keys_of(keys: Keys) -> dict[str, str]:
    """Hashes of all keys by name: enough to tell whether two files of keys are of one installation."""
    named: Mapping[str, Mapping[str, bytes]] = {
        "contact": keys.contact, "offline": keys.offline, "backup": keys.backup, "codes": {"": keys.codes}
    }  # fmt: skip
    return {
        f"{kind}.{name}".rstrip("."): hashlib.sha256(b"consult key\0" + key).hexdigest()[:16]
        for kind, found in named.items()
        for name, key in found.items()
    }


class _Hashing:
    """A file whose hash grows while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        block = self._file.read(size)
        self.digest.update(block)
        return block


def _members(tar: tarfile.TarFile, source: Opener) -> Iterator[Member]:
    while (member := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined]  # not in the stubs
        file = tar.extractfile(member)
        if file is None or ".." in Path(member.name).parts or member.name.startswith("/"):
            raise tarfile.TarError("no such member was ever written")
        yield Member(member.name, int(member.mtime), file)  # type: ignore[arg-type]  # it reads, nothing else
    while source.read(_BLOCK):  # what follows the last member is authenticated too, and that nothing was cut off
        pass


def _parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    part, size = list[bytes](), 0
    for line in lines:
        part.append(line)
        size += len(line)
        if size >= _PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def _damaged(path: Path) -> Refused:
    return Refused.because("backups.damaged", file=path.name)
