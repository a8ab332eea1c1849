"""What a device seals only the installation opens, and only where it belongs."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.envelope import POINT, open_envelope, public_key
from consult.core.sealing import UnsealError
from tests.factories.device import seal

OLD = {"1": secrets.token_bytes(32)}
BOTH = {**OLD, "2": secrets.token_bytes(32)}
RECIPIENT = public_key(OLD["1"])


@given(data=st.binary(max_size=500), context=st.binary(max_size=60), secret=st.binary(min_size=32, max_size=32))
def test_what_was_sealed_opens_again(data: bytes, context: bytes, secret: bytes) -> None:
    assert open_envelope({"1": secret}, seal(public_key(secret), data, context), context) == data


def test_older_keys_still_open_and_other_keys_do_not() -> None:
    sealed = seal(RECIPIENT, b"answers", b"")

    assert open_envelope(BOTH, sealed, b"") == b"answers"
    with pytest.raises(UnsealError):
        open_envelope({"2": BOTH["2"]}, sealed, b"")


def test_the_same_answers_never_look_the_same() -> None:
    one, other = seal(RECIPIENT, b"answers", b""), seal(RECIPIENT, b"answers", b"")

    assert one[:POINT] != other[:POINT]
    assert one[POINT:] != other[POINT:]


@given(position=st.integers(0, POINT + 23), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(position: int, bit: int) -> None:
    sealed = bytearray(seal(RECIPIENT, b"answers!", b"here"))
    sealed[position] ^= 1 << bit

    with pytest.raises(UnsealError):
        open_envelope(OLD, bytes(sealed), b"here")


@given(st.binary(max_size=200))
def test_anything_else_does_not_open(noise: bytes) -> None:
    with pytest.raises(UnsealError):
        open_envelope(OLD, noise, b"")


def test_what_was_addressed_elsewhere_does_not_open() -> None:
    with pytest.raises(UnsealError):
        open_envelope(OLD, seal(RECIPIENT, b"answers", b"survey/1"), b"survey/2")
