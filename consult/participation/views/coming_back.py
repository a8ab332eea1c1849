"""Coming back with one's code, and leaving the device without it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.participation import codes
from consult.participation.views import guarding
from consult.web.context import keys
from consult.web.locale import figures, url_for_locale
from consult.web.transaction import rollback


@dataclass(frozen=True, slots=True)
class Entered:
    """A code that was typed in."""

    typed: str
    code: str = ""
    """Empty where nothing lies under it."""
    status: int = 303
    problem: str = ""


def entered(activity_id: uuid.UUID, known: Callable[[bytes], bool], unknown: str) -> Entered:
    """What was typed in as a code. `known`: whether something lies under its HMAC; `unknown`: what is said if not."""
    typed = request.form.get("code", "")[:200]
    code = codes.read(typed)
    if code is None:
        count = figures(str(codes.LENGTH))
        told = _("This is not a whole code. It has %(number)s letters and digits.", number=count)
        return Entered(typed, status=422, problem=told)
    if known(codes.digest(keys().codes, activity_id, code)):
        return Entered(typed, code)
    rollback()  # what counts guesses writes for itself
    if guarding.guessed(activity_id):
        told = _("Too many wrong codes were typed in. Wait a minute, then try again.")
        return Entered(typed, status=429, problem=told)
    return Entered(typed, status=404, problem=unknown)


def left() -> Answer:
    """A page that says nothing about what was left."""
    page = render_template("responses/left.html", locales=[], url_for_locale=url_for_locale)
    return Answer(page, content_type="text/html; charset=utf-8")
