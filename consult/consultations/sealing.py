"""Sealing: everything that was contributed is written anew (`participation.sealing`), once nobody adds to it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import AlikeMark, Comment, Endorsement, Participant, Submission
from consult.consultations.models.moderated import Concern, Decision
from consult.consultations.models.opinions import Statement, Vote
from consult.db.base import Base
from consult.participation import sealing
from consult.processes.models import Activity, Kind

_BY: Final[dict[type[Base], str]] = {
    Participant: "code",
    Comment: "id",
    AlikeMark: "mark",
    Endorsement: "code",
    Submission: "id",
    Statement: "id",
    Vote: "code",
    Concern: "id",
    # Their authors appeal in requests of their own.
    Decision: "id",
}
TABLES: Final = tuple(model.__tablename__ for model in _BY)


def unsealed(session: Session, now: dt.datetime) -> Sequence[uuid.UUID]:
    """Closed consultations that have not been sealed."""
    closed = (Activity.kind == Kind.CONSULTATION, Activity.closes_at <= now, Activity.sealed_at.is_(None))
    return session.scalars(select(Activity.id).where(*closed)).all()


def seal(session: Session, activity_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Write the contributions of a closed consultation anew."""
    sealing.seal(session, activity_id, _BY, now=now)


def unseal(session: Session, activity_id: uuid.UUID) -> None:
    """Somebody wrote after everything was sealed: have it sealed again."""
    sealed = Activity.id == activity_id, Activity.sealed_at.is_not(None)
    session.execute(update(Activity).where(*sealed).values(sealed_at=None))
