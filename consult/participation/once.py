"""Once is once: what a form carries makes the same contribution of the same person, however often it is sent.

A form carries a token that was drawn with its page. Of somebody who has no code yet, the code follows from the token;
of a contribution, its id follows from the token and what it says. Both are HMACs: nobody who sees an id can tell what
it was made of.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid

from consult.participation import codes


def code_of(key: bytes, activity_id: uuid.UUID, token: str) -> str:
    """The participant's code of somebody who begins with a form."""
    return codes.spell(_mac(key, b"first contribution", activity_id, token)[:16])


def code_for(key: bytes, activity_id: uuid.UUID, *content: str) -> str:
    """The participant's code of somebody whom staff enter: the same for the same content, the form's token among it.

    No token of a participant's form leads to it, so that whoever entered somebody cannot come back in their place.
    """
    return codes.spell(_mac(key, b"entered", activity_id, *content)[:16])


def id_of(key: bytes, activity_id: uuid.UUID, *content: str) -> uuid.UUID:
    """The id of a contribution: the same for the same content, the form's token among it."""
    return uuid.UUID(bytes=_mac(key, b"contribution", activity_id, *content)[:16], version=4)


def _mac(key: bytes, purpose: bytes, activity_id: uuid.UUID, *content: str) -> bytes:
    told = b"".join(hashlib.sha256(text.encode()).digest() for text in content)
    return hmac.digest(key, purpose + b"\0" + activity_id.bytes + told, hashlib.sha256)
