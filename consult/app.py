"""The composition root: the only module that knows every slice."""

from __future__ import annotations

import datetime as dt
import traceback
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import config, paths
from consult.accounts import tasks as accounts_tasks
from consult.accounts.views import blueprint as accounts
from consult.accounts.views import people, trail
from consult.accounts.views.blueprint import load_actor
from consult.audit import tasks as audit_tasks
from consult.config import Keys, Settings
from consult.core.access import Scope
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import tasks as jobs_tasks
from consult.jobs.long import Long
from consult.jobs.worker import Task
from consult.mail import tasks as mail_tasks
from consult.pages.views import blueprint as pages
from consult.participation.views import blueprint as participation
from consult.privacy.views import blueprint as privacy
from consult.processes import queries as processes_queries
from consult.processes.views import blueprint as processes
from consult.processes.views import jobs
from consult.questionnaires import tasks as questionnaires_tasks
from consult.questionnaires.views import blueprint as questionnaires
from consult.responses import tasks as responses_tasks
from consult.responses.views import blueprint as responses
from consult.results import tasks as results_tasks
from consult.results.views import blueprint as results
from consult.web import assets, errors, locale, permissions, security, templating, transaction

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Consult(Flask):
    """Flask, committing the request's transaction when a view returns."""

    request_class = security.Body

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; what it raises rolls back (`web.transaction`)."""
        answer = super().dispatch_request()
        transaction.commit()
        return answer

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Views are plain functions: Flask need not look for coroutines at every call."""
        return func

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        """Log where a fault happened, not what was asked for: addresses carry codes, messages of errors carry data."""
        kind, _, trace = exc_info
        name = kind.__name__ if kind else "fault"
        self.logger.error("%s in %s\n%s", name, request.endpoint, "".join(traceback.format_tb(trace)))


BLUEPRINTS = (pages, accounts, processes, privacy, questionnaires, participation, responses, results)
AUTHORED = frozenset({"responses", "privacy"})
"""Blueprints whose pages exist in whatever locales an activity is offered in."""

_TASKS = (accounts_tasks, audit_tasks, jobs_tasks, mail_tasks, questionnaires_tasks, responses_tasks, results_tasks)
TASKS: dict[str, Task] = {name: task for module in _TASKS for name, task in module.TASKS.items()}
"""What the worker can do."""
EVERY: dict[str, dt.timedelta] = {name: period for module in _TASKS for name, period in module.EVERY.items()}
"""What it does again and again."""
LONG: dict[str, Long] = {**questionnaires_tasks.LONG, **results_tasks.LONG}
"""What people ask for and wait for: a slice registers such a task in the `LONG` of its tasks, and it gets a worker, a
page with its progress, and where it makes a file a page to fetch it."""

AFTER_RESTORE: tuple[Callable[[Installation, dt.datetime], int], ...] = ()
"""What `consult restore` ends with: each erases again what the erasure ledger names, and says how much that was."""


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
    assets.init(app)
    locale.init(app, authored=AUTHORED)
    permissions.init(app, lambda: load_actor(processes_queries.seats))
    people.init(app, processes_queries.seated())
    trail.init(app, _led)
    jobs.init(app, LONG)
    templating.init(app)
    errors.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _led(session: Session, scope: Scope) -> dict[uuid.UUID, LocalisedText]:
    return {process.id: process.title for process in processes_queries.processes(session, scope)}
