"""Which texts two coders code: a share that anybody can draw again, and nobody can steer."""

from __future__ import annotations

import hashlib
from typing import Final

_WHOLE: Final = 2**64


def drawn(key: bytes, seed: bytes, per_cent: int) -> bool:
    """Whether a text is in the sample: its hash falls into the share. A larger share has all of a smaller one."""
    number = int.from_bytes(hashlib.sha256(seed + b"\0" + key).digest()[:8])
    return number * 100 < per_cent * _WHOLE
