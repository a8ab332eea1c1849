"""Error pages: what happened and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import HTTPException, SecurityError

from consult.core.errors import Refused
from consult.files import NoRoom
from consult.web.messages import sentences


def init(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    for unavailable in (OperationalError, NoConnectionError, NoRoom):
        app.register_error_handler(unavailable, _unavailable)


def _words(status: int) -> tuple[str, str]:
    """Title and advice for a status."""
    refused = _("This request was refused"), _("Go back, reload the page and try again.")
    elsewhere = _("Check the address, or start again from the first page.")
    again = _("Nothing was stored this time. Keep this page open, wait a minute and send it again.")
    return {
        400: refused,
        403: refused,
        404: (_("This page does not exist"), elsewhere),
        405: (_("This page does not exist"), elsewhere),
        410: (_("This page is no longer here"), elsewhere),
        413: (_("What was sent is too large"), _("Send a smaller file or a shorter text.")),
        429: (_("Too many attempts"), _("Wait a few minutes, then try again.")),
        503: (_("The service is busy or under repair"), again),
    }.get(status, (_("Something went wrong on our side"), again))


def page(
    status: int,
    details: Sequence[str] = (),
    typed: Sequence[tuple[str, str]] | None = None,
    chosen: Sequence[str] = (),
) -> tuple[str, int]:
    """The page for a status, with what is wrong in detail, and with what was typed, to be sent again.

    `chosen`: names of fields that had a file; no page can put it back into them.
    """
    title, advice = _words(status)
    return render_template(
        "errors/error.html", status=status, title=title, advice=advice, details=details, typed=typed, chosen=chosen
    ), status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error  # a redirect, or an answer that is complete already
    if isinstance(error, SecurityError):
        return (
            "This host name is not served here.\n",
            400,
            {"Content-Type": "text/plain; charset=utf-8"},
        )  # no addresses
    body, status = page(error.code)
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return body, status, headers


def _refused(error: Refused) -> tuple[str, int]:
    return page(400, sentences(error.problems))


def _unavailable(_error: Exception) -> tuple[str, int, dict[str, str]]:
    chosen = [name for name, sent in request.files.items() if sent.filename]
    body, status = page(503, typed=_typed(), chosen=chosen)
    return body, status, {"Retry-After": "30"}


def _typed() -> list[tuple[str, str]] | None:
    """What a participant sent and nobody could store. Not forms of staff: these carry a token, and maybe a password."""
    if request.method != "POST" or "csrf_token" in request.form:
        return None
    return list(request.form.items(multi=True))
