"""Files that lie encrypted: what comes out is what went in, or nothing where anything was changed."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core import sealed_files
from consult.core.sealed_files import PIECE, SealingWriter, unsealed
from consult.core.sealing import UnsealError

KEYS = {"1": b"k" * 32}


def sealed(*pieces: bytes, context: bytes = b"job") -> bytes:
    target = io.BytesIO()
    with SealingWriter(target, KEYS, context) as writer:
        for piece in pieces:
            writer.write(piece)
    return target.getvalue()


def opened(data: bytes, context: bytes = b"job") -> bytes:
    return b"".join(unsealed(io.BytesIO(data), KEYS, context))


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_what_was_written_is_read(pieces: list[bytes]) -> None:
    assert opened(sealed(*pieces)) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_pieces_end_anywhere(size: int) -> None:
    assert opened(sealed(b"x" * size)) == b"x" * size


def test_a_file_that_was_cut_off_reordered_or_moved_does_not_open() -> None:
    data = sealed(b"a" * PIECE, b"b" * PIECE, b"c")
    first = int.from_bytes(data[:4]) + 4
    second = first + int.from_bytes(data[first : first + 4]) + 4
    for wrong in (b"", data[:first], data[:second], data[first:], data[first:second] + data[:first] + data[second:]):
        with pytest.raises(UnsealError):
            opened(wrong)
    with pytest.raises(UnsealError):
        opened(data, context=b"another job")
    assert b"aaaa" not in data


def test_memory_holds_a_piece_and_no_more() -> None:
    writer = SealingWriter(io.BytesIO(), KEYS, b"job")
    writer.write(b"x" * (5 * PIECE + 3))
    assert len(writer._waiting) == 3
    assert sealed_files.PIECE < 1 << 20
