"""Recurring work: mix what was submitted, seal what has closed, end trials, delete files that nobody has; what is kept
for a time only."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from consult.db.installation import Installation
from consult.participation import inviting, trials
from consult.participation.models import DRAFT_DAYS, DRAFTS
from consult.privacy import told
from consult.privacy.kinds import Kind, Since, Unit
from consult.privacy.models import RESPONSES
from consult.privacy.service import LONGEST
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from consult.questionnaires.queries import asks_for_files
from consult.responses import erasing, mixing, queries, uploads


def mix(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Mix the submissions of every open activity in which enough of them wait."""
    database, chance = installation.database, random.SystemRandom()
    with database.reading() as session:
        waiting = mixing.ready(session, now)
    for activity_id, threshold in waiting:
        moved = True
        while moved:
            files = mixing.Files()
            with database.transaction() as session:
                moved = mixing.mix(session, activity_id, least=threshold, chance=chance, files=files) > 0
            files.settle(uploads.folder(installation.settings.uploads, activity_id))
        with database.transaction() as session:
            inviting.mix(session, activity_id)


def seal(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Seal every activity that has closed, and leave nothing of the order of arrival in the files."""
    database, chance = installation.database, random.SystemRandom()
    with database.reading() as session:
        closed = mixing.unsealed(session, now)
    for activity_id in closed:
        folder = uploads.folder(installation.settings.uploads, activity_id)
        # Files and invitations before the rows: what is cut off in between is sealed again.
        folder.rewrite(list(folder.names()))
        with database.transaction() as session:
            inviting.seal(session, activity_id)
        with database.transaction() as session:
            gone = mixing.seal(session, activity_id, chance=chance, now=now)
        folder.remove(gone)
    if closed:
        database.scrub(*erasing.TABLES)


def end_trials(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the trials of activities that have opened, and the files of all that are deleted.

    Each trial that is deleted, here or by hand, has this done once more: `payload` says so, as its bytes are to be
    forgotten too.
    """
    database = installation.database
    with database.reading() as session:
        over = [activity.id for activity in trials.opened(session, now)]
    for activity_id in over:
        with database.transaction() as session:
            fieldwork.forget_trial(session, session.get_one(Activity, activity_id), by=None, now=now)
    with database.reading() as session:
        for activity_id, folder in uploads.trial_folders(installation.settings.uploads):
            if trials.trial(session, activity_id) is None:
                folder.remove(list(folder.names()))
            else:
                folder.sweep(queries.tried(session, activity_id), now=now)
    if payload.get("deleted", False):
        database.scrub(*erasing.TABLES)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files that came and never got into an answer, or were left when an answer went.

    Of all activities, sealed ones too: responses can also be deleted by hand.
    """
    with installation.database.reading() as session:
        for activity_id in session.scalars(select(Activity.id)).all():
            folder = uploads.folder(installation.settings.uploads, activity_id)
            if folder.path.is_dir():
                folder.sweep(queries.all_held(session, activity_id), now=now)


KINDS = (
    Kind(
        name=RESPONSES,
        label=told.ANSWERS,
        since=Since.CLOSING,
        unit=Unit.MONTHS,
        least=1,
        most=LONGEST,
    ),
    Kind(
        name=erasing.FILES,
        label=told.FILES,
        since=Since.CLOSING,
        unit=Unit.MONTHS,
        least=1,
        most=LONGEST,
        concerns=asks_for_files,
    ),
    Kind(
        name=DRAFTS,
        label=told.DRAFTS,
        since=Since.SAVING,
        unit=Unit.DAYS,
        least=7,
        most=365,
        usual=DRAFT_DAYS,
    ),
)
ERASERS = {RESPONSES: erasing.responses, erasing.FILES: erasing.given, DRAFTS: erasing.drafts}
TASKS = {"responses.mix": mix, "responses.seal": seal, "responses.tidy": tidy, "responses.end_trials": end_trials}
EVERY = {
    "responses.mix": dt.timedelta(minutes=1),
    "responses.seal": dt.timedelta(minutes=1),
    "responses.end_trials": dt.timedelta(minutes=1),
    "responses.tidy": dt.timedelta(minutes=10),
}
