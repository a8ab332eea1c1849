"""The work that a challenge asks for, as `static/js/work.js` does it."""

from __future__ import annotations

import base64
import hashlib
import json

from tests.factories.visitor import Form


def solve(page: str) -> str:
    """What the form of a page sends back once its challenge is solved."""
    sent = json.loads(base64.b64decode(Form(page).fields["altcha"][0]))
    most = sent.pop("maxnumber")
    hashes = (hashlib.sha256(f"{sent['salt']}{number}".encode()).hexdigest() for number in range(most + 1))
    number = next(number for number, found in enumerate(hashes) if found == sent["challenge"])
    return base64.b64encode(json.dumps({**sent, "number": number}).encode()).decode()
