"""Those who contribute, known by the HMAC of their code alone."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import Participant
from consult.db.insert import insert


def known(session: Session, activity_id: uuid.UUID, digest: bytes) -> bool:
    """Whether somebody contributed under this code."""
    wanted = select(Participant.day).where(Participant.activity_id == activity_id, Participant.code == digest)
    return session.scalar(wanted) is not None


def join(session: Session, activity_id: uuid.UUID, digest: bytes, *, channel: str, locale: str, today: dt.date) -> None:
    """Somebody contributes for the first time under a code; twice at once is once."""
    row = {"activity_id": activity_id, "code": digest, "channel": channel, "locale": locale, "day": today}
    session.execute(insert(session, Participant).values(**row, stakeholder="", country="").on_conflict_do_nothing())
