"""A device that answers without a network, as `static/js/offline.js` does."""

from __future__ import annotations

import base64
import io
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.core.envelope import NONCE, key_between, point
from consult.participation import codes


def seal(recipient: bytes, data: bytes, context: bytes) -> bytes:
    """An envelope for whoever has the private key of `recipient`."""
    own = ec.generate_private_key(ec.SECP256R1())
    return point(own) + AESGCM(key_between(own, recipient, point(own), recipient)).encrypt(NONCE, data, context)


class Device:
    """Has the page of a questionnaire; seals what was answered, and sends it."""

    def __init__(self, client: FlaskClient, *, locale: str = "en", slug: str = "survey") -> None:
        self.client = client
        self.address = f"/{locale}/q/{slug}/offline"
        page = client.get(self.address).text
        found = {name: re.search(f'data-{name}="([^"]*)"', page) for name in ("edition", "context", "recipient")}
        self.known = {name: match[1] for name, match in found.items() if match}
        self.recipient = base64.b64decode(self.known["recipient"])
        self.code = codes.spell(secrets.token_bytes(16))

    def seal(self, answers: Mapping[str, str | Sequence[str]], /, **rest: Any) -> bytes:
        """Answers by field, sealed together with the code; `rest` replaces what is sealed."""
        form = {name: [value] if isinstance(value, str) else [*value] for name, value in answers.items()}
        content = json.dumps({"code": self.code, "answers": form, **rest})
        return seal(self.recipient, content.encode(), self.known["context"].encode())

    def send(
        self,
        sealed: bytes,
        *,
        code: str | None = None,
        edition: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Send what was sealed from the page on which it was finished, which still has the code."""
        data = {
            "edition": self.known["edition"] if edition is None else edition,
            "code": self.code if code is None else code,
            "sealed": (io.BytesIO(sealed), "blob"),
        }
        return self.client.post(self.address, data=data, headers=headers or {"Sec-Fetch-Site": "same-origin"})
