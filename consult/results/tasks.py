"""Work of the worker: bring the column store up to date and keep its files few, count once a day, compute releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.jobs.long import Long, Order, Settle
from consult.processes.models import Process
from consult.results import drafts, engines, queries, service, upkeep
from consult.results.content import plan_of
from consult.results.microdata import shelf
from consult.web.messages.marks import N_


def refresh(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Bring every activity's segments up to date."""
    upkeep.refresh(installation)


def compact(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Merge small segments of every activity."""
    upkeep.compact(installation)


def count(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Count every activity's responses that have not been counted today."""
    upkeep.count(installation, now)


def sweep(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files of records that have waited for a day."""
    shelf.sweep(installation.settings, now)


def forget(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the drafts of releases that nobody decided on."""
    with installation.database.transaction() as session:
        drafts.forget(session, now)


def draft(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Compute a release to be looked at."""
    wanted = plan_of(order.payload["plan"].encode())
    with installation.database.reading() as session:
        made = service.draft(
            session,
            session.get_one(Process, order.process_id),
            wanted,
            now=order.now,
            settings=installation.settings,
            engine=engines.connect(installation.settings),
            keys=installation.keys,
            progress=progress,
        )

    # Sealed here: what is done under the write lock is brief.
    kept = drafts.sealed(order.process_id, made, draft_id=order.id, by=order.by, now=order.now, keys=installation.keys)

    def settle(session: Session) -> Mapping[str, object]:
        session.add(kept)
        return {"draft": str(order.id)}

    return settle


def renew(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Bring a process's part of the column store up to date."""
    with installation.database.reading() as session:
        activities = [activity.id for activity in queries.questionnaires(session, order.process_id)]
    upkeep.refresh(installation, activities, progress)
    return lambda _session: {}


TASKS = {
    "results.refresh": refresh,
    "results.compact": compact,
    "results.count": count,
    "results.forget": forget,
    "results.sweep": sweep,
}
EVERY = {
    "results.refresh": dt.timedelta(minutes=5),
    "results.compact": dt.timedelta(minutes=15),
    "results.count": dt.timedelta(hours=1),
    "results.forget": dt.timedelta(hours=1),
    "results.sweep": dt.timedelta(hours=1),
}
LONG = {
    drafts.DRAFT: Long(draft, N_("Computing a release"), needs="results.plan", leads="results.preview"),
    drafts.RENEW: Long(renew, N_("Taking in new responses"), needs="results.plan", leads="results.plan"),
}
