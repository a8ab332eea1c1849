"""A sealed stream opens whole or not at all: nothing in it can be changed, moved, left out or cut off."""

from __future__ import annotations

import io
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core import sealedstream
from consult.core.sealedstream import CHUNK, MAGIC, Opener, Sealer, WrongKeyError
from consult.core.sealing import UnsealError

OLD = {"1": secrets.token_bytes(32)}
BOTH = {**OLD, "2": secrets.token_bytes(32)}
HEADER = len(MAGIC) + 1 + 1 + 32 + 16
WHOLE = CHUNK + 16


def sealed(data: bytes, keys: dict[str, bytes] = OLD) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, keys)
    for start in range(0, len(data), 700_001):
        sealer.write(data[start : start + 700_001])
    sealer.close()
    return out.getvalue()


def opened(stream: bytes, keys: dict[str, bytes] = OLD) -> bytes:
    return Opener(io.BytesIO(stream), keys).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_what_was_sealed_opens_again(size: int) -> None:
    data = secrets.token_bytes(size)

    assert opened(sealed(data)) == data


@given(sizes=st.lists(st.integers(1, 900_000), min_size=1, max_size=12))
def test_it_can_be_read_in_whatever_pieces(sizes: list[int]) -> None:
    data = bytes(range(256)) * 10_000
    opener = Opener(io.BytesIO(sealed(data)), OLD)

    parts = [opener.read(size) for size in sizes]

    assert [len(part) for part in parts[:1]] == [min(sizes[0], len(data))]
    assert b"".join(parts) + opener.read() == data


def test_older_keys_still_open_and_other_keys_do_not() -> None:
    stream = sealed(b"rows")

    assert opened(stream, BOTH) == b"rows"
    for keys in ({"2": BOTH["2"]}, {"1": BOTH["2"]}):
        with pytest.raises(WrongKeyError):
            opened(stream, keys)


def test_the_last_key_seals() -> None:
    with pytest.raises(WrongKeyError):
        opened(sealed(b"rows", BOTH), OLD)


DATA = secrets.token_bytes(3 * CHUNK)
STREAM = sealed(DATA)
FIRST, SECOND, THIRD = (STREAM[HEADER + place * WHOLE : HEADER + (place + 1) * WHOLE] for place in range(3))


@pytest.mark.parametrize(
    "stream",
    {
        "empty": b"",
        "no stream": b"PK\x03\x04" + bytes(100),
        "header only": STREAM[:HEADER],
        "half a header": STREAM[: HEADER // 2],
        "cut within a chunk": STREAM[:-1],
        "cut between chunks": STREAM[:-WHOLE],
        "one byte more": STREAM + b"\0",
        "a chunk twice": STREAM + THIRD,
        "chunks in another order": STREAM[:HEADER] + SECOND + FIRST + THIRD,
        "a chunk left out": STREAM[:HEADER] + FIRST + THIRD,
        "another stream's chunk": STREAM[:HEADER] + sealed(DATA)[HEADER : HEADER + WHOLE] + SECOND + THIRD,
    }.items(),
    ids=lambda found: found[0],
)
def test_what_is_not_whole_does_not_open(stream: tuple[str, bytes]) -> None:
    with pytest.raises(UnsealError):
        opened(stream[1])


@given(place=st.integers(0, len(STREAM) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed_wherever_it_is(place: int, bit: int) -> None:
    flipped = bytearray(STREAM)
    flipped[place] ^= 1 << bit

    with pytest.raises(UnsealError):
        opened(bytes(flipped))


def test_equal_streams_look_different() -> None:
    assert sealed(b"rows" * 100)[HEADER:] != sealed(b"rows" * 100)[HEADER:]
    assert sealedstream.MAGIC in sealed(b"")
