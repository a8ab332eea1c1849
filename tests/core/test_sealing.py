"""Sealed secrets open with their key and context only."""

from __future__ import annotations

import secrets

import pytest

from consult.core.sealing import UnsealError, key_id, seal, unseal

OLD = {"1": secrets.token_bytes(32)}
BOTH = {**OLD, "2": secrets.token_bytes(32)}


def test_what_was_sealed_opens_again():
    assert unseal(OLD, seal(OLD, b"secret", b"totp:42"), b"totp:42") == b"secret"


def test_the_last_key_seals_and_older_values_still_open():
    sealed = seal(OLD, b"secret", b"")

    assert key_id(seal(BOTH, b"secret", b"")) == "2"
    assert unseal(BOTH, sealed, b"") == b"secret"


def test_the_same_secret_never_looks_the_same():
    assert seal(OLD, b"secret", b"") != seal(OLD, b"secret", b"")


@pytest.mark.parametrize("position", range(0, 36, 5))
def test_a_flipped_bit_is_noticed(position):
    sealed = bytearray(seal(OLD, b"secret", b""))
    sealed[position] ^= 1

    with pytest.raises(UnsealError):
        unseal(OLD, bytes(sealed), b"")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x011", b"\x01" + b"1" * 5])
def test_what_was_cut_off_does_not_open(sealed):
    with pytest.raises(UnsealError):
        unseal(OLD, sealed, b"")


def test_a_value_moved_to_another_row_does_not_open():
    with pytest.raises(UnsealError):
        unseal(OLD, seal(OLD, b"secret", b"totp:42"), b"totp:43")


def test_without_its_key_it_does_not_open():
    with pytest.raises(UnsealError):
        unseal(OLD, seal(BOTH, b"secret", b""), b"")
