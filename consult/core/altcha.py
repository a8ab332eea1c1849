"""Challenges that cost a sender some computing: the server's part of ALTCHA's first protocol, SHA-256 only.

`challenge = SHA-256(salt + number)` in hexadecimal digits, `signature = HMAC-SHA-256(key, challenge)`; who finds the
number has tried half of all numbers on average. The salt carries the moment at which the challenge expires and ends
with `&`, without which digits could be moved from the number to that moment. Source: altcha.org, *Proof-of-Work
Captcha v1*; the tests hold vectors of its own library.

Nothing is kept of a challenge until it comes back: whoever takes it has to remember that it is spent.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

import msgspec

MOST: Final = 50_000
"""The greatest number: some seconds of a cheap telephone, while the answers are read over."""
LIFE: Final = dt.timedelta(hours=6)
"""How long a challenge holds: as long as somebody may leave a page open."""
_ALGORITHM: Final = "SHA-256"
_SALT: Final = re.compile(r"[0-9a-f]{8,64}\?expires=([0-9]{1,11})&")
_LONGEST: Final = 2_000
"""Characters of what can come back."""


class _Sent(msgspec.Struct, omit_defaults=True):
    """What goes out and comes back, as JSON in base 64."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int = 0
    number: int = -1


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge of ours that came back in time with its number."""

    challenge: bytes
    """32 bytes by which it is known again."""
    expires: dt.datetime


def issue(key: bytes, now: dt.datetime, *, salt: bytes, number: int) -> str:
    """A challenge as it stands in a form. `salt`: random; `number`: random, from 0 to `MOST`."""
    salted = f"{salt.hex()}?expires={int((now + LIFE).timestamp())}&"
    challenge = _challenge(salted, number)
    sent = _Sent(_ALGORITHM, challenge, salted, _signature(key, challenge), maxnumber=MOST)
    return base64.b64encode(msgspec.json.encode(sent)).decode()


def read(key: bytes, now: dt.datetime, payload: str) -> Solved | None:
    """What came back; None where it is not solved, not ours or has expired."""
    if len(payload) > _LONGEST:
        return None
    try:
        sent = msgspec.json.decode(base64.b64decode(payload, validate=True), type=_Sent)
    except ValueError:  # of base 64, of JSON, of its shape
        return None
    found = _SALT.fullmatch(sent.salt)
    if found is None or sent.algorithm != _ALGORITHM:
        return None
    # What is signed follows from salt and number: the moment in the salt is not to be believed without them.
    challenge = _challenge(sent.salt, sent.number)
    if not hmac.compare_digest(_signature(key, challenge).encode(), sent.signature.encode()):
        return None
    expires = dt.datetime.fromtimestamp(int(found[1]), dt.UTC)
    return Solved(bytes.fromhex(challenge), expires) if now < expires else None


def _challenge(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(key: bytes, challenge: str) -> str:
    return hmac.digest(key, challenge.encode(), hashlib.sha256).hex()
