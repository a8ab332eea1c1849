"""Jobs that somebody asked for: they tell how far they have come, can be cancelled, and say how they ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

import msgspec
from sqlalchemy import ColumnElement, CursorResult, Update, delete, select, update
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.errors import Problem
from consult.core.sealing import seal, unseal
from consult.db.insert import insert
from consult.db.sealed import Sealed
from consult.jobs.models import Job
from consult.jobs.service import LEASE, Taken, held

KEPT = dt.timedelta(days=7)
"""How long it can be read what became of a job."""
ENDED = ("done", "failed", "refused", "cancelled")
OPEN = ("waiting", "running")


class Asked(NamedTuple):
    """A job that was asked for: a new one, or the one of the same key that has not ended yet."""

    id: uuid.UUID
    new: bool


def ask(
    session: Session,
    kind: str,
    payload: Mapping[str, object],
    *,
    by: uuid.UUID | None,
    process_id: uuid.UUID,
    key: str,
    now: dt.datetime,
) -> Asked:
    """Ask for a long task about a process. While a job of the same key has not ended there is no second one."""
    mine = uuid.uuid4()
    wanted = insert(session, Job).values(
        id=mine, kind=kind, payload=dict(payload), run_at=now, key=key, asked_at=now, asked_by=by, process_id=process_id
    )
    session.execute(wanted.on_conflict_do_nothing(index_elements=["key"]))
    found = session.scalar(select(Job.id).where(Job.key == key))
    if found is None:  # the other one ended in this moment
        return ask(session, kind, payload, by=by, process_id=process_id, key=key, now=now)
    return Asked(found, found == mine)


def job(session: Session, process_id: uuid.UUID, job_id: uuid.UUID) -> Job | None:
    """A job that somebody asked for about a process."""
    wanted = select(Job).where(Job.id == job_id, Job.process_id == process_id, Job.asked_at.is_not(None))
    return session.scalar(wanted.execution_options(populate_existing=True))


def any_job(session: Session, job_id: uuid.UUID) -> Job | None:
    """A job that somebody asked for, whatever it is about: for the command line."""
    return session.scalar(select(Job).where(Job.id == job_id, Job.asked_at.is_not(None)))


def asked_for(session: Session, process_id: uuid.UUID) -> Sequence[Job]:
    """All that was asked for about a process and is still known, the latest first."""
    wanted = select(Job).where(Job.process_id == process_id, Job.asked_at.is_not(None))
    return session.scalars(wanted.order_by(Job.asked_at.desc(), Job.id)).all()


def cancel(session: Session, job_id: uuid.UUID, now: dt.datetime) -> bool:
    """Have a job end without a result: at once where it waits, else before its next step. False: it has ended."""
    waiting = update(Job).where(Job.id == job_id, Job.state == "waiting")
    running = update(Job).where(Job.id == job_id, Job.state == "running")
    return _changed(session, waiting.values(state="cancelled", ended_at=now, key=None)) or _changed(
        session, running.values(cancelled=True)
    )


def note(session: Session, taken: Taken, done: int, steps: int, now: dt.datetime) -> bool:
    """Note how far a job has come, and keep it. False: it was cancelled, or is another worker's by now."""
    mine = update(Job).where(_wanted(taken))
    return _changed(session, mine.values(done=done, steps=steps, leased_until=now + LEASE))


def end_done(session: Session, taken: Taken, now: dt.datetime) -> bool:
    """End a job that has done its work; what it leaves is written in the same transaction. False as in `note`."""
    return _changed(session, update(Job).where(_wanted(taken)).values(state="done", **_ended(now)))


def leave(session: Session, taken: Taken, result: Mapping[str, object]) -> None:
    """Write down by what the result of a job is found."""
    session.execute(update(Job).where(Job.id == taken.id).values(result=dict(result)))


def end_without(
    session: Session, taken: Taken, state: str, now: dt.datetime, *, error: str = "", refusal: bytes | None = None
) -> None:
    """End a job that leaves nothing: `failed`, `refused` or `cancelled`."""
    session.execute(update(Job).where(held(taken)).values(state=state, error=error, refusal=refusal, **_ended(now)))


def hand_back(session: Session, taken: Taken, run_at: dt.datetime, *, attempts: int) -> None:
    """Have a worker begin again at or after a moment. `attempts`: how many count as made."""
    session.execute(
        update(Job)
        .where(held(taken))
        .values(state="waiting", run_at=run_at, attempts=attempts, lease=None, leased_until=None, done=0)
    )


def forget(session: Session, now: dt.datetime) -> None:
    """Delete the jobs that ended long ago."""
    session.execute(delete(Job).where(Job.asked_at.is_not(None), Job.state.in_(ENDED), Job.ended_at < now - KEPT))


def sealed_problems(keys: Keys, job_id: uuid.UUID, problems: Sequence[Problem]) -> bytes:
    """The reasons of a refusal as they are kept."""
    told = [(problem.code, dict(problem.params)) for problem in problems]
    return seal(keys.contact, msgspec.json.encode(told), _context(job_id))


def problems_of(keys: Keys, ended: Job) -> list[Problem]:
    """The reasons of a refusal; none where there was none."""
    if ended.refusal is None:
        return []
    told = msgspec.json.decode(
        unseal(keys.contact, ended.refusal, _context(ended.id)), type=list[tuple[str, dict[str, str | int | float]]]
    )
    return [Problem(code, params) for code, params in told]


def _context(job_id: uuid.UUID) -> bytes:
    return f"job:{job_id}".encode()


def _wanted(taken: Taken) -> ColumnElement[bool]:
    return held(taken) & Job.cancelled.is_(False)


def _ended(now: dt.datetime) -> dict[str, object]:
    return {"ended_at": now, "key": None, "lease": None, "leased_until": None}


def _changed(session: Session, statement: Update) -> bool:
    return cast(CursorResult[tuple[()]], session.execute(statement)).rowcount > 0


SEALED: Final = (Sealed(Job.refusal, _context, (Job.id,)),)
