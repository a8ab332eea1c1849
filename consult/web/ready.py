"""Content that is the same bytes for everybody: compressed once, named by its hash, sent from memory."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

from flask import Response, request


@dataclass(frozen=True, slots=True)
class Ready:
    """Bytes as they are and packed, with the hash that names them."""

    plain: bytes
    packed: bytes
    tag: str

    @classmethod
    def of(cls, body: bytes) -> Ready:
        """A body made ready."""
        return cls(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:20])

    def response(self, content_type: str, cache_control: str) -> Response:
        """The bytes, packed where the browser takes that; nothing but “the same” where it has them already."""
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        tag = f'"{self.tag}-gzip"' if packed else f'"{self.tag}"'
        headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding", "ETag": tag}
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        headers["Content-Type"] = content_type
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(self.packed if packed else self.plain, headers=headers)
