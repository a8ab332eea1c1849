"""The demo's first release, made as a steward would make it."""

from __future__ import annotations

import datetime as dt
import random

from sqlalchemy.orm import Session

from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.processes.models import Process
from consult.results import columns, engines, queries, service
from consult.results.content import Plan

TITLE = LocalisedText(
    {
        "en": "First results",
        "fr": "Premiers résultats",
        "ar": "النتائج الأولى",
        "es": "Primeros resultados",
        "pt": "Primeiros resultados",
        "ru": "Первые результаты",
    }
)


def release(opened: Installation, slug: str, *, now: dt.datetime) -> int:
    """Bring the column store up to date, then freeze and publish a release; its number."""
    settings, database = opened.settings, opened.database
    with database.reading() as session:
        process = _process(session, slug)
        activities = [activity.id for activity in process.activities]
    for activity_id in activities:
        columns.refresh(
            database, activity_id, store=settings.column_store, least=process.threshold, rng=random.SystemRandom()
        )
    engine = engines.connect(settings)
    with database.reading() as session:
        made = service.draft(
            session,
            _process(session, slug),
            Plan(title=TITLE),
            now=now,
            settings=settings,
            engine=engine,
            keys=opened.keys,
        )
    with database.transaction() as session:
        process = _process(session, slug)
        frozen = service.freeze(session, process, made, by=None, now=now, keys=opened.keys)
        service.publish(session, process, frozen, by=None, now=now, keys=opened.keys, held=made.held)
        return frozen.number


def _process(session: Session, slug: str) -> Process:
    found = queries.process_by_slug(session, slug)
    assert found is not None, "the demo's process was made just before"
    return found
