"""What officers decide against bots, written down, and the challenges that are spent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.altcha import Solved
from consult.db.insert import insert
from consult.db.prepared import Executor
from consult.participation.guard import Guard
from consult.participation.models import Measures, SpentChallenge
from consult.participation.trail import note
from consult.processes.models import Activity
from consult.processes.service import lock


def decide(session: Session, activity: Activity, guard: Guard, *, by: Actor | None, now: dt.datetime) -> None:
    """Set the bot measures of an activity: they hold at once, and for what was set apart before, in results too."""
    lock(session, activity)
    kept = session.get(Measures, activity.id) or Measures(activity_id=activity.id)
    kept.seconds, kept.hourly, kept.counted, kept.work = guard.seconds, guard.hourly, guard.counted, guard.work
    session.add(kept)
    session.flush()
    note(session, activity, "bots", asdict(guard), by, now)


def spend(session: Executor, activity_id: uuid.UUID, solved: Solved) -> bool:
    """Use up a challenge, with what it lets in and in the same transaction; False where it was spent before."""
    values = {"activity_id": activity_id, "challenge": solved.challenge, "day": solved.expires.date()}
    entered = insert(session, SpentChallenge).values(values).on_conflict_do_nothing().returning(SpentChallenge.day)
    return session.execute(entered).first() is not None


def is_spent(session: Executor, activity_id: uuid.UUID, solved: Solved) -> bool:
    """Whether a challenge has been used up."""
    known = (SpentChallenge.activity_id == activity_id, SpentChallenge.challenge == solved.challenge)
    return session.scalar(select(SpentChallenge.day).where(*known)) is not None


def forget_spent(session: Session, now: dt.datetime) -> None:
    """Delete the challenges that expired before today: nobody can use them again."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.day < now.astimezone(dt.UTC).date()))
