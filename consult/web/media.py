"""Sends a sound or picture: kept by browsers for good, since its address names its content."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import Response, send_file

_FOR_GOOD: Final = "max-age=31536000, immutable"


def content(data: bytes, media_type: str, digest: str, *, public: bool) -> Response:
    """The content of a file, or the part that was asked for; the tag is its hash. `public`: proxies may keep it too."""
    answer = send_file(BytesIO(data), mimetype=media_type, conditional=True, etag=digest)
    answer.headers["Cache-Control"] = f"{'public' if public else 'private'}, {_FOR_GOOD}"
    return answer
