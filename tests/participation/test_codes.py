"""The participant's code: 128 bits, typeable, of use at one door only."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.participation import codes


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_read_as_it_was_spelt(drawn: bytes) -> None:
    code = codes.spell(drawn)
    assert len(code) == 26
    assert codes.read(code) == code
    assert codes.read(" ".join(codes.groups(code)).lower()) == code


def test_two_codes_differ() -> None:
    assert codes.spell(b"\0" * 16) != codes.spell(b"\0" * 15 + b"\1")
    assert codes.spell(b"\xff" * 16) == "7" + "Z" * 25


@pytest.mark.parametrize(
    "typed",
    [
        "0123 4567 89AB CDEF GHJK MNPQ RS",
        "0123-4567-89ab-cdef-ghjk-mnpq-rs",
        " o123\u00a04567\u200b89AB–CDEF.GHJK MNPQ RS\n",
        "Ol23456789ABCDEFGHJKMNPQRS",
        "OI23456789ABCDEFGHJKMNPQRS",
        "٠١٢٣ ٤٥٦٧ ٨٩ab cdef ghjk mnpq rs",
    ],
)
def test_reading_is_tolerant(typed: str) -> None:
    assert codes.read(typed) == "0123456789ABCDEFGHJKMNPQRS"


@pytest.mark.parametrize(
    "typed", ["", "0123", "0" * 27, "U" * 26, "8" + "0" * 25, "é" * 26, "<script>alert(1)</script>"]
)
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert codes.read(typed) is None


@given(st.text())
def test_reading_never_fails(typed: str) -> None:
    codes.read(typed)


def test_what_is_kept_depends_on_key_activity_and_code() -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    kept = {codes.digest(key, activity, code) for key in (b"a", b"b") for activity in (one, two) for code in ("X", "Y")}
    assert len(kept) == 8
    assert {len(digest) for digest in kept} == {32}
