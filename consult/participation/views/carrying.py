"""What every form of participants carries besides what is typed: a token, since when they have it, a challenge."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import request

from consult.core.text import clean
from consult.participation import codes, guard
from consult.participation.queries import Door
from consult.participation.views import guarding
from consult.web.context import keys, now


@dataclass(frozen=True, slots=True)
class Form:
    """The token that was drawn with a page (`participation.once`), and since when somebody has it."""

    token: str
    stamp: str
    challenge: str = ""
    """What the browser computes before it sends, where officers ask for that."""
    wait: int = guard.WAIT
    """Seconds that it computes at most."""

    @property
    def value(self) -> str:
        """As the form carries it."""
        return f"{self.token}.{self.stamp}"


def fresh(door: Door) -> Form:
    """For a page that shows a form."""
    token = codes.spell(secrets.token_bytes(16))
    stamp = guard.stamp(keys().codes, door.activity_id, token, now())
    return Form(token, stamp, guarding.challenge(door))


def sent(door: Door) -> Form:
    """What came with a form; for a page that shows it again, with a new challenge."""
    token, _, stamp = request.form.get("form", "")[:200].partition(".")
    if codes.read(token) != token:
        return fresh(door)
    return Form(token, stamp, guarding.challenge(door))


def lasted(door: Door, form: Form) -> float:
    """Seconds since somebody has a form."""
    return guard.lasted(keys().codes, door.activity_id, form.token, form.stamp, now())


def typed(name: str) -> str:
    """What was typed into a field, of one or several lines."""
    return clean(request.form.get(name, "")).strip()


def number(name: str) -> int:
    """The whole number that a field carries that nobody types in; -1 where it is none."""
    sent = request.form.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
