"""The bot measures where somebody answers: what they find moves to a channel of its own, and nobody is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request

from consult.core.altcha import Solved
from consult.participation import guard
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.participation.views import guarding
from consult.responses.views import cookies
from consult.responses.views.visit import Visit
from consult.web.context import keys


@dataclass(frozen=True, slots=True)
class Passed:
    """A submission as it is to be stored, and the challenge that it uses up."""

    coming: Coming
    spends: Solved | None = None


def begun(draft: Coming) -> Coming:
    """A new draft, set apart where the field that nobody sees came filled in."""
    return _apart(draft) if guarding.trapped() else draft


def challenge(seen: Visit, draft: Coming) -> str:
    """What a browser computes before it sends a draft; empty where nothing is asked of it."""
    return guarding.challenge(seen.door) if _judged(draft) else ""


def sent(seen: Visit, coming: Coming) -> Passed | None:
    """A submission, set apart where the measures found something; none where it is to be sent once more, a little
    later."""
    if not _judged(coming):
        return Passed(coming)
    found = guarding.found(seen.door, _lasted(seen) if seen.door.guard.timed else 0)
    if found is None:
        return None
    return Passed(_apart(coming) if found.suspect else coming, found.spends)


def arrived(seen: Visit, coming: Coming) -> Coming:
    """What a device has kept, likewise: it tells no times and got no challenge, so only their number counts."""
    return _apart(coming) if _judged(coming) and guarding.crowded(seen.door) else coming


def _judged(coming: Coming) -> bool:
    """Only what comes new through the open link is judged: corrections stay what they were."""
    return coming.channel in (Channel.OPEN, Channel.SUSPECT) and not coming.corrects


def _apart(coming: Coming) -> Coming:
    return replace(coming, channel=Channel.SUSPECT) if _judged(coming) else coming


def _lasted(seen: Visit) -> float:
    """Seconds since the draft was begun, or taken up again, in this browser."""
    stamped = request.cookies.get(cookies.begun_name(seen), "")
    return guard.lasted(keys().codes, seen.door.activity_id, seen.code, stamped, seen.now)
