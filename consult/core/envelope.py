"""What devices seal for this installation: anybody can close an envelope with its public key, only it can open one.

An envelope is `the sender's one-time public key (65 bytes, uncompressed) | ciphertext and tag`. Its AES-256-GCM key is
made by HKDF-SHA256 from an ECDH on P-256 between that key (the salt) and ours (the info): the scheme of
ECIES and, in essence, of RFC 9180, out of what every browser's WebCrypto has (`static/js/offline.js`). The key seals
one envelope only, so the nonce is all zeros. The context is authenticated: what was addressed elsewhere does not open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from consult.core.sealing import UnsealError

NONCE: Final = bytes(12)
POINT: Final = 65
"""Bytes of a public key."""
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Number of points on P-256 (SP 800-186, 3.2.1.3)."""


def public_key(secret: bytes) -> bytes:
    """The public key that belongs to 32 random bytes."""
    return point(_private(secret))


def point(private: ec.EllipticCurvePrivateKey) -> bytes:
    """A public key as its point, uncompressed."""
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_between(private: ec.EllipticCurvePrivateKey, other: bytes, sender: bytes, recipient: bytes) -> bytes:
    """The key that both ends of an envelope compute; ValueError where `other`, the other end, is no point of P-256."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, other)
    shared = private.exchange(ec.ECDH(), theirs)
    return HKDF(hashes.SHA256(), 32, salt=sender, info=recipient).derive(shared)


def open_envelope(secrets: Mapping[str, bytes], envelope: bytes, context: bytes) -> bytes:
    """What was sealed for one of our keys (32 random bytes each, by id); raises `UnsealError`."""
    sender, sealed = envelope[:POINT], envelope[POINT:]
    for secret in reversed([*secrets.values()]):
        private = _private(secret)
        try:
            key = key_between(private, sender, sender, point(private))
            return AESGCM(key).decrypt(NONCE, sealed, context)
        except (InvalidTag, ValueError):
            continue
    raise UnsealError("this envelope was damaged, belongs elsewhere, or its key is not there")


def _private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    # 512 bits taken modulo the order leave no bias that matters (FIPS 186-5, A.2.1).
    return ec.derive_private_key(int.from_bytes(hashlib.sha512(secret).digest()) % (_ORDER - 1) + 1, _CURVE)
