"""E-mail and web addresses as people type them: whether they can be any, and how they are kept."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

LONGEST_EMAIL: Final = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets of a path."""
LONGEST_URL: Final = 2_000
_LABEL: Final = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
"""Labels in letters of any script; the last one is no number, so that no address of a device counts."""
_LOCAL: Final = re.compile(r"[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)*")
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)


def read_email(text: str) -> str | None:
    """An e-mail address with its host in small letters; None where it can be none.

    Stricter than RFC 5322 (no quotes, no comments) and no proof that somebody reads what is sent there.
    """
    local, at, host = text.rpartition("@")
    host = host.lower()
    well = at and len(text) <= LONGEST_EMAIL and len(local) <= 64 and _LOCAL.fullmatch(local) and _HOST.fullmatch(host)
    return f"{local}@{host}" if well else None


def read_url(text: str) -> str | None:
    """The address of a web page, with `https://` where no scheme was typed; None where it can be none.

    Other schemes (`javascript:`, `file:`), names and passwords, and addresses of devices are refused.
    """
    if re.search(r"[\s<>\"\\]", text) or len(text) > LONGEST_URL:
        return None
    typed = text if _SCHEME.match(text) else f"https://{text}"
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    rest = typed[len(parts.scheme) + len("://") + len(parts.netloc) :]
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{rest}"
