"""Recurring work: find opinion groups, seal what has closed, tell focal points what waits, delete spare files."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from consult.consultations import addresses, analysing, concerns, erasing, queries, sealing, submissions
from consult.db.installation import Installation
from consult.jobs.worker import Task
from consult.mail.service import post
from consult.participation.service import day
from consult.privacy.models import RESPONSES
from consult.processes.models import Activity
from consult.web.letters import compose


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every consultation that has closed, and leave nothing of the order of arrival in the files."""
    database = installation.database
    with database.reading() as session:
        closed = sealing.unsealed(session, now)
    for activity_id in closed:
        folder = submissions.folder(installation.settings.uploads, activity_id)
        folder.rewrite(list(folder.names()))
        with database.transaction() as session:
            sealing.seal(session, activity_id, now=now)
    if closed:
        database.scrub(*sealing.TABLES)


def tell(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Write to focal points about what was flagged since: one neutral mail, which says nothing of what it is about.

    Not with the request that flags it: the outbox would tell when a participant was here.
    """
    settings, database = installation.settings, installation.database
    if not settings.smtp_url:
        return
    with database.reading() as session:
        waiting = concerns.untold(session)
        told = {}
        for activity in (session.get_one(Activity, activity_id) for activity_id in waiting):
            people = concerns.readers(session, activity, day(now, activity.time_zone))
            links = {user.locale: addresses.concerns(settings, user.locale, activity.slug) for user in people}
            told[activity.id] = [
                (user.email, user.locale, compose("concern", user.locale, link=links[user.locale])) for user in people
            ]
    for activity_id, letters in told.items():
        with database.transaction() as session:
            if concerns.told(session, activity_id):
                for email, locale, letter in letters:
                    post(session, installation.keys, to=email, locale=locale, letter=letter, now=now)


def find_changed(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Have every consultation analysed whose votes have changed enough.

    Voting itself enqueues nothing: a job would tell to the second when somebody voted.
    """
    with installation.database.reading() as session:
        due = analysing.due(session, now)
    for activity_id in due:
        with installation.database.transaction() as session:
            analysing.ask(session, activity_id, now=now)


def analyse(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Find the opinion groups of one consultation."""
    activity_id = uuid.UUID(payload["activity"])
    analysing.analyse(installation.database, activity_id, floor=installation.settings.threshold, now=now)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files that came and never got into a submission, or were left when one went."""
    with installation.database.reading() as session:
        for activity_id in queries.consultations(session):
            folder = submissions.folder(installation.settings.uploads, activity_id)
            folder.sweep(submissions.held(session, activity_id), now=now)


ERASERS = {RESPONSES: erasing.contributions}
TASKS: dict[str, Task] = {
    "consultations.seal": seal,
    "consultations.find_changed": find_changed,
    "consultations.analyse": analyse,
    "consultations.tell": tell,
    "consultations.tidy": tidy,
}
EVERY: dict[str, dt.timedelta] = {
    "consultations.seal": dt.timedelta(minutes=10),
    "consultations.find_changed": dt.timedelta(minutes=5),
    "consultations.tell": dt.timedelta(minutes=5),
    "consultations.tidy": dt.timedelta(minutes=10),
}
