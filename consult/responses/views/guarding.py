"""The bot measures where somebody answers: what they find moves to a channel of its own, and nobody is told."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app, request

from consult.participation import guard
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.responses.views import visit as at
from consult.responses.views.visit import Visit
from consult.web.context import keys, settings

_RANGE = "X-Address-Range"
"""Header in which the proxy says from which range of addresses somebody comes, and no more."""


def begun(draft: Coming) -> Coming:
    """A new draft, set apart where the field that nobody sees came filled in."""
    return _apart(draft) if request.form.get(guard.FIELD) else draft


def sent(seen: Visit, coming: Coming) -> Coming:
    """A submission, set apart where it came too soon, too many came, or the field that nobody sees is filled in."""
    return _apart(coming) if _crowded(seen, coming) or _hasty(seen) or request.form.get(guard.FIELD) else coming


def arrived(seen: Visit, coming: Coming) -> Coming:
    """What a device has kept, likewise: it tells no times, so only their number counts."""
    return _apart(coming) if _crowded(seen, coming) else coming


def _apart(coming: Coming) -> Coming:
    """Only what comes new through the open link is judged: corrections stay what they were."""
    if coming.channel != Channel.OPEN or coming.corrects:
        return coming
    return replace(coming, channel=Channel.SUSPECT)


def _hasty(seen: Visit) -> bool:
    least = seen.door.guard.seconds
    if not least:
        return False
    stamped = request.cookies.get(at.begun_name(seen), "")
    return guard.lasted(keys().codes, seen.door.activity_id, seen.code, stamped, seen.now) < least


def _crowded(seen: Visit, coming: Coming) -> bool:
    most = seen.door.guard.hourly
    if not most or coming.channel not in (Channel.OPEN, Channel.SUSPECT) or coming.corrects:
        return False
    address = request.headers.get(_RANGE, "") if settings().proxies else request.remote_addr or ""
    within = guard.range_of(address)
    pace: guard.Pace = current_app.extensions["consult.pace"]
    return bool(within) and pace.count(seen.door.activity_id, within, seen.now) > most
