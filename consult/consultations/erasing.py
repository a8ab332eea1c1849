"""Erasing contributions that have been kept long enough, and once more what a restored backup brought back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete

from consult.consultations import submissions, withdrawing
from consult.consultations.models.asked import Consultation
from consult.consultations.models.contributed import (
    AlikeMark,
    Comment,
    CommentTranslation,
    Endorsement,
    Participant,
    Submission,
)
from consult.consultations.models.moderated import Concern, Decision
from consult.consultations.models.opinions import Statement, Vote
from consult.consultations.sealing import TABLES
from consult.db.emptying import delete_in_steps
from consult.db.installation import Installation
from consult.privacy.kinds import Wanted

_BESIDE: Final = ("comment_translations", "decisions")
"""Tables that are not sealed and hold words of people: what others made of theirs, and what they wrote in appeals."""


def contributions(installation: Installation, wanted: Wanted) -> int:
    """Erase all that people contributed, with what was decided about it and its files. What officers wrote stays."""
    database, activity_id = installation.database, wanted.activity_id
    with database.reading() as session:
        if session.get(Consultation, activity_id) is None:
            return 0
    for key in (AlikeMark.mark, CommentTranslation.comment_id, Endorsement.code, Vote.code, Participant.code):
        delete_in_steps(database, key, key.class_.activity_id == activity_id)
    count = sum(
        delete_in_steps(database, key, key.class_.activity_id == activity_id) for key in (Comment.id, Submission.id)
    )
    mine = Statement.activity_id == activity_id
    count += delete_in_steps(database, Statement.id, mine & Statement.code.is_not(None))
    with database.transaction() as session:
        for model in (Decision, Concern):
            session.execute(delete(model).where(model.activity_id == activity_id))
    database.scrub(*TABLES, *_BESIDE)
    folder = submissions.folder(installation.settings.uploads, activity_id)
    folder.remove(list(folder.names()))
    return count


def withdrawn(installation: Installation, activity_id: uuid.UUID, digests: Sequence[bytes]) -> int:
    """Erase what was withdrawn before a backup brought it back: under codes, and pieces by their ids."""
    with installation.database.transaction() as session:
        count, files = withdrawing.again(session, activity_id, digests)
    submissions.folder(installation.settings.uploads, activity_id).remove(files)
    if count:
        installation.database.scrub(*TABLES, *_BESIDE)
    return count
