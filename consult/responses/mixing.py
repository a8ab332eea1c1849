"""Mixing: what was submitted becomes responses, many at a time, in random order, under keys drawn afresh.

A transaction's number on a row (PostgreSQL's `xmin`), the row's place on disk and its key would otherwise tell when it
came. At closing the whole activity is written anew, in the order of its random keys.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from sqlalchemy import Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from consult.core.questionnaire.answers import files as files_in
from consult.db.rewriting import rewrite
from consult.files import Folder
from consult.participation import quotas
from consult.participation.models import Intake
from consult.processes.models import Activity, Kind, Process
from consult.responses.models import Response
from consult.responses.queries import SENT, all_held
from consult.responses.service import bury

BATCH: Final = 5_000
"""Rows moved in one transaction, so that memory stays bounded."""


@dataclass(slots=True)
class Files:
    """What becomes of files once the transaction that moves their rows is committed."""

    moved: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def settle(self, folder: Folder) -> None:
        """Delete those without a row; write the others anew, so that the disk tells no more than the table."""
        folder.remove(self.gone - self.moved)
        folder.rewrite(self.moved)


def ready(session: Session, now: dt.datetime) -> list[tuple[uuid.UUID, int]]:
    """Open activities in which as many submissions wait as the threshold of their process, which comes with them."""
    waiting = (
        select(Intake.activity_id, Process.threshold)
        .join(Activity, Activity.id == Intake.activity_id)
        .join(Process, Process.id == Activity.process_id)
        .where(Intake.state == "submitted", or_(Activity.closes_at.is_(None), Activity.closes_at > now))
        .group_by(Intake.activity_id, Process.threshold)
        .having(func.count() >= Process.threshold)
    )
    return [(activity_id, threshold) for activity_id, threshold in session.execute(waiting)]


def unsealed(session: Session, now: dt.datetime) -> Sequence[uuid.UUID]:
    """Closed activities that have not been sealed, or into which something slipped afterwards."""
    late = select(Intake.activity_id).where(Intake.activity_id == Activity.id).exists()
    closed = and_(Activity.kind != Kind.CONSULTATION, Activity.closes_at <= now)
    return session.scalars(select(Activity.id).where(closed, or_(Activity.sealed_at.is_(None), late))).all()


def mix(
    session: Session, activity_id: uuid.UUID, *, least: int, chance: random.Random, files: Files | None = None
) -> int:
    """Move up to `BATCH` submissions into responses; how many. Nothing moves where fewer than `least` wait.

    `files` learns what becomes of theirs.
    """
    waiting = (Intake.activity_id == activity_id, Intake.state == "submitted")
    # The codes are HMACs: their order is as random as any.
    codes = session.scalars(select(Intake.code).where(*waiting).order_by(Intake.code).limit(BATCH)).all()
    if len(codes) < max(least, 1):
        return 0
    taken = session.execute(
        delete(Intake)
        .where(*waiting, Intake.code <= codes[-1])
        .returning(
            Intake.code, Intake.edition, Intake.locale, Intake.channel, Intake.day, Intake.answers, Intake.corrects
        )
    ).all()
    files = files or Files()
    replaced = bury(session, activity_id, [row.code for row in taken if row.corrects])
    files.gone |= files_in(*(row.answers for row in replaced))
    files.moved |= files_in(*(row.answers for row in taken))
    rows = [
        {
            "activity_id": activity_id,
            "id": uuid.UUID(int=chance.getrandbits(128), version=4),
            "code": row.code,
            "edition": row.edition,
            "locale": row.locale,
            "channel": row.channel,
            "day": row.day,
            "answers": row.answers,
            "stored": False,
        }
        for row in taken
    ]
    chance.shuffle(rows)
    session.execute(insert(cast(Table, Response.__table__)), rows)
    came = Counter(row.channel for row in taken)
    came.subtract(row.channel for row in replaced)
    quotas.mixed(session, activity_id, came)
    return len(rows)


def seal(session: Session, activity_id: uuid.UUID, *, chance: random.Random, now: dt.datetime) -> set[str]:
    """Finish a closed activity: drop open drafts, mix the rest, write all responses anew in the order of their keys.

    A correction that was begun and never sent is dropped; what had been sent before it counts. The files that nobody
    has any more are to be deleted once this is committed.
    """
    before = all_held(session, activity_id)
    _restore_sent(session, activity_id)
    session.execute(delete(Intake).where(Intake.activity_id == activity_id, Intake.state == "draft"))
    while mix(session, activity_id, least=1, chance=chance):
        pass
    responses = cast(Table, Response.__table__)
    rewrite(session, responses, responses.c.activity_id == activity_id, by="id")
    session.execute(update(Activity).where(Activity.id == activity_id).values(sealed_at=now))
    return before - all_held(session, activity_id)


def _restore_sent(session: Session, activity_id: uuid.UUID) -> None:
    corrections = select(Intake).where(
        Intake.activity_id == activity_id, Intake.state == "draft", Intake.corrects.is_(True)
    )
    for row in session.scalars(corrections):
        put_back(row)
    session.flush()


def put_back(row: Intake) -> bool:
    """Have what had been sent before a correction count again; False where nothing was, or it is mixed already."""
    if SENT not in row.context:
        return False
    row.answers, row.state = row.context[SENT], "submitted"
    return True
