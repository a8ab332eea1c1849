"""The participant's code: resume code while they answer, receipt code afterwards.

128 random bits in Crockford's base 32 (no I, L, O, U), written in groups of four. The database keeps an HMAC of it that
is bound to its activity, so that neither the file nor another activity can use it.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
import uuid
from typing import Final

BITS: Final = 128
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = -(-BITS // 5)
_SPELT: Final = frozenset(ALPHABET)
_READ: Final = {**{letter: letter for letter in ALPHABET}, "O": "0", "I": "1", "L": "1"}
_BETWEEN: Final = frozenset(" -–—‐‑.·_/\t\r\n\u00a0\u200b\u200e\u200f")


def spell(drawn: bytes) -> str:
    """The code of 16 random bytes, without its spaces."""
    number = int.from_bytes(drawn)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def groups(code: str) -> list[str]:
    """The code as it is shown: groups of four."""
    return [code[start : start + 4] for start in range(0, len(code), 4)]


def read(typed: str) -> str | None:
    """The code that was typed, or None. Any case, spaces and dashes, O for 0, I and L for 1, digits of any script."""
    if len(typed) == LENGTH and _SPELT.issuperset(typed):  # as it stands in a cookie
        return typed if _READ[typed[0]] < "8" else None
    code = plain(typed)
    return code if len(code) == LENGTH and _READ[code[0]] < "8" else None


def plain(typed: str) -> str:
    """What was typed as a code writes it; empty where it has something that no code has."""
    letters = [letter for letter in unicodedata.normalize("NFKC", typed).upper() if letter not in _BETWEEN]
    read = [_READ.get(str(unicodedata.decimal(letter, letter)), "") for letter in letters]
    return "".join(read) if all(read) else ""


def digest(key: bytes, activity_id: uuid.UUID, code: str) -> bytes:
    """What the database keeps of a code: HMAC-SHA256 over the activity and the code."""
    return hmac.digest(key, b"participant\0" + activity_id.bytes + code.encode(), hashlib.sha256)
