"""The demo's first release, made as a steward would make it."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from consult.consultations.listing import Filter
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.demo import content
from consult.demo.filling import questionnaire_of
from consult.processes.models import Process
from consult.processes.queries import process_by_slug
from consult.results import columns, engines, margins, quotes, service, weighing
from consult.results.content import SUPPRESSION, Plan
from consult.results.datasets import thresholds
from consult.results.models import Release

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

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

QUOTED = (
    ("engagement", "en", "A council that everybody can elect"),
    ("engagement", "fr", ""),
    ("services", "en", ""),
    ("services", "ar", ""),
    ("services", "fr", "Les pays voisins d’abord"),
    ("rights", "fr", ""),
    ("rights", "es", ""),
)
"""Of which themes and languages the demo has a quote: a submission of this title, else a comment."""


def release(opened: Installation, slug: str, *, now: dt.datetime) -> int:
    """Bring the column store up to date, then freeze and publish a release; its number."""
    settings, database = opened.settings, opened.database
    with database.reading() as session:
        process = _process(session, slug)
        activity_id = questionnaire_of(process).id
    columns.refresh(
        database, activity_id, store=settings.column_store, least=process.threshold, rng=random.SystemRandom()
    )
    engine = engines.connect(settings)
    _weight(opened, slug, engine, now=now)
    with database.snapshot() as session:
        made = service.draft(
            session,
            _process(session, slug),
            Plan(title=TITLE, method=SUPPRESSION),  # weighted shares stand beside exact counts alone
            now=now,
            settings=settings,
            engine=engine,
            keys=opened.keys,
        )
    with database.transaction() as session:
        process = _process(session, slug)
        frozen = service.freeze(session, process, made, by=None, now=now, keys=opened.keys)
        service.publish(session, process, frozen, by=None, now=now, keys=opened.keys, held=made.held)
        _quote(session, process, frozen, now=now)
        return frozen.number


def _quote(session: Session, process: Process, release: Release, *, now: dt.datetime) -> None:
    """Choose quotes in several languages; of comments that answer none the longest."""
    for theme, locale, title in QUOTED:
        kind = quotes.SUBMISSIONS if title else quotes.COMMENTS
        page = quotes.offered(session, process, theme, kind, Filter(locale=locale), locale)
        fitting = [one for one in page.rows if one.title == title and one.opens == one.id and not one.redacted]
        for one in sorted(fitting, key=lambda one: (-len(one.body), one.body))[:1]:
            quotes.choose(session, process, release, theme, one.id, by=None, now=now)


def _weight(opened: Installation, slug: str, engine: BaseBackend, *, now: dt.datetime) -> None:
    """Have the margins of the population proposed, fitted and accepted, where there are responses enough for them."""
    with opened.database.transaction() as session:
        activity = questionnaire_of(_process(session, slug))
        known, written = weighing.variables_of(session, activity), content.margins()
        totals = margins.read(written, "margins.csv", known)
        proposed = margins.propose(
            session, activity, file=margins.text(written), totals=totals, lower=0.0, upper=0.0, by=None, now=now
        )
        number, wanted = proposed.number, margins.wanted(proposed)
    with opened.database.reading() as session:
        process = _process(session, slug)
        limits = thresholds(process, opened.settings.threshold)
        store = opened.settings.column_store
        try:
            fits = weighing.fit(session, questionnaire_of(process), wanted, limits, store=store, engine=engine)
        except Refused:  # a demo of a few responses: its releases have no weights
            return
    with opened.database.transaction() as session:
        activity = questionnaire_of(_process(session, slug))
        margins.keep_fit(session, activity, number, fits, by=None, now=now)
        margins.decide(session, activity, number, accept=True, by=None, now=now)


def _process(session: Session, slug: str) -> Process:
    found = process_by_slug(session, slug)
    assert found is not None, "the demo's process was made just before"
    return found
