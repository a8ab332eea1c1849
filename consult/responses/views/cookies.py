"""What a device keeps of somebody who takes part: the code, and where bot measures want it when the draft was begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from werkzeug.wrappers import Response as Answer

from consult.participation import guard
from consult.responses.views import trying
from consult.web.context import keys, settings

if TYPE_CHECKING:
    from consult.responses.views.visit import Visit


def cookie_name(slug: str, manner: str = "") -> str:
    """The one cookie of an activity, the one of an interview, and the one of a trial."""
    return f"{manner.rstrip('_') or 'draft'}-{slug}"


def remember(response: Answer, seen: Visit, code: str) -> Answer:
    """Put the code into the cookie: until the browser is closed or “Exit now”."""
    name = cookie_name(seen.door.slug, seen.manner)
    response.set_cookie(name, code, httponly=True, samesite="Lax", secure=settings().secure)
    if seen.door.guard.timed and not seen.assisted:
        stamp = guard.stamp(keys().codes, seen.door.activity_id, code, seen.now)
        response.set_cookie(begun_name(seen), stamp, httponly=True, samesite="Lax", secure=settings().secure)
    return trying.let_pass(response, seen.door) if seen.trial else response


def begun_name(seen: Visit) -> str:
    """The cookie that says when the draft was begun, where that matters."""
    return f"begun-{seen.door.slug}"


def forget(response: Answer, seen: Visit) -> Answer:
    """Take the code off the device."""
    begun = [begun_name(seen)] if begun_name(seen) in request.cookies and not seen.assisted else []
    for name in (cookie_name(seen.door.slug, seen.manner), *begun):
        response.delete_cookie(name, httponly=True, samesite="Lax", secure=settings().secure)
    return response
