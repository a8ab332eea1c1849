"""Names for the answers of a questionnaire by which nobody can tell which of them one person gave.

An answer is named by the random id of its response under a block cipher (AES-256, one block, which is a permutation of
all ids) with a key of its own for each question. Names of two answers of one response have nothing in common; who has
the installation's key finds the response of a name, and nobody else does.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

_BLOCK = 16


def names(key: bytes, activity_id: uuid.UUID, question: str, responses: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The names of the answers that responses give to a question, in the order of the responses."""
    return _each(_cipher(key, activity_id, question).encryptor(), responses)


def responses(key: bytes, activity_id: uuid.UUID, question: str, named: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The ids of the responses whose answers have these names, in their order."""
    return _each(_cipher(key, activity_id, question).decryptor(), named)


def _each(cipher: CipherContext, ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    done = cipher.update(b"".join(one.bytes for one in ids))
    return [uuid.UUID(bytes=done[start : start + _BLOCK]) for start in range(0, len(done), _BLOCK)]


def _cipher(key: bytes, activity_id: uuid.UUID, question: str) -> Cipher[modes.ECB]:
    own = hmac.digest(key, b"coding\0" + activity_id.bytes + question.encode(), hashlib.sha256)
    return Cipher(algorithms.AES256(own), modes.ECB())  # noqa: S305  # each block is an id, and no two are the same
