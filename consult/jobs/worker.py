"""The worker: runs what is due, at least once, and puts back what failed.

It looks with reading sessions and takes the write lock only when there is work. What it notes about a failure is the
class and the place of the error, never its message: messages carry data.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy.exc import OperationalError

from consult.db.installation import Installation
from consult.jobs import service
from consult.jobs.service import Taken

Task = Callable[[Installation, dict[str, Any], dt.datetime], None]
Clock = Callable[[], dt.datetime]

PAUSE = 1.0
"""Seconds between two looks at an empty queue."""

log = logging.getLogger(__name__)


def work(
    installation: Installation,
    tasks: Mapping[str, Task],
    every: Mapping[str, dt.timedelta],
    *,
    stop: threading.Event,
    clock: Clock,
) -> None:
    """Run jobs until told to stop; the job at hand is finished first. A database that is away is waited for."""
    while not stop.is_set():
        with contextlib.suppress(OperationalError):
            schedule(installation, every, clock())
            break
        stop.wait(PAUSE)
    turns(lambda: run_one(installation, tasks, every, clock), stop)


def turns(turn: Callable[[], bool], stop: threading.Event) -> None:
    """Run one job after another until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            worked = turn()
        except OperationalError as error:
            log.warning("the queue cannot be reached: %s", type(error.orig).__name__)
            worked = False
        if not worked:
            stop.wait(PAUSE)


def run_due(
    installation: Installation, tasks: Mapping[str, Task], every: Mapping[str, dt.timedelta], *, clock: Clock
) -> int:
    """Run everything that is due now, once each; how many jobs that were."""
    schedule(installation, every, clock())
    count = 0
    while run_one(installation, tasks, every, clock):
        count += 1
    return count


def schedule(installation: Installation, every: Mapping[str, dt.timedelta], now: dt.datetime) -> None:
    """Have each recurring task wait for its first run, unless it waits already."""
    with installation.database.transaction() as session:
        for kind in every:
            service.enqueue(session, kind, {}, run_at=now, key=_recurring(kind))


def run_one(
    installation: Installation, tasks: Mapping[str, Task], every: Mapping[str, dt.timedelta], clock: Clock
) -> bool:
    """Run the job that has been due longest; whether there was one."""
    job = taken(installation, tasks, clock())
    if job is None:
        return False
    error = _run(installation, tasks[job.kind], job, clock)
    with installation.database.transaction() as session:
        if error and job.kind not in every:
            service.put_back(session, job, error, clock())
        else:
            service.finish(session, job)
        if job.kind in every:
            service.enqueue(session, job.kind, {}, run_at=clock() + every[job.kind], key=_recurring(job.kind))
    return True


def taken(installation: Installation, kinds: Collection[str], now: dt.datetime) -> Taken | None:
    """The job of these kinds that has been due longest, leased; the write lock is taken only where there is one."""
    with installation.database.reading() as session:
        due = service.next_due(session, kinds)
    if due is None or due > now:
        return None
    with installation.database.transaction() as session:
        return service.take(session, kinds, now)


def _run(installation: Installation, task: Task, job: Taken, clock: Clock) -> str:
    """Run a task under a lease that is kept alive; what went wrong, or nothing."""
    if job.attempts > service.ATTEMPTS:
        return "WorkerDied"
    try:
        with kept(installation, job, clock):
            task(installation, job.payload, clock())
    except Exception as error:  # whatever a task raises must not end the worker
        return problem_of(job.kind, error)
    return ""


def problem_of(kind: str, error: Exception) -> str:
    """What is noted and logged of a failure: its class and place."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    problem = f"{type(error).__name__} in {place.name}, line {place.lineno}"
    log.warning("job %s failed: %s", kind, problem)
    return problem


@contextlib.contextmanager
def kept(installation: Installation, job: Taken, clock: Clock) -> Iterator[None]:
    """Renew the lease from a thread for as long as the task runs."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(service.LEASE.total_seconds() / 4):
            with contextlib.suppress(OperationalError), installation.database.transaction() as session:
                service.renew(session, job, clock())

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _recurring(kind: str) -> str:
    return f"every:{kind}"
