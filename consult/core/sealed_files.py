"""Files that lie encrypted on the disk: written and read in pieces, each sealed for its place in its file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import IO, Final

from consult.core.sealing import UnsealError, seal, unseal

PIECE: Final = 1 << 18
"""Bytes sealed together."""
_SIZE: Final = 4


class SealingWriter(io.RawIOBase):
    """What is written to it goes to `target` sealed under the last of `keys`; closing it writes the end."""

    def __init__(self, target: IO[bytes], keys: Mapping[str, bytes], context: bytes) -> None:
        super().__init__()
        self._target, self._keys, self._context = target, keys, context
        self._waiting, self._pieces = bytearray(), 0

    def writable(self) -> bool:
        """It takes bytes, one after the other."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # only bytes come here
        """Take bytes; they are on the disk in whole pieces."""
        self._waiting += data
        while len(self._waiting) >= PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write what is left, marked as the end: a file that was cut off does not open."""
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def _put(self, piece: bytes, *, last: bool) -> None:
        sealed = seal(self._keys, piece, _place(self._context, self._pieces, last=last))
        self._target.write(len(sealed).to_bytes(_SIZE) + sealed)
        self._pieces += 1


def unsealed(source: IO[bytes], keys: Mapping[str, bytes], context: bytes) -> Iterator[bytes]:
    """The content of a sealed file in pieces; raises `UnsealError` where one was damaged, moved or cut off."""
    number, size = 0, source.read(_SIZE)
    while size:
        sealed = source.read(int.from_bytes(size))
        size = source.read(_SIZE)
        yield unseal(keys, sealed, _place(context, number, last=not size))
        number += 1
    if not number:
        raise UnsealError("there is nothing in this file")


def _place(context: bytes, number: int, *, last: bool) -> bytes:
    return context + number.to_bytes(8) + bytes([last])
