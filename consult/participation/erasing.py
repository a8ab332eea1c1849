"""Erasing whom invitations were mailed to, and the invitations. How many there were stays with their lists."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import delete, exists, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from consult.db.installation import Installation
from consult.participation.models import Contact, Invitation, InvitationList
from consult.privacy.kinds import Wanted

CONTACTS: Final = "contacts"


def invites(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether an activity has invitations."""
    return bool(session.scalar(select(exists().where(InvitationList.activity_id == activity_id))))


def contacts(installation: Installation, wanted: Wanted) -> int:
    """Erase addresses and codes, at most the codes that one activity has; how many of both."""
    count = 0
    with installation.database.transaction() as session:
        for model in (Contact, Invitation):
            gone = session.execute(delete(model).where(model.activity_id == wanted.activity_id))
            assert isinstance(gone, CursorResult)
            count += gone.rowcount
    installation.database.scrub("contacts", "invitations")
    return count
