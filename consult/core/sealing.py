"""Encryption of small secrets at rest: AES-256-GCM under a named key, bound to what the secret is for.

A sealed value is `length of key id (1 byte) | key id | nonce (12) | ciphertext and tag`. The header and the context
are authenticated, so a value moved to another row or purpose does not open.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class UnsealError(ValueError):
    """A sealed value was damaged, belongs to another context, or its key is not there."""


def seal(keys: Mapping[str, bytes], data: bytes, context: bytes) -> bytes:
    """Encrypt `data` under the last of `keys` (32 bytes each, by id); `context` must be given again to open it."""
    name, key = list(keys.items())[-1]
    header = head(name)
    nonce = secrets.token_bytes(_NONCE)
    return header + nonce + AESGCM(key).encrypt(nonce, data, header + context)


def unseal(keys: Mapping[str, bytes], sealed: bytes, context: bytes) -> bytes:
    """What was sealed; raises `UnsealError`, which says nothing about the data."""
    end = 1 + sealed[0] if sealed else 0
    header, nonce, body = sealed[:end], sealed[end : end + _NONCE], sealed[end + _NONCE :]
    key = keys.get(header[1:].decode(errors="replace"))
    if key is None or len(nonce) < _NONCE:
        raise UnsealError("the key of this value is not there")
    try:
        return AESGCM(key).decrypt(nonce, body, header + context)
    except InvalidTag:
        raise UnsealError("this value was damaged or belongs elsewhere") from None


def head(key: str) -> bytes:
    """How every value begins that is sealed under a key, by its id."""
    encoded = key.encode()
    return bytes([len(encoded)]) + encoded


def key_id(sealed: bytes) -> str:
    """Id of the key a value was sealed under."""
    return sealed[1 : 1 + sealed[0]].decode()
