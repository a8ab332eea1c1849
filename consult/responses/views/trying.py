"""Who may try an activity before it opens: a browser that was given the link keeps a token of it, in a cookie."""

from __future__ import annotations

import hashlib
import hmac

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from consult.participation import queries, trials
from consult.participation.queries import Door
from consult.web.context import keys, settings
from consult.web.transaction import database


def door(slug: str) -> Door | None:
    """The door of an activity that can be, or could have been, tried."""
    with database().reading() as session:
        return queries.trial_door(session, slug)


def passes(door: Door) -> bool:
    """Whether this browser was given the link that works now."""
    return door.trial is not None and hmac.compare_digest(_token(door), request.cookies.get(_name(door), ""))


def opens(door: Door, code: str) -> bool:
    """Whether a code is that of the link."""
    digest = trials.digest(keys().codes, door.activity_id, code)
    return door.trial is not None and hmac.compare_digest(digest, door.trial)


def mark(door: Door) -> str:
    """What tells answers of a trial that a device keeps from all others, and from those by another link."""
    return f"/trial/{hashlib.sha256(_token(door).encode()).hexdigest()[:16]}"


def let_pass(response: Answer, door: Door) -> Answer:
    """Let this browser try the activity, until it is closed or “Exit now”."""
    response.set_cookie(_name(door), _token(door), httponly=True, samesite="Lax", secure=settings().secure)
    return response


def forget(response: Answer, door: Door) -> Answer:
    """Take the token off the device."""
    response.delete_cookie(_name(door), httponly=True, samesite="Lax", secure=settings().secure)
    return response


def over(status: int, first_url: str = "") -> Response:
    """The page of a trial that has ended; `first_url`: of the questionnaire, where it has opened."""
    return make_response(render_template("responses/trial_over.html", locales=[], first_url=first_url), status)


def _token(door: Door) -> str:
    assert door.trial is not None, "only a link that works is known by a token"
    return trials.token(keys().codes, door.activity_id, door.trial)


def _name(door: Door) -> str:
    return f"pass-{door.slug}"
