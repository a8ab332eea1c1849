"""The queue: enqueue in the transaction that wants the work; take, finish and put back under a lease."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from consult.db.insert import insert
from consult.jobs.models import Job

LEASE = dt.timedelta(minutes=2)
"""How long a worker may be silent before its job is given to another."""
ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in the hands of a worker."""

    id: uuid.UUID
    lease: uuid.UUID
    kind: str
    payload: dict[str, Any]
    attempts: int
    asked_by: uuid.UUID | None = None
    process_id: uuid.UUID | None = None
    cancelled: bool = False


def enqueue(
    session: Session, kind: str, payload: Mapping[str, object], *, run_at: dt.datetime, key: str | None = None
) -> None:
    """Have the task `kind` run at or after a moment. A waiting job with the same key is left as it is."""
    session.execute(
        insert(session, Job)
        .values(id=uuid.uuid4(), kind=kind, payload=dict(payload), run_at=run_at, key=key)
        .on_conflict_do_nothing(index_elements=["key"])
    )


def next_due(session: Session, kinds: Collection[str]) -> dt.datetime | None:
    """When the next job of these kinds wants a worker; none where nothing waits."""
    moments = [
        session.scalar(select(moment).where(Job.state == state, Job.kind.in_(kinds)).order_by(moment).limit(1))
        for state, moment in (("waiting", Job.run_at), ("running", Job.leased_until))
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def take(session: Session, kinds: Collection[str], now: dt.datetime) -> Taken | None:
    """Lease the job that has been due longest; none where nothing is due or another worker was faster."""
    job = session.scalar(
        select(Job)
        .where(Job.kind.in_(kinds), _due(now))
        .order_by(Job.run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    if job.asked_at is None:
        job.key = None
    job.lease = uuid.uuid4()
    job.attempts += 1
    job.state, job.leased_until = "running", now + LEASE
    session.flush()
    return Taken(job.id, job.lease, job.kind, job.payload, job.attempts, job.asked_by, job.process_id, job.cancelled)


def renew(session: Session, job: Taken, now: dt.datetime) -> None:
    """Keep a job that takes longer than its lease."""
    session.execute(update(Job).where(held(job)).values(leased_until=now + LEASE))


def finish(session: Session, job: Taken) -> None:
    """Forget a job that is done."""
    session.execute(delete(Job).where(held(job)))


def put_back(session: Session, job: Taken, error: str, now: dt.datetime) -> None:
    """Try a failed job again later, ever less often; after `ATTEMPTS` it stays as failed."""
    values = (
        {"state": "failed", "run_at": now}
        if job.attempts >= ATTEMPTS
        else {"state": "waiting", "run_at": now + backoff(job.attempts)}
    )
    session.execute(update(Job).where(held(job)).values(error=error, lease=None, leased_until=None, **values))


def backoff(attempts: int) -> dt.timedelta:
    """Pause after so many failures: half a minute, doubling up to an hour."""
    return min(dt.timedelta(seconds=15 * 2**attempts), dt.timedelta(hours=1))


def held(job: Taken) -> ColumnElement[bool]:
    """Whether a job is still in the hands of who took it."""
    return and_(Job.id == job.id, Job.lease == job.lease)


def _due(now: dt.datetime) -> ColumnElement[bool]:
    waiting = and_(Job.state == "waiting", Job.run_at <= now)
    return or_(waiting, and_(Job.state == "running", Job.leased_until < now))
