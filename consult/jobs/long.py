"""Long tasks: what somebody asks for and waits for. They run beside the others, so that mail and mixing never wait.

A task computes between calls of its `Progress` and returns how its result is to be written down. That is done in the
transaction which ends the job, under its lease: either the job is done and its result is there, or neither.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.progress import Cancelled, Progress
from consult.db.installation import Installation
from consult.jobs import asking, service
from consult.jobs.service import Taken
from consult.jobs.worker import Clock, kept, problem_of, taken, turns

ATTEMPTS: Final = 3
"""Workers that may die of one job before it is given up."""
PACE: Final = 1.0
"""Seconds between two notes of progress: each takes the write lock for a moment."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, and by whom."""

    id: uuid.UUID
    payload: Mapping[str, Any]
    by: uuid.UUID | None
    """The user; none for the command line."""
    process_id: uuid.UUID
    now: dt.datetime


Settle = Callable[[Session], Mapping[str, object]]
"""Writes the result down; gives the names and numbers by which it is found. Brief: it runs under the write lock."""
LongTask = Callable[[Installation, Order, Progress], Settle]


@dataclass(frozen=True, slots=True)
class Long:
    """A long task, as a slice registers it in its `LONG`."""

    run: LongTask
    title: str
    """What it does, in words that are marked for translation: “Computing a release”."""
    needs: str
    """The route where it is asked for, which takes the process's address and what the order has under `at`: whose users
    may see how far it has come. Who asked may anyway."""
    leads: str = ""
    """The route of the result's page, which takes the same and what the job left; that of a file takes the job's id
    instead. None: the file is fetched without more ado."""


class _Stopped(Cancelled):
    """The worker is to stop: the job goes back to the queue."""


def work(installation: Installation, long: Mapping[str, Long], *, stop: threading.Event, clock: Clock) -> None:
    """Run long jobs until told to stop; the job at hand then goes back to the queue at its next step."""
    turns(lambda: run_one(installation, long, clock, stop), stop)


def run_due(installation: Installation, long: Mapping[str, Long], *, clock: Clock) -> int:
    """Run every long job that is due now; how many that were."""
    count, stop = 0, threading.Event()
    while run_one(installation, long, clock, stop):
        count += 1
    return count


def run_one(installation: Installation, long: Mapping[str, Long], clock: Clock, stop: threading.Event) -> bool:
    """Run the long job that has been due longest; whether there was one."""
    job = taken(installation, long, clock())
    if job:
        _run(installation, long[job.kind].run, job, clock, stop)
    return job is not None


def _run(installation: Installation, task: LongTask, job: Taken, clock: Clock, stop: threading.Event) -> None:
    database = installation.database
    try:
        if job.cancelled:
            raise Cancelled
        if job.attempts > ATTEMPTS:
            with database.transaction() as session:
                asking.end_without(session, job, "failed", clock(), error="WorkerDied")
            return
        assert job.process_id is not None, "`ask` always says about which process"
        order = Order(job.id, job.payload, job.asked_by, job.process_id, clock())
        with kept(installation, job, clock):
            settle = task(installation, order, _Watch(installation, job, clock, stop))
            with database.transaction() as session:
                if not asking.end_done(session, job, clock()):
                    raise Cancelled
                asking.leave(session, job, settle(session))
    except _Stopped:
        with database.transaction() as session:
            asking.hand_back(session, job, clock(), attempts=job.attempts - 1)
    except Cancelled:
        with database.transaction() as session:
            asking.end_without(session, job, "cancelled", clock())
    except Refused as refused:
        reasons = asking.sealed_problems(installation.keys, job.id, refused.problems)
        with database.transaction() as session:
            asking.end_without(session, job, "refused", clock(), refusal=reasons)
    except OperationalError as error:  # the database is away or busy: tried again
        with database.transaction() as session:
            if job.attempts < ATTEMPTS:
                asking.hand_back(session, job, clock() + service.backoff(job.attempts), attempts=job.attempts)
            else:
                asking.end_without(session, job, "failed", clock(), error=problem_of(job.kind, error))
    except Exception as error:  # whatever a task raises must not end the worker
        with database.transaction() as session:
            asking.end_without(session, job, "failed", clock(), error=problem_of(job.kind, error))


class _Watch:
    """The `Progress` of a running job: notes it now and then, and hears of a cancellation at the same time."""

    def __init__(self, installation: Installation, job: Taken, clock: Clock, stop: threading.Event) -> None:
        self._installation, self._job, self._clock, self._stop = installation, job, clock, stop
        self._next = 0.0

    def __call__(self, done: int, of: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        moment = time.monotonic()
        if moment < self._next:
            return
        self._next = moment + PACE
        with suppress(OperationalError), self._installation.database.transaction() as session:
            if not asking.note(session, self._job, done, of, self._clock()):
                raise Cancelled
