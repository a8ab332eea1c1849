"""Fingerprints of codes and tokens: what is stored instead of them, so that a stolen database opens nothing."""

from __future__ import annotations

import hashlib
import hmac


def fingerprint(key: bytes, purpose: str, secret: str) -> bytes:
    """HMAC-SHA-256 of a secret for one purpose (32 bytes); fingerprints of different purposes never meet."""
    return hmac.digest(key, purpose.encode() + b"\0" + secret.encode(), hashlib.sha256)
