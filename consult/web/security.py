"""What every answer of the server carries: no third party, no frames, no sniffing, nothing cached unasked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any, TypeVar

from flask import Flask, Request, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect

from consult.config import Settings
from consult.web.assets import participant_css, source_hash

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UPLOAD_LIMIT = 20 * 1024 * 1024
BODY_LIMIT = 1024 * 1024
"""Bytes of a request body; views marked by `takes_files` may get UPLOAD_LIMIT."""

View = TypeVar("View", bound=Callable[..., object])

csrf = CSRFProtect()
"""Checked on every writing route of staff by the guard; public routes check the origin instead."""


_WITHOUT_SESSION = re.compile(r"/[^/]+/[qce]/|/media/")


class Body(Request):
    """A request whose files are kept in memory: what somebody sends is on the disk as it is stored, or not at all."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, except where the public answers: no session is read or made there."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; none below `/<locale>/q/`, `/c/`, `/e/` and `/media/`."""
        return None if _WITHOUT_SESSION.match(request.path) else super().open_session(app, request)


def policy() -> str:
    """The content-security policy: this origin only, the participants' style sheet by its hash, no `unsafe-*`."""
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; "
        f"form-action 'self'; style-src 'self' {source_hash(participant_css())}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def takes_files(view: View) -> View:
    """Mark a view whose requests may be as large as UPLOAD_LIMIT: the body is read before the view is called."""
    view.takes_files = True  # type: ignore[attr-defined]  # read by `init`
    return view


def init(app: Flask, settings: Settings) -> None:
    """Set limits and headers."""
    app.session_interface = StaffSessions()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_PARTS"] = 5000
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.config["TRUSTED_HOSTS"] = list(settings.hosts)
    headers = {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
        "Cache-Control": "no-store",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.before_request
    def refuse_zeros() -> None:
        # No address of ours has one, and PostgreSQL takes it in no text.
        if "\0" in request.path or b"%00" in request.query_string:
            abort(404)

    @app.before_request
    def allow_files() -> None:
        if getattr(app.view_functions.get(request.endpoint or ""), "takes_files", False):
            request.max_content_length = UPLOAD_LIMIT

    app.wsgi_app = _carrying(app.wsgi_app, headers)  # type: ignore[assignment, method-assign]  # Flask's documented way


def _carrying(inner: WSGIApplication, headers: Mapping[str, str]) -> WSGIApplication:
    """The same application with these headers in every answer that does not set them itself."""
    lower = frozenset(name.lower() for name in headers)
    usual = list(headers.items())

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, given: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            own = lower.intersection([name.lower() for name, _ in given])
            missing = [header for header in usual if header[0].lower() not in own] if own else usual
            return start_response(status, given + missing, *error)

        return inner(environ, start)

    return application


def same_origin_only() -> None:
    """Refuse (403) a writing request that another site made: for public routes, which have no session and no token.

    Browsers send `Sec-Fetch-Site` or at least `Origin` with every form; a request that carries neither comes from no
    browser, so nobody's cookie can be abused by it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        abort(403)
