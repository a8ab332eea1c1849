"""Keeping the column store and the fieldwork counts up to date."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import uuid
from collections.abc import Sequence

from consult.core.progress import Progress, unwatched
from consult.db.installation import Installation
from consult.participation.service import day
from consult.processes.models import Activity, Unit
from consult.results import columns, engines, fieldwork, queries, stored
from consult.results.datasets import thresholds


def refresh(
    installation: Installation, activities: Sequence[uuid.UUID] | None = None, progress: Progress = unwatched
) -> None:
    """Bring the segments of activities (none: of all) up to date; who is overtaken is served the next time."""
    activities = _opened(installation) if activities is None else activities
    for number, activity_id in enumerate(activities):
        progress(number, len(activities))
        with contextlib.suppress(stored.Overtaken):
            _refresh(installation, activity_id)


def compact(installation: Installation) -> None:
    """Merge small segments, a bounded number of responses in each activity; who is overtaken waits likewise."""
    database, store = installation.database, installation.settings.column_store
    for activity_id in _opened(installation):
        with contextlib.suppress(stored.Overtaken):
            columns.compact(database, activity_id, store=store, rng=random.SystemRandom())


def count(installation: Installation, now: dt.datetime) -> None:
    """Count every activity's responses, once on each of its days."""
    database, engine = installation.database, engines.connect(installation.settings)
    with database.reading() as session:
        due = [
            (activity_id, today)
            for activity_id in queries.opened(session)
            if not queries.counted_on(
                session, activity_id, today := day(now, session.get_one(Activity, activity_id).time_zone)
            )
        ]
    for activity_id, today in due:
        with database.reading() as session:
            activity = session.get_one(Activity, activity_id)
            limits = thresholds(activity.process, installation.settings.threshold)
            counts = fieldwork.count(session, activity, limits, store=installation.settings.column_store, engine=engine)
        with database.transaction() as session:
            fieldwork.keep(session, activity_id, counts, today)


def _opened(installation: Installation) -> Sequence[uuid.UUID]:
    with installation.database.reading() as session:
        return queries.opened(session)


def _refresh(installation: Installation, activity_id: uuid.UUID) -> None:
    with installation.database.reading() as session:
        activity = session.get_one(Activity, activity_id)
        least = thresholds(activity.process, installation.settings.threshold).ordinary
        if activity.unit == Unit.INSTITUTION:
            least = 1  # what institutions sign is shown in full: there is nothing to hide it among
    store = installation.settings.column_store
    columns.refresh(installation.database, activity_id, store=store, least=least, rng=random.SystemRandom())
