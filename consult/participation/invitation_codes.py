"""The code of an invitation: 95 random bits and a check character, typed from a letter or read from its picture.

Twenty letters and digits of Crockford's base 32. The check makes the sum of all of them, each times its own power of a
generator of GF(32), zero: powers differ within 31 places, so one wrong letter and any two that changed places are
always noticed, before anything is looked up.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from functools import reduce
from typing import Final

from consult.core.sealing import UnsealError, seal, unseal
from consult.participation import codes

LENGTH: Final = 20
NONCE: Final = 16
"""Bytes that the first use draws."""
_POLYNOMIAL: Final = 0b100101
"""x⁵ + x² + 1, primitive over GF(2)."""
_VALUES: Final = {letter: value for value, letter in enumerate(codes.ALPHABET)}


def draw() -> str:
    """A new code, without its spaces."""
    body = "".join(secrets.choice(codes.ALPHABET) for _ in range(LENGTH - 1))
    return body + codes.ALPHABET[_check(body)]


def read(typed: str) -> str | None:
    """The code that was typed, or None where it has not its length or its check says that it was mistyped."""
    code = codes.plain(typed)
    return code if len(code) == LENGTH and not _check(code) else None


def is_long_enough(typed: str) -> bool:
    """Whether as many letters and digits were typed as a code has."""
    return len(codes.plain(typed)) == LENGTH


def digest(key: bytes, activity_id: uuid.UUID, code: str) -> bytes:
    """What the database keeps of a code: HMAC-SHA256 over the activity and the code."""
    return _mac(key, b"invitation", activity_id, code.encode())


def draft_code(key: bytes, activity_id: uuid.UUID, code: str, nonce: bytes) -> str:
    """The participant's code under which an invitation's draft lies. Without the nonce nothing leads to it."""
    return codes.spell(_mac(key, b"invited draft", activity_id, code.encode() + nonce)[:16])


def linked(key: bytes, activity_id: uuid.UUID, draft: str, invitation: bytes) -> str:
    """The digest of an invitation as its open draft carries it: only the participant's code opens it."""
    return seal(_link_keys(key, activity_id, draft), invitation, activity_id.bytes).hex()


def unlinked(key: bytes, activity_id: uuid.UUID, draft: str, link: str) -> bytes | None:
    """The digest again; none where it was not sealed for this draft."""
    try:
        return unseal(_link_keys(key, activity_id, draft), bytes.fromhex(link), activity_id.bytes)
    except (UnsealError, ValueError):
        return None


def _link_keys(key: bytes, activity_id: uuid.UUID, draft: str) -> Mapping[str, bytes]:
    return {"": _mac(key, b"invited link", activity_id, draft.encode())}


def _mac(key: bytes, purpose: bytes, activity_id: uuid.UUID, data: bytes) -> bytes:
    return hmac.digest(key, purpose + b"\0" + activity_id.bytes + data, hashlib.sha256)


def _check(letters: str) -> int:
    """The sum by Horner's rule; zero where the last letter is the check."""
    return reduce(lambda total, letter: _times(total) ^ _VALUES[letter], letters + "0" * (len(letters) < LENGTH), 0)


def _times(value: int) -> int:
    """A value of GF(32) times the generator."""
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled > 31 else doubled
