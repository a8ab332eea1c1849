"""The bot measures where somebody sends something: what they find is set apart, and nobody is told."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from consult.core import altcha
from consult.core.altcha import Solved
from consult.participation import guard, inviting, measures
from consult.participation.queries import Door
from consult.web.context import keys, now, settings
from consult.web.transaction import database

SOLUTION: Final = "altcha"
"""Field in which the challenge of a form comes back with its number."""
_RANGE: Final = "X-Address-Range"
"""Header in which the proxy says from which range of addresses somebody comes, and no more."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the measures say of something that is sent."""

    suspect: bool
    spends: Solved | None = None
    """The challenge that it uses up."""


def trapped() -> bool:
    """Whether the field that nobody sees came filled in."""
    return bool(request.form.get(guard.FIELD))


def challenge(door: Door) -> str:
    """What a browser computes before it sends something; empty where nothing is asked of it."""
    if not door.guard.work:
        return ""
    drawn = secrets.randbelow(altcha.MOST + 1)
    return altcha.issue(_key(door), now(), salt=secrets.token_bytes(12), number=drawn)


def found(door: Door, lasted: float) -> Found | None:
    """Whether something that is sent came too soon, too many came, or the field that nobody sees is filled in.

    None where it cost neither computing nor time: then it is to be sent once more, a little later. `lasted`: seconds
    since it was begun.
    """
    solved = _solved(door) if door.guard.work else None
    free = door.guard.work and solved is None
    if free and lasted < guard.WAIT:
        return None
    return Found(crowded(door, free=free) or lasted < door.guard.seconds or trapped(), solved)


def crowded(door: Door, *, free: bool = False) -> bool:
    """Count something that is sent; whether there is too much from its range of addresses. `free`: it cost no
    computing."""
    most = door.guard.hourly
    if not most:
        return False
    address = request.headers.get(_RANGE, "") if settings().proxies else request.remote_addr or ""
    within = guard.range_of(address)
    if not within:
        return False
    if free:
        within, most = b"free\0" + within, max(most // guard.SLOWER, 1)
    pace: guard.Pace = current_app.extensions["consult.pace"]
    return pace.count(door.activity_id, within, now()) > most


def guessed(activity_id: uuid.UUID) -> bool:
    """Count a wrong code; whether there have been too many at this activity. Right ones are never told to wait."""
    with database().single() as connection:
        if inviting.too_many_guesses(connection, activity_id):
            return True
    with database().transaction() as opened:
        return inviting.guessed(opened, activity_id)


def _solved(door: Door) -> Solved | None:
    """The challenge that came back with its number, and was not spent before."""
    solved = altcha.read(_key(door), now(), request.form.get(SOLUTION, ""))
    if solved is None:
        return None
    with database().single() as connection:
        spent = measures.is_spent(connection, door.activity_id, solved)
    return None if spent else solved


def _key(door: Door) -> bytes:
    return hmac.digest(keys().codes, b"altcha\0" + door.activity_id.bytes, hashlib.sha256)
