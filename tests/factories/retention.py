"""Closed activities, an installation in which time passes, and what is left of the data."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from flask import Flask
from sqlalchemy import func, select

from consult.app import RETENTION, create_app
from consult.audit import service as audit
from consult.audit.models import Entry
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.models import Intake
from consult.privacy import tasks
from consult.processes.models import Activity
from consult.responses import tasks as responses
from consult.responses.models import Response, Tombstone
from consult.results import columns
from consult.results.models import Segment
from tests.factories.responses import make_open, make_submission

CLOSES = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
DUE = dt.datetime(2028, 3, 9, tzinfo=dt.UTC)
"""When answers go that may be kept for 24 months after that."""
DAY = dt.timedelta(days=1)


@dataclass
class Worker:
    """Runs the job that erases, at whatever moment."""

    installation: Installation

    def __post_init__(self) -> None:
        self.app: Flask = create_app(self.installation.settings, self.installation.keys, self.installation.database)

    def run(self, now: dt.datetime) -> None:
        """Run it once."""
        with self.app.app_context():
            tasks.tasks(RETENTION)[tasks.ERASE](self.installation, {}, now)

    def days(self, first: dt.datetime, last: dt.datetime) -> None:
        """Run it every day from the first to the last."""
        while first <= last:
            self.run(first)
            first += dt.timedelta(days=1)


def with_mail(installation: Installation) -> Installation:
    """The same installation with a mail server."""
    return replace(installation, settings=replace(installation.settings, smtp_url="smtp://127.0.0.1:1"))


def left(database: Database) -> tuple[int, ...]:
    """How many rows there are: what came in, responses, tombstones, segments."""
    with database.reading() as session:
        counts = [select(func.count()).select_from(model) for model in (Intake, Response, Tombstone, Segment)]
        return tuple(session.scalar(count) or 0 for count in counts)


def on_disk(installation: Installation) -> list[str]:
    """The files of the column store and of participants."""
    found = (installation.settings.data / name for name in ("columns", "uploads"))
    return [path.name for folder in found for path in folder.rglob("*") if path.is_file()]


def store(installation: Installation, activity: Activity) -> None:
    """Bring the column store up to date."""
    folder = installation.settings.column_store
    columns.refresh(installation.database, activity.id, store=folder, least=1, rng=random.SystemRandom())


def make_sealed(installation: Installation, now: dt.datetime, number: int = 12, *, feature: str = "types") -> Activity:
    """A closed activity, mixed and stored."""
    with installation.database.transaction() as session:
        activity = make_open(session, feature, slug="survey", closes_at=CLOSES)
        for one in range(number):
            make_submission(session, activity, {"words": f"word-{one:04}"}, now=now)
    responses.seal(installation, {}, CLOSES)
    store(installation, activity)
    return activity


def trail(database: Database) -> list[tuple[str, dict[str, object]]]:
    """What the audit trail says of erasing, moment by moment."""
    audit.chain(database)
    with database.reading() as session:
        assert audit.verify(session).misfit is None
        found = select(Entry.action, Entry.details).where(Entry.action.like("privacy.%"))
        found = found.order_by(Entry.at, Entry.action)
        return [(action.removeprefix("privacy."), details) for action, details in session.execute(found)]
