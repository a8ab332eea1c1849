"""Responses as their owners find them, by the HMAC of their code; the files that they have, with nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final, cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary, Uuid

from consult.core.questionnaire.answers import files, uploads
from consult.core.questionnaire.uploads import Upload
from consult.db.prepared import Executor
from consult.participation import service as participation
from consult.participation.models import Intake, TrialIntake
from consult.participation.service import INTAKE, Coming, Tray
from consult.responses.joint import queries as joint
from consult.responses.models import Response

MIXED: Final = "mixed"
"""State of what the mixing job has taken; `draft` and `submitted` still lie in the intake."""
SENT: Final = "sent"
"""Key of a correction's context: what had been sent before and waits to be mixed; it counts until the correction is
sent too."""

_AT_ONCE: Final = 500
_TABLE = cast(Table, Response.__table__)
_OWN = select(_TABLE.c.edition, _TABLE.c.locale, _TABLE.c.day, _TABLE.c.answers, _TABLE.c.channel).where(
    _TABLE.c.activity_id == bindparam("activity", type_=Uuid), _TABLE.c.code == bindparam("digest", type_=LargeBinary)
)


def own(session: Executor, activity_id: uuid.UUID, digest: bytes, tray: Tray = INTAKE) -> Coming | None:
    """What its owner has drafted, submitted or had mixed, which nothing of a trial ever is."""
    return participation.find(session, activity_id, digest, tray) or mixed(session, activity_id, digest)


def mixed(session: Executor, activity_id: uuid.UUID, digest: bytes) -> Coming | None:
    """What the mixing job has taken."""
    row = session.execute(_OWN, {"activity": activity_id, "digest": digest}).one_or_none()
    if row is None:
        return None
    return Coming(row.edition, row.locale, row.day, {}, row.answers, state=MIXED, channel=row.channel)


def files_of(coming: Coming) -> set[str]:
    """The files that something in the intake has: in its answers, and in what had been sent before it."""
    return files(coming.answers, coming.context.get(SENT, ""))


def held(session: Executor, activity_id: uuid.UUID, digest: bytes, tray: Tray = INTAKE) -> set[str]:
    """The files that somebody has given, in the intake and among the responses.

    In this order: what the mixing job moves in between is seen twice, and never missed.
    """
    coming = participation.find(session, activity_id, digest, tray)
    row = session.execute(_OWN, {"activity": activity_id, "digest": digest}).one_or_none()
    return (files_of(coming) if coming else set()) | (files(row.answers) if row else set())


def all_held(session: Session, activity_id: uuid.UUID) -> set[str]:
    """The files of everybody, likewise."""
    found: set[str] = set()
    rows = select(Intake.answers, Intake.context).where(Intake.activity_id == activity_id)
    for answers, context in session.execute(rows.execution_options(yield_per=_AT_ONCE)):
        found |= files(answers, context.get(SENT, ""))
    found |= files(*joint.files(session, activity_id))
    return found.union(upload.file for _, upload in given(session, activity_id))


def tried(session: Session, activity_id: uuid.UUID) -> set[str]:
    """The files of everybody in a trial."""
    rows = select(TrialIntake.answers, TrialIntake.context).where(TrialIntake.activity_id == activity_id)
    found = (files(answers, context.get(SENT, "")) for answers, context in session.execute(rows))
    return set().union(*found)


def given(session: Session, activity_id: uuid.UUID) -> Iterator[tuple[str, Upload]]:
    """The files of all that was mixed, each with the key of its question."""
    rows = select(Response.answers).where(Response.activity_id == activity_id, Response.answers.contains('"file":"'))
    for answers in session.scalars(rows.execution_options(yield_per=_AT_ONCE)):
        yield from uploads(answers).items()


def count(session: Session, activity_id: uuid.UUID) -> int:
    """How many responses were mixed."""
    return session.scalar(select(func.count()).where(Response.activity_id == activity_id)) or 0


def by_channel(session: Session, activity_id: uuid.UUID, channel: str) -> int:
    """How many of them came by a channel."""
    return (
        session.scalar(select(func.count()).where(Response.activity_id == activity_id, Response.channel == channel))
        or 0
    )
