"""A long stream under seal: encrypted in numbered chunks, so that nothing can be changed, moved, left out or cut off.

    magic (16 bytes) | length of key id (1) | key id | salt (32) | check (16) | chunks

HKDF-SHA256 makes of the named key (its salt: `salt`; its info: the magic and what the stream is for) 32 bytes that
encrypt this stream alone, and the 16 bytes of `check`, by which a wrong key is told from damage. A chunk is
AES-256-GCM over 2²⁰ bytes, the last one over what is left; its nonce is its number (11 bytes, big-endian, from 0) and
one byte that is 1 in the last chunk; everything before the chunks is authenticated with each. This is the construction
STREAM of Hoang, Reyhanitabar, Rogaway and Vizár (Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, 2015).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import BinaryIO, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consult.core.sealing import UnsealError

MAGIC: Final = b"consult-backup/1"
CHUNK: Final = 1 << 20
"""Bytes of the stream in a chunk."""
_TAG: Final = 16
_SALT: Final = 32
_CHECK: Final = 16


class WrongKeyError(UnsealError):
    """The key under which a stream was sealed is not among those at hand, or it was sealed for something else."""


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


class Sealer:
    """Writes a stream under seal. What was written is complete only after `close`."""

    def __init__(self, sink: Sink, keys: Mapping[str, bytes], context: bytes = b"") -> None:
        """Seal under the last of `keys` (32 bytes each, by id); `context` says what for: it opens for nothing else."""
        name, key = list(keys.items())[-1]
        salt = secrets.token_bytes(_SALT)
        self._cipher, check = _derived(key, salt, context)
        self._header = MAGIC + bytes([len(name.encode())]) + name.encode() + salt + check
        self._sink, self._number, self._left = sink, 0, bytearray()
        sink.write(self._header)

    def write(self, data: bytes) -> int:
        """Take the next bytes of the stream; how many."""
        self._left += data
        # The last chunk is marked, so a full one waits until there is more.
        while len(self._left) > CHUNK:
            self._seal(bytes(self._left[:CHUNK]), last=False)
            del self._left[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing: a chunk goes out when it is full."""

    def close(self) -> None:
        """Write the last chunk; the sink stays open."""
        self._seal(bytes(self._left), last=True)
        self._left.clear()

    def _seal(self, data: bytes, *, last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._number, last=last), data, self._header))
        self._number += 1


class Opener:
    """Reads a stream that was sealed for the same `context`; raises `WrongKeyError` or `UnsealError`, which say nothing
    about the data.

    Whoever wants to know that nothing is missing reads to the end.
    """

    def __init__(self, source: BinaryIO, keys: Mapping[str, bytes], context: bytes = b"") -> None:
        head = source.read(len(MAGIC) + 1)
        if head[:-1] != MAGIC:
            raise UnsealError("this is no sealed stream")
        rest = source.read(head[-1] + _SALT + _CHECK)
        name, salt, check = rest[: head[-1]], rest[head[-1] : -_CHECK], rest[-_CHECK:]
        key = keys.get(name.decode(errors="replace"))
        if key is None or len(salt) != _SALT:
            raise WrongKeyError("the key of this stream is not there")
        self._cipher, expected = _derived(key, salt, context)
        if not hmac.compare_digest(check, expected):
            raise WrongKeyError("this stream was sealed under another key, or for something else")
        self._header = head + rest
        self._source, self._number = source, 0
        self._next, self._left = source.read(CHUNK + _TAG), b""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; all that are left where it is negative; none at the end."""
        parts, wanted = list[bytes](), size
        while wanted and (self._left or self._open()):
            part = self._left if wanted < 0 else self._left[:wanted]
            self._left = self._left[len(part) :]
            wanted -= len(part) if wanted > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def _open(self) -> bool:
        """Open the next chunk; whether there was one with something in it."""
        sealed = self._next
        if not sealed and self._number:
            return False
        self._next = self._source.read(CHUNK + _TAG)
        try:
            self._left = self._cipher.decrypt(_nonce(self._number, last=not self._next), sealed, self._header)
        except (InvalidTag, ValueError):
            raise UnsealError("this stream was damaged or cut off") from None
        self._number += 1
        return bool(self._left)


def key_id(source: BinaryIO) -> str | None:
    """Id of the key under which a stream was sealed; none where it is no sealed stream."""
    head = source.read(len(MAGIC) + 1)
    return source.read(head[-1]).decode(errors="replace") if head[:-1] == MAGIC else None


def _derived(key: bytes, salt: bytes, context: bytes) -> tuple[AESGCM, bytes]:
    made = HKDF(hashes.SHA256(), 32 + _CHECK, salt=salt, info=MAGIC + context).derive(key)
    return AESGCM(made[:32]), made[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
