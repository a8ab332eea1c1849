"""The audit trail, for administrators of an institution."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, render_template, request, url_for

from consult.accounts import queries
from consult.accounts.queries import TrailFilter
from consult.accounts.views.blueprint import blueprint
from consult.core.text import LocalisedText
from consult.web import transaction
from consult.web.permissions import scope

PER_PAGE = 50


def init(app: Flask, led: queries.Led) -> None:
    """Say which processes a scope's institutions lead, with their titles: the trail shows what was done in them."""
    app.extensions["consult.led"] = led


@blueprint.get("/trail")
def trail() -> str:
    """What was done, the latest first; narrowed and paged in the address."""
    opened = transaction.session()
    led: Mapping[uuid.UUID, LocalisedText] = current_app.extensions["consult.led"](opened, scope())
    wanted = TrailFilter(_position(), _process(), request.args.get("action", ""))
    found = queries.trail(opened, scope(), list(led), wanted, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    kept: dict[str, Any] = {name: request.args[name] for name in ("process", "action") if request.args.get(name)}
    return render_template(
        "accounts/trail.html",
        entries=shown,
        led=led,
        actions=queries.trail_actions(opened, scope(), list(led)),
        wanted=wanted,
        latest=url_for(".trail", **kept) if wanted.before else "",
        older=url_for(".trail", before=f"{shown[-1].at.isoformat()}_{shown[-1].id}", **kept)
        if len(found) > PER_PAGE
        else "",
    )


def _position() -> tuple[dt.datetime, uuid.UUID] | None:
    moment, _, entry_id = request.args.get("before", "").partition("_")
    try:
        at = dt.datetime.fromisoformat(moment)
        return (at.astimezone(dt.UTC), uuid.UUID(entry_id)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _process() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("process", ""))
    except ValueError:
        return None
