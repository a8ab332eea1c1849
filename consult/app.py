"""The composition root: the only module that knows every slice."""

from __future__ import annotations

import datetime as dt
import traceback
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import config, paths
from consult.accounts import tasks as accounts_tasks
from consult.accounts.service import links as accounts_links
from consult.accounts.service import secondstep as accounts_secondstep
from consult.accounts.views import blueprint as accounts
from consult.accounts.views import people, trail
from consult.accounts.views.blueprint import load_actor
from consult.audit import tasks as audit_tasks
from consult.coding import tasks as coding_tasks
from consult.coding.views import blueprint as coding
from consult.config import Keys, Settings
from consult.consultations import erasing as consultations_erasing
from consult.consultations import service as consultations_service
from consult.consultations import tasks as consultations_tasks
from consult.consultations import wordings as consultations_wordings
from consult.consultations.views import blueprint as consultations
from consult.core.access import Scope
from consult.core.text import LocalisedText
from consult.core.vocabulary import Vocabulary
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import rounds as events_rounds
from consult.events import service as events_service
from consult.events import tasks as events_tasks
from consult.events import vault as events_vault
from consult.events import withdrawing as events_withdrawing
from consult.events import wordings as events_wordings
from consult.events.views import blueprint as events
from consult.jobs import asking as jobs_asking
from consult.jobs import tasks as jobs_tasks
from consult.jobs.long import Long
from consult.jobs.worker import Task
from consult.keyring.rotating import Ring
from consult.languages import queries as languages_queries
from consult.languages.views import blueprint as languages
from consult.mail import service as mail_service
from consult.mail import tasks as mail_tasks
from consult.pages.views import blueprint as pages
from consult.participation import contacts as participation_contacts
from consult.participation import generating as participation_generating
from consult.participation import rounds as participation_rounds
from consult.participation import tasks as participation_tasks
from consult.participation import wordings as participation_wordings
from consult.participation.views import blueprint as participation
from consult.participation.views import quotas
from consult.privacy import erasing
from consult.privacy import tasks as privacy_tasks
from consult.privacy.kinds import Retention
from consult.privacy.ledger import Ledger
from consult.privacy.views import blueprint as privacy
from consult.privacy.views import notices, retention
from consult.processes import queries as processes_queries
from consult.processes.models import Kind
from consult.processes.views import blueprint as processes
from consult.processes.views import jobs
from consult.questionnaires import fieldwork, wordings
from consult.questionnaires import tasks as questionnaires_tasks
from consult.questionnaires.standing import asks_consent
from consult.questionnaires.views import blueprint as questionnaires
from consult.questionnaires.views import rounds
from consult.responses import erasing as responses_erasing
from consult.responses import queries as responses_queries
from consult.responses import tasks as responses_tasks
from consult.responses.views import blueprint as responses
from consult.results import drafts as results_drafts
from consult.results import erasing as results_erasing
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


BLUEPRINTS = (
    pages,
    accounts,
    languages,
    processes,
    privacy,
    questionnaires,
    participation,
    responses,
    consultations,
    events,
    coding,
    results,
)
AUTHORED = frozenset({"responses", "consultations", "events", "privacy"})
"""Blueprints whose pages exist in whatever locales an activity is offered in."""

wordings.KINDS.extend((*participation_wordings.KINDS, *consultations_wordings.KINDS, *events_wordings.KINDS))
fieldwork.MANNERS[Kind.CONSULTATION] = fieldwork.Manner(consultations_service.lacking, "consultations.seal")
fieldwork.MANNERS[Kind.EVENT] = fieldwork.Manner(events_service.lacking, "events.seal")

RETENTION = Retention(
    kinds=(*responses_tasks.KINDS, *participation_tasks.KINDS, *events_tasks.KINDS),
    erasers=(
        responses_tasks.ERASERS,
        consultations_tasks.ERASERS,
        participation_tasks.ERASERS,
        events_tasks.ERASERS,
        coding_tasks.ERASERS,
        results_tasks.ERASERS,
    ),
    withdrawers=(
        responses_erasing.withdrawn,
        consultations_erasing.withdrawn,
        events_withdrawing.withdrawn,
        results_erasing.withdrawn,
    ),
)
"""What is kept for a time only, and who erases it: a slice registers its kinds of data in the `KINDS` of its tasks, and
what it erases of a kind in their `ERASERS`; those of a kind are called in this order."""

_TASKS = (
    accounts_tasks,
    audit_tasks,
    jobs_tasks,
    mail_tasks,
    questionnaires_tasks,
    participation_tasks,
    responses_tasks,
    consultations_tasks,
    events_tasks,
    coding_tasks,
    results_tasks,
)
TASKS: dict[str, Task] = {
    **{name: task for module in _TASKS for name, task in module.TASKS.items()},
    **privacy_tasks.tasks(RETENTION),
}
"""What the worker can do."""
EVERY: dict[str, dt.timedelta] = {
    name: period for module in (*_TASKS, privacy_tasks) for name, period in module.EVERY.items()
}
"""What it does again and again."""
LONG: dict[str, Long] = {**questionnaires_tasks.LONG, **participation_tasks.LONG, **results_tasks.LONG}
"""What people ask for and wait for: a slice registers such a task in the `LONG` of its tasks, and it gets a worker, a
page with its progress, and where it makes a file a page to fetch it."""


def _erase_again(installation: Installation, now: dt.datetime) -> int:
    return erasing.again(installation, RETENTION, Ledger(installation.settings.ledger), now=now).pieces


RING = Ring(
    sealed=(
        *accounts_secondstep.SEALED,
        *jobs_asking.SEALED,
        *mail_service.SEALED,
        *participation_contacts.SEALED,
        *events_vault.SEALED,
        *results_drafts.SEALED,
    ),
    passing=(accounts_links.keys_waiting, participation_generating.keys_of_files),
)
"""What is sealed under the contact keys, and by whom: a slice names its columns where it seals them."""


AFTER_RESTORE: tuple[Callable[[Installation, dt.datetime], int], ...] = (_erase_again,)
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
    database = database or Database(settings.url)
    transaction.init(app, database)
    security.init(app, settings)
    assets.init(app)
    locale.init(app, authored=AUTHORED, load=partial(_added, database))
    permissions.init(app, lambda: load_actor(processes_queries.seats))
    people.init(app, processes_queries.seated())
    trail.init(app, _led)
    rounds.init(app, (participation_rounds.take_over, events_rounds.take_over))
    quotas.init(app, responses_queries.by_channel)
    jobs.init(app, LONG)
    retention.init(app, RETENTION)
    notices.init(app, asks_consent)
    templating.init(app)
    errors.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _added(database: Database, known: Mapping[str, Vocabulary]) -> Mapping[str, Vocabulary]:
    with database.reading() as session:
        return languages_queries.vocabularies(session, known)


def _led(session: Session, scope: Scope) -> dict[uuid.UUID, LocalisedText]:
    return {process.id: process.title for process in processes_queries.processes(session, scope)}
