"""The guard before every view: it asks the table of rules (`web.rules`) who may use a route."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from consult.core.access import Actor, Scope
from consult.web.rules import PERMISSIONS
from consult.web.security import csrf


def init(app: Flask, load_actor: Callable[[], Actor | None]) -> None:
    """Guard every route; `load_actor` tells who has signed in, and is asked on staff routes only."""
    app.extensions["consult.load_actor"] = load_actor
    app.before_request(_guard)


def actor() -> Actor:
    """Who has signed in; only on routes that need it."""
    found: Actor = g.scope.actor
    return found


def scope() -> Scope:
    """What this request may reach."""
    found: Scope = g.scope
    return found


def may(endpoint: str) -> bool:
    """Whether who has signed in may use a route at all: for links and menus."""
    rule = PERMISSIONS.get(endpoint)
    if rule is None or "scope" not in g:
        return rule is not None and rule.public
    return rule.scope(g.scope.actor) is not None


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    rule = PERMISSIONS.get(request.endpoint)
    if rule is None:
        abort(404)
    if rule.public:
        return None
    signed_in: Actor | None = current_app.extensions["consult.load_actor"]()
    if signed_in is None:
        return redirect(url_for("accounts.sign_in", next=request.full_path if request.method == "GET" else None))
    reachable = rule.scope(signed_in)
    if reachable is None:
        abort(404)
    g.scope = reachable
    csrf.protect()
    return None
