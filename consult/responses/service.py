"""Correct and withdraw what one has sent, as long as the activity is open."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.db.prepared import Executor
from consult.participation import inviting
from consult.participation import service as participation
from consult.participation.service import INTAKE, Coming, Tray
from consult.privacy.ledger import Ledger
from consult.responses.models import Response, Tombstone
from consult.responses.queries import MIXED, SENT, mixed


def correct(
    session: Executor,
    activity_id: uuid.UUID,
    digest: bytes,
    seen: Coming,
    *,
    context: dict[str, Any],
    now: dt.datetime,
    tray: Tray = INTAKE,
) -> bool:
    """Open what was sent for correction, as a draft that will replace it; False where it changed or all is closed.

    `context` is that of a new draft; a submission that still waits to be mixed keeps its own, if it has one.
    """
    if seen.state == MIXED:
        draft = replace(seen, state="draft", corrects=True, context=context)
        return participation.begin(session, activity_id, digest, draft, now=now)
    kept = {**(seen.context or context), SENT: seen.answers}
    draft = replace(seen, state="draft", corrects=True, context=kept)
    return participation.replace(session, activity_id, digest, seen, draft, now=now, tray=tray)


def arrive(
    session: Session, activity_id: uuid.UUID, digest: bytes, coming: Coming, *, now: dt.datetime, tray: Tray = INTAKE
) -> bool:
    """Store what a device had kept under the code that it drew, in whatever state it is; False where something lies
    under that code already or the activity is not open.

    What came before may be mixed meanwhile: it is looked for once the row in the intake is ours, so that nothing moves
    between the two.
    """
    if not participation.begin(session, activity_id, digest, coming, now=now, tray=tray):
        return False
    if not mixed(session, activity_id, digest):
        return True
    participation.remove(session, activity_id, digest, tray)
    return False


def withdraw(
    session: Session,
    activity_id: uuid.UUID,
    digest: bytes,
    *,
    ledger: Ledger,
    today: dt.date,
    now: dt.datetime,
    tray: Tray = INTAKE,
    invitation: bytes | None = None,
) -> bool:
    """Delete everything under a code, and have the ledger know of it before that is committed; False where the activity
    is not open. Without anything there, nothing happens. Raises `NoRoom` where the ledger cannot be written.

    The intake goes first: what the mixing job moves meanwhile is found among the responses. `invitation`: the one with
    which an open draft was begun (`inviting.behind`); it can begin another.
    """
    if not participation.is_open(session, activity_id, now, tray):
        return False
    remove = partial(participation.remove, session, activity_id, digest, tray)
    came = inviting.removed(session, activity_id, invitation, remove)
    if bury(session, activity_id, [digest]) or came:
        ledger.withdrawn(activity_id, digest, day=today)
    return True


def discard(
    session: Session,
    activity_id: uuid.UUID,
    digest: bytes,
    *,
    ledger: Ledger,
    today: dt.date,
    tray: Tray = INTAKE,
    invitation: bytes | None = None,
) -> bool:
    """Delete a draft under which nothing has been sent yet, likewise; whether there was one."""
    remove = partial(participation.discard, session, activity_id, digest, tray)
    there = inviting.removed(session, activity_id, invitation, remove)
    if there:
        ledger.withdrawn(activity_id, digest, day=today)
    return there


def bury(session: Session, activity_id: uuid.UUID, digests: Sequence[bytes]) -> Sequence[Any]:
    """Delete responses by their codes, and give their `answers` and `channel`; those in the column store leave a
    tombstone, so that it forgets them too."""
    gone = session.execute(
        delete(Response)
        .where(Response.activity_id == activity_id, Response.code.in_(digests))
        .returning(Response.id, Response.stored, Response.answers, Response.channel)
    ).all()
    session.add_all(Tombstone(activity_id=activity_id, id=row.id) for row in gone if row.stored)
    session.flush()
    return gone
