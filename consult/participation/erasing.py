"""Erasing whom invitations were mailed to, and the invitations. How many there were stays with their lists."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import delete, exists, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from consult.db.installation import Installation
from consult.jobs import made
from consult.participation.generating import GENERATE, MERGE
from consult.participation.models import Contact, Invitation, InvitationList
from consult.privacy.kinds import Wanted
from consult.processes.models import Activity

CONTACTS: Final = "contacts"
TABLES: Final = ("contacts", "invitations")
"""Where they lie: what is deleted there has to be forgotten."""


def invites(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether an activity has invitations."""
    return bool(session.scalar(select(exists().where(InvitationList.activity_id == activity_id))))


def contacts(installation: Installation, wanted: Wanted) -> int:
    """Erase addresses and codes, at most the codes that one activity has, and the files that have them; how many of
    both."""
    count = 0
    with installation.database.transaction() as session:
        process_id = session.get_one(Activity, wanted.activity_id).process_id
        files = installation.settings.made
        made.withdraw(session, files, process_id, {GENERATE, MERGE}, str(wanted.activity_id), wanted.now)
    with installation.database.transaction() as session:
        for model in (Contact, Invitation):
            gone = session.execute(delete(model).where(model.activity_id == wanted.activity_id))
            assert isinstance(gone, CursorResult)
            count += gone.rowcount
    installation.database.scrub(*TABLES)
    return count


def forget(installation: Installation, process_id: uuid.UUID, list_id: uuid.UUID, now: dt.datetime) -> None:
    """Forget what a list that was deleted had: its mail-merge files, and the bytes of its rows."""
    with installation.database.transaction() as session:
        made.withdraw(session, installation.settings.made, process_id, {MERGE}, str(list_id), now)
    installation.database.scrub(*TABLES)
