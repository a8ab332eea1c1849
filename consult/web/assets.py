"""Style sheets and their addresses.

Participants get their style sheet inside the page: the first view of a questionnaire takes one round trip. The
content-security policy names it by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from flask import url_for
from markupsafe import Markup

from consult import paths

_INLINE = ("tokens", "base", "components", "responses")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};:,>])\s*")


@cache
def participant_css() -> Markup:
    """The participants' style sheet without comments and spare white space."""
    text = "".join((paths.STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in _INLINE)
    text = re.sub(r"\s+", " ", _COMMENT.sub("", text))
    # Selectors such as `a :hover` need the space before a colon, so only declarations are tightened after it.
    return Markup(_SPACE.sub(_tighten, text).replace(";}", "}").strip())  # noqa: S704  # our own sheets


def _tighten(match: re.Match[str]) -> str:
    sign = match[1]
    return match[0].rstrip() if sign == ":" else sign


def source_hash(text: str) -> str:
    """A CSP source expression for an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _version(path: str) -> str:
    return hashlib.sha256((paths.STATIC / path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """Address of a static file, with its content's hash, so that it may be cached for ever."""
    return url_for("static", filename=path, v=_version(path))
