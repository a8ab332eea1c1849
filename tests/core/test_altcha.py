"""Challenges are ALTCHA's, hold for a while, and are worth nothing once a digit is changed."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest

from consult.core import altcha

KEY = b"secret of the test"
NOW = dt.datetime(2026, 3, 2, 10, 0, 1, tzinfo=dt.UTC)
SALT, NUMBER = bytes.fromhex("0123456789abcdef01234567"), 4711
VECTOR = {
    "algorithm": "SHA-256",
    "challenge": "277af75515ae3d3025f1d8908afa938c107928beaf49ba3f791f1f9020901fb7",
    "salt": "0123456789abcdef01234567?expires=1772467201&",
    "signature": "bc16e066574ee0705fcb92f4e9976e6255df865c21b80fd589911533c2b9a7c8",
}
"""What `altcha.v1.create_challenge` of the Python library 2.3.0 makes of the same key, salt, number and moment."""


def packed(**changed: object) -> str:
    return base64.b64encode(json.dumps({**VECTOR, "number": NUMBER, **changed}).encode()).decode()


def test_a_challenge_is_the_one_that_the_library_makes() -> None:
    issued = json.loads(base64.b64decode(altcha.issue(KEY, NOW, salt=SALT, number=NUMBER)))
    assert issued == {**VECTOR, "maxnumber": altcha.MOST}


def test_a_solution_is_known_by_its_challenge_and_tells_until_when_that_must_be_remembered() -> None:
    solved = altcha.Solved(bytes.fromhex(VECTOR["challenge"]), NOW + altcha.LIFE)
    assert altcha.read(KEY, NOW, packed()) == solved
    assert altcha.read(KEY, NOW, packed(took=512, maxnumber=50_000)) == solved, "what other solvers add is let be"


@pytest.mark.parametrize(
    "payload",
    [
        packed(number=NUMBER + 1),
        packed(number=-1),
        packed(number=str(NUMBER)),
        packed(number=None),
        packed(salt=VECTOR["salt"].replace("177", "277")),
        # A digit of the number moved into the salt: what the delimiter is for.
        packed(salt=VECTOR["salt"].removesuffix("&") + "4", number=711),
        packed(salt=VECTOR["salt"] + "4", number=711),
        packed(salt="0123456789abcdef01234567&"),
        packed(signature=VECTOR["signature"][:-1] + "0"),
        packed(signature=""),
        packed(signature="é"),
        packed(algorithm="SHA-1"),
        packed(challenge=7),
        altcha.issue(KEY, NOW, salt=SALT, number=NUMBER),
        packed()[:-4],
        packed() + "A" * 2_000,
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"\xff{").decode(),
        "",
        "é",
    ],
)
def test_anything_else_is_nothing(payload: str) -> None:
    assert altcha.read(KEY, NOW, payload) is None


def test_it_holds_until_it_expires_and_under_its_key_only() -> None:
    last = NOW + altcha.LIFE - dt.timedelta(seconds=1)
    assert altcha.read(KEY, last, packed()) is not None
    assert altcha.read(KEY, NOW + altcha.LIFE, packed()) is None
    assert altcha.read(b"another", NOW, packed()) is None
