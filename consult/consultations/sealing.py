"""Sealing: everything that was contributed is written anew in the order of its random keys, once nobody adds to it.

A transaction's number on a row (PostgreSQL's `xmin`) and the row's place on disk would otherwise tell when it came, and
what came together.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import AlikeMark, Comment, Endorsement, Participant, Submission
from consult.consultations.models.moderated import Concern, Decision
from consult.consultations.models.opinions import Statement, Vote
from consult.db.rewriting import rewrite
from consult.processes.models import Activity, Kind

_BY: Final = {
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
    # First of all: what comes late meanwhile waits for this row, and has it sealed again (`unseal`).
    session.execute(update(Activity).where(Activity.id == activity_id).values(sealed_at=now))
    for model, by in _BY.items():
        table = cast(Table, model.__table__)
        rewrite(session, table, table.c.activity_id == activity_id, by=by)


def unseal(session: Session, activity_id: uuid.UUID) -> None:
    """Somebody wrote after everything was sealed: have it sealed again."""
    sealed = Activity.id == activity_id, Activity.sealed_at.is_not(None)
    session.execute(update(Activity).where(*sealed).values(sealed_at=None))
