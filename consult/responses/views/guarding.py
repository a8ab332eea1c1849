"""The bot measures where somebody answers: what they find moves to a channel of its own, and nobody is told."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Final

from flask import current_app, request

from consult.core import altcha
from consult.core.altcha import Solved
from consult.participation import guard, measures
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.responses.views import cookies
from consult.responses.views.visit import Visit
from consult.web.context import keys, settings
from consult.web.transaction import database

SOLUTION: Final = "altcha"
"""Field in which the challenge of a form comes back with its number."""
_RANGE: Final = "X-Address-Range"
"""Header in which the proxy says from which range of addresses somebody comes, and no more."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A submission as it is to be stored, and the challenge that it uses up."""

    coming: Coming
    spends: Solved | None = None


def begun(draft: Coming) -> Coming:
    """A new draft, set apart where the field that nobody sees came filled in."""
    return _apart(draft) if request.form.get(guard.FIELD) else draft


def challenge(seen: Visit, draft: Coming) -> str:
    """What a browser computes before it sends a draft; empty where nothing is asked of it."""
    if not _works(seen, draft):
        return ""
    drawn = secrets.randbelow(altcha.MOST + 1)
    return altcha.issue(_key(seen), seen.now, salt=secrets.token_bytes(12), number=drawn)


def sent(seen: Visit, coming: Coming) -> Passed | None:
    """A submission, set apart where it came too soon, too many came, or the field that nobody sees is filled in.

    None where it cost neither computing nor time: then it is to be sent once more, a little later.
    """
    works = _works(seen, coming)
    solved = _solved(seen) if works else None
    free = works and solved is None
    lasted = _lasted(seen) if seen.door.guard.timed else 0
    if free and lasted < guard.WAIT:
        return None
    suspect = _crowded(seen, coming, free=free) or lasted < seen.door.guard.seconds or request.form.get(guard.FIELD)
    return Passed(_apart(coming) if suspect else coming, solved)


def arrived(seen: Visit, coming: Coming) -> Coming:
    """What a device has kept, likewise: it tells no times and got no challenge, so only their number counts."""
    return _apart(coming) if _crowded(seen, coming) else coming


def _judged(coming: Coming) -> bool:
    """Only what comes new through the open link is judged: corrections stay what they were."""
    return coming.channel in (Channel.OPEN, Channel.SUSPECT) and not coming.corrects


def _apart(coming: Coming) -> Coming:
    return replace(coming, channel=Channel.SUSPECT) if _judged(coming) else coming


def _works(seen: Visit, coming: Coming) -> bool:
    return seen.door.guard.work and _judged(coming)


def _solved(seen: Visit) -> Solved | None:
    """The challenge that came back with its number, and was not spent before."""
    solved = altcha.read(_key(seen), seen.now, request.form.get(SOLUTION, ""))
    if solved is None:
        return None
    with database().single() as connection:
        spent = measures.is_spent(connection, seen.door.activity_id, solved)
    return None if spent else solved


def _key(seen: Visit) -> bytes:
    return hmac.digest(keys().codes, b"altcha\0" + seen.door.activity_id.bytes, hashlib.sha256)


def _lasted(seen: Visit) -> float:
    """Seconds since the draft was begun, or taken up again, in this browser."""
    stamped = request.cookies.get(cookies.begun_name(seen), "")
    return guard.lasted(keys().codes, seen.door.activity_id, seen.code, stamped, seen.now)


def _crowded(seen: Visit, coming: Coming, *, free: bool = False) -> bool:
    """Count a submission; whether there are too many from its range of addresses. `free`: it cost no computing."""
    most = seen.door.guard.hourly
    if not most or not _judged(coming):
        return False
    address = request.headers.get(_RANGE, "") if settings().proxies else request.remote_addr or ""
    within = guard.range_of(address)
    if not within:
        return False
    if free:
        within, most = b"free\0" + within, max(most // guard.SLOWER, 1)
    pace: guard.Pace = current_app.extensions["consult.pace"]
    return pace.count(seen.door.activity_id, within, seen.now) > most
