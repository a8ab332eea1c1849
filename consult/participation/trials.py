"""Trying an activity before it opens: a secret link, and what was answered by it, which is never counted.

The code of the link has 128 bits, so wrong ones need not be counted: nobody guesses it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Refused
from consult.participation.models import TrialIntake
from consult.participation.trail import note
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import queries
from consult.questionnaires.models import Trial

BEFORE: Final = ("draft", "scheduled")
"""States of an activity in which it can be tried."""


def digest(key: bytes, activity_id: uuid.UUID, code: str) -> bytes:
    """What the database keeps of a link's code."""
    return hmac.digest(key, b"trial\0" + activity_id.bytes + code.encode(), hashlib.sha256)


def token(key: bytes, activity_id: uuid.UUID, secret: bytes) -> str:
    """What a browser that has the link is known by: another one for each link, and none that the database knows."""
    return hmac.digest(key, b"trial pass\0" + activity_id.bytes + secret, hashlib.sha256).hex()


def trial(session: Session, activity_id: uuid.UUID) -> Trial | None:
    """The trial of an activity; none where there was no link, or it has opened since."""
    return session.get(Trial, activity_id)


def renew(session: Session, activity: Activity, secret: bytes, *, by: Actor | None, now: dt.datetime) -> None:
    """Let an activity be tried by a link, and by no earlier one; `secret`: the digest of its code.

    Refuses `participation.trial.opened` and `questionnaires.edition.missing`.
    """
    lock(session, activity)
    if activity.state(now) not in BEFORE:
        raise Refused.because("participation.trial.opened")
    if queries.latest_edition(session, activity.id) is None:
        raise Refused.because("questionnaires.edition.missing")
    found = trial(session, activity.id) or Trial(activity_id=activity.id)
    found.secret = secret
    session.add(found)
    session.flush()
    note(session, activity, "trial", {}, by, now)


def end(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> None:
    """Let nobody try an activity any more; what was answered stays until that is deleted, or it opens."""
    lock(session, activity)
    found = trial(session, activity.id)
    if found is not None and found.secret is not None:
        found.secret = None
        session.flush()
        note(session, activity, "end_trial", {}, by, now)


@dataclass(frozen=True, slots=True)
class Count:
    """How much was answered of an edition in a trial."""

    edition: int
    drafts: int
    sent: int


def counts(session: Session, activity_id: uuid.UUID) -> list[Count]:
    """By edition, the newest first."""
    wanted = (
        select(TrialIntake.edition, TrialIntake.state, func.count())
        .where(TrialIntake.activity_id == activity_id)
        .group_by(TrialIntake.edition, TrialIntake.state)
    )
    found = {(edition, state): count for edition, state, count in session.execute(wanted)}
    editions = sorted({edition for edition, _ in found}, reverse=True)
    return [Count(each, found.get((each, "draft"), 0), found.get((each, "submitted"), 0)) for each in editions]


def answers(session: Session, activity_id: uuid.UUID, edition: int) -> Sequence[TrialIntake]:
    """Everything that was answered of an edition, drafts too, in the order of their codes, which are random."""
    wanted = select(TrialIntake).where(TrialIntake.activity_id == activity_id, TrialIntake.edition == edition)
    return session.scalars(wanted.order_by(TrialIntake.code)).all()


def opened(session: Session, now: dt.datetime) -> Sequence[Activity]:
    """Activities that have opened by their schedule and still have a trial."""
    return session.scalars(
        select(Activity).join(Trial, Trial.activity_id == Activity.id).where(Activity.opens_at <= now)
    ).all()
