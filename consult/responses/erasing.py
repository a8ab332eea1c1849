"""Erasing answers that have been kept long enough, in steps of bounded size, each whole by itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import delete, select

from consult.core.questionnaire.answers import files
from consult.db import emptying
from consult.db.emptying import delete_in_steps
from consult.db.installation import Installation
from consult.participation.models import DRAFTS, Intake, TrialIntake
from consult.privacy.kinds import Wanted
from consult.privacy.retention import about, note
from consult.processes.models import Activity
from consult.responses import queries, uploads
from consult.responses.joint.models import Joint
from consult.responses.mixing import put_back
from consult.responses.models import Response
from consult.responses.service import bury

FILES: Final = "files"
TABLES: Final = (
    "intake",
    "responses",
    "tombstones",
    "trial_intake",
    "invitations",
    "joint_responses",
    "hands",
    "joint_changes",
    "joint_remarks",
    "joint_signatures",
)
"""Where answers lie, and what tells of them: what is deleted there has to be forgotten."""


def responses(installation: Installation, wanted: Wanted) -> int:
    """Erase everything that was sent, waits to be mixed or was written by institutions, and its files; the column store
    follows."""
    database = installation.database
    count = delete_in_steps(database, Intake.code, Intake.activity_id == wanted.activity_id)
    count += delete_in_steps(database, Response.id, Response.activity_id == wanted.activity_id)
    # With hands, history, remarks and signatures; what was signed is among the responses
    delete_in_steps(database, Joint.institution_id, Joint.activity_id == wanted.activity_id)
    database.scrub(*TABLES)
    given(installation, wanted)
    return count


def given(installation: Installation, wanted: Wanted) -> int:
    """Erase the files that participants gave. Answers still say that there was one, its type and size."""
    folder = uploads.folder(installation.settings.uploads, wanted.activity_id)
    names = list(folder.names())
    folder.remove(names)
    return len(names)


def drafts(installation: Installation, wanted: Wanted) -> int:
    """Erase drafts that were last saved before a day. Of a correction, what had been sent before it counts again."""
    count = 0
    while gone := _drafts(installation, wanted):
        count += gone
    if count:
        installation.database.scrub(*TABLES)
    return count


def _drafts(installation: Installation, wanted: Wanted) -> int:
    activity_id = wanted.activity_id
    over = (Intake.activity_id == activity_id, Intake.state == "draft", Intake.day < wanted.before)
    with installation.database.reading() as session:
        if session.scalar(select(Intake.code).where(*over).limit(1)) is None:
            return 0  # without the write lock
    with installation.database.transaction() as session:
        rows = session.scalars(
            select(Intake).where(*over).order_by(Intake.code).limit(emptying.BATCH).with_for_update()
        ).all()
        named = _named(rows)
        for row in rows:
            if not put_back(row):
                session.delete(row)
        session.flush()
        kept = {file for row in rows for file in queries.held(session, activity_id, row.code)} if named else set()
        activity = session.get_one(Activity, activity_id)
        details = {"kind": DRAFTS, "before": str(wanted.before), "about": about(len(rows))}
        note(session, activity, "erase", details, by=None, now=wanted.now)
    uploads.folder(installation.settings.uploads, activity_id).remove(named - kept)
    return len(rows)


def withdrawn(installation: Installation, activity_id: uuid.UUID, digests: Sequence[bytes]) -> int:
    """Erase everything under codes that were withdrawn before a backup brought it back."""
    with installation.database.transaction() as session:
        coming, tried = (
            session.execute(
                delete(model)
                .where(model.activity_id == activity_id, model.code.in_(digests))
                .returning(model.answers, model.context)
            ).all()
            for model in (Intake, TrialIntake)
        )
        buried = bury(session, activity_id, digests)
    store = installation.settings.uploads
    uploads.folder(store, activity_id).remove(_named(coming) | files(*(row.answers for row in buried)))
    uploads.trial_folder(store, activity_id).remove(_named(tried))
    count = len(coming) + len(tried) + len(buried)
    if count:
        installation.database.scrub(*TABLES)
    return count


def _named(rows: Iterable[Any]) -> set[str]:
    """The files of what came in."""
    return {file for row in rows for file in files(row.answers, row.context.get(queries.SENT, ""))}
