"""The composition root: the only module that knows every slice."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import config, paths
from consult.config import Keys, Settings
from consult.db.session import Database
from consult.pages.views import blueprint as pages
from consult.web import errors, locale, permissions, security, templating, transaction


class Consult(Flask):
    """Flask, committing the request's transaction when a view returns."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; what it raises rolls back (`web.transaction`)."""
        answer = super().dispatch_request()
        transaction.commit()
        return answer


BLUEPRINTS = (pages,)
AUTHORED = frozenset({"responses", "privacy"})
"""Blueprints whose pages exist in whatever locales an activity is offered in."""


def create_app(settings: Settings | None = None, keys: Keys | None = None, database: Database | None = None) -> Flask:
    """The whole application, from the environment unless told otherwise."""
    settings = settings or config.read()
    keys = keys or config.load_keys(settings.keys_file)
    app = Consult("consult", template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    app.config.update(
        SECRET_KEY=keys.session,
        SESSION_COOKIE_NAME="staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=12),
    )
    app.extensions["consult.settings"] = settings
    app.extensions["consult.keys"] = keys
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]  # Flask's documented way
    transaction.init(app, database or Database(settings.url))
    security.init(app, settings)
    locale.init(app, authored=AUTHORED)
    permissions.init(app, lambda: None)
    templating.init(app)
    errors.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
