"""Those who contribute, known by the HMAC of their code alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import Comment, Participant, Submission
from consult.db.insert import insert


def known(session: Session, activity_id: uuid.UUID, digest: bytes) -> bool:
    """Whether somebody contributed under this code."""
    return bool(channel(session, activity_id, digest))


def channel(session: Session, activity_id: uuid.UUID, digest: bytes) -> str:
    """How somebody came in; empty where nobody contributed under this code."""
    wanted = select(Participant.channel).where(Participant.activity_id == activity_id, Participant.code == digest)
    return session.scalar(wanted) or ""


def stakeholder(session: Session, activity_id: uuid.UUID, digest: bytes | None) -> str:
    """For whom somebody speaks, if they said so."""
    if digest is None:
        return ""
    wanted = select(Participant.stakeholder).where(Participant.activity_id == activity_id, Participant.code == digest)
    return session.scalar(wanted) or ""


def wrote(session: Session, activity_id: uuid.UUID, key: uuid.UUID, digests: Sequence[bytes]) -> bool:
    """Whether what has this id was stored before, under one of these codes."""
    return any(
        session.scalar(
            select(model.day).where(model.activity_id == activity_id, model.id == key, model.code.in_(digests))
        )
        is not None
        for model in (Comment, Submission)
    )


def join(session: Session, activity_id: uuid.UUID, digest: bytes, *, channel: str, locale: str, today: dt.date) -> None:
    """Somebody contributes for the first time under a code; twice at once is once."""
    row = {"activity_id": activity_id, "code": digest, "channel": channel, "locale": locale, "day": today}
    session.execute(insert(session, Participant).values(**row, stakeholder="", country="").on_conflict_do_nothing())
