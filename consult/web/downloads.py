"""Sends a file from the disk, in chunks and under its name; no browser or proxy keeps it."""

from __future__ import annotations

from pathlib import Path

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
