"""Style sheets and scripts, and the addresses of all static files.

Participants get their style sheet inside the page: the first view of a questionnaire takes one round trip. The
content-security policy names it by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache, partial

import rcssmin
import rjsmin
from flask import Flask, Response, abort, request, url_for
from markupsafe import Markup

from consult import paths
from consult.web.ready import Ready

_INLINE = ("tokens", "base", "components", "responses")
_YEAR = "public, max-age=31536000, immutable"


def init(app: Flask) -> None:
    """Serve scripts without their comments and spare white space; all other static files as they lie there."""
    app.add_url_rule("/static/js/<name>.js", "script", script)
    app.view_functions["static"] = partial(_static, app.send_static_file)


def _static(send: Callable[[str], Response], filename: str) -> Response:
    """A file, as long as its address names its content for ever."""
    answer = send(filename)
    if "v" in request.args:
        answer.headers["Cache-Control"] = _YEAR
    return answer


@cache
def participant_css() -> Markup:
    """The participants' style sheet without comments and spare white space."""
    text = "".join((paths.STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in _INLINE)
    return Markup(rcssmin.cssmin(text))  # noqa: S704  # our own sheets


def script(name: str) -> Response:
    """A script of ours, as long as its address names its content for ever."""
    ready = _scripts().get(name) or abort(404)
    named = request.args.get("v") == _version(f"js/{name}.js")  # a node may still have the one before
    return ready.response("text/javascript; charset=utf-8", _YEAR if named else "no-cache")


@cache
def _scripts() -> dict[str, Ready]:
    files = (paths.STATIC / "js").glob("*.js")
    return {file.stem: Ready.of(rjsmin.jsmin(file.read_text(encoding="utf-8")).encode()) for file in files}


def source_hash(text: str) -> str:
    """A CSP source expression for an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _version(path: str) -> str:
    return hashlib.sha256((paths.STATIC / path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """Address of a static file, with its content's hash, so that it may be cached for ever."""
    return url_for("static", filename=path, v=_version(path))
