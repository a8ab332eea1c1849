"""Sends a file from the disk, in chunks and under its name; no browser or proxy keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Response, send_file


def send(path: Path, name: str, media_type: str) -> Response:
    """A file as a download."""
    answer = send_file(
        path,
        mimetype=media_type,
        as_attachment=True,
        download_name=name,
        conditional=False,
        etag=False,
        last_modified=None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def attached(content: bytes | Iterator[bytes], media_type: str, name: str) -> Response:
    """What nobody's browser shows: to be saved, not sniffed, and without any right if it is opened all the same."""
    called = f'filename="{name}"' if name.isascii() else f"filename*=UTF-8''{quote(name)}"  # RFC 6266
    headers = {
        "Content-Disposition": f"attachment; {called}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, mimetype=media_type, headers=headers)
