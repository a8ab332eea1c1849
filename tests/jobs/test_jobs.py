"""The queue runs every job at least once, tells nobody what failed, and never lets a job be lost."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import service, worker
from consult.jobs.models import Job

MINUTE = dt.timedelta(minutes=1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture
def clock(now: dt.datetime) -> Clock:
    return Clock(now)


class Notes:
    """A task that notes what it was run with, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.payloads: list[Mapping[str, Any]] = []
        self.failures = failures

    def __call__(self, _installation: Installation, payload: Mapping[str, Any], _now: dt.datetime) -> None:
        self.payloads.append(payload)
        if len(self.payloads) <= self.failures:
            raise ValueError("somebody@example.org")


def enqueue(installation: Installation, now: dt.datetime, key: str | None = None, **payload: object) -> None:
    with installation.database.transaction() as session:
        service.enqueue(session, "notes.take", payload, run_at=now, key=key)


def jobs(installation: Installation) -> list[Job]:
    with installation.database.reading() as session:
        return list(session.scalars(select(Job)))


def test_a_job_is_run_once_and_forgotten(installation: Installation, clock: Clock) -> None:
    task = Notes()
    enqueue(installation, clock.now, text="a")
    assert worker.run_due(installation, {"notes.take": task}, {}, clock=clock) == 1
    assert worker.run_due(installation, {"notes.take": task}, {}, clock=clock) == 0
    assert task.payloads == [{"text": "a"}]
    assert jobs(installation) == []


def test_a_job_waits_for_its_moment(installation: Installation, clock: Clock) -> None:
    task = Notes()
    enqueue(installation, clock.now + MINUTE)
    worker.run_due(installation, {"notes.take": task}, {}, clock=clock)
    assert task.payloads == []
    clock.now += MINUTE
    worker.run_due(installation, {"notes.take": task}, {}, clock=clock)
    assert len(task.payloads) == 1


def test_a_waiting_job_with_the_same_key_is_left_as_it_is(installation: Installation, clock: Clock) -> None:
    task = Notes()
    enqueue(installation, clock.now, key="k", text="first")
    enqueue(installation, clock.now, key="k", text="second")
    enqueue(installation, clock.now, text="keyless")
    enqueue(installation, clock.now, text="keyless")
    worker.run_due(installation, {"notes.take": task}, {}, clock=clock)
    assert sorted(payload["text"] for payload in task.payloads) == ["first", "keyless", "keyless"]
    enqueue(installation, clock.now, key="k", text="third")
    worker.run_due(installation, {"notes.take": task}, {}, clock=clock)
    assert task.payloads[-1] == {"text": "third"}


def test_work_enqueued_while_a_job_of_its_key_runs_is_done_afterwards(installation: Installation, clock: Clock) -> None:
    runs: list[int] = []

    def again(installation: Installation, payload: Mapping[str, Any], now: dt.datetime) -> None:
        runs.append(payload["run"])
        if payload["run"] == 1:
            enqueue(installation, now, key="k", run=2)

    enqueue(installation, clock.now, key="k", run=1)
    worker.run_due(installation, {"notes.take": again}, {}, clock=clock)
    assert runs == [1, 2]


def test_a_failure_is_tried_again_ever_later_and_given_up_after_eight(installation: Installation, clock: Clock) -> None:
    task = Notes(failures=99)
    enqueue(installation, clock.now)
    pauses = []
    for _ in range(service.ATTEMPTS):
        before = clock.now
        worker.run_due(installation, {"notes.take": task}, {}, clock=clock)
        [job] = jobs(installation)
        pauses.append(job.run_at - before)
        clock.now = max(job.run_at, clock.now)
    assert len(task.payloads) == service.ATTEMPTS
    assert pauses[:-1] == sorted(pauses[:-1]) and pauses[0] == dt.timedelta(seconds=30)
    assert jobs(installation)[0].state == "failed"
    clock.now += dt.timedelta(days=9)
    assert worker.run_due(installation, {"notes.take": task}, {}, clock=clock) == 0


def test_a_failure_is_noted_without_data(installation: Installation, clock: Clock, caplog: Any) -> None:
    enqueue(installation, clock.now)
    worker.run_due(installation, {"notes.take": Notes(failures=1)}, {}, clock=clock)
    [job] = jobs(installation)
    assert job.error.startswith("ValueError in __call__, line ")
    assert "somebody" not in job.error + caplog.text


def test_a_job_whose_worker_died_is_taken_by_another_after_its_lease(installation: Installation, clock: Clock) -> None:
    task = Notes()
    enqueue(installation, clock.now)
    with installation.database.transaction() as session:
        lost = service.take(session, ["notes.take"], clock.now)
    assert lost is not None
    assert worker.run_due(installation, {"notes.take": task}, {}, clock=clock) == 0
    clock.now += service.LEASE + MINUTE
    with installation.database.transaction() as session:
        assert service.take(session, ["notes.take"], clock.now) is not None
        service.finish(session, lost)  # the late worker cannot report for the other one
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_job_that_kills_its_workers_is_given_up(installation: Installation, clock: Clock) -> None:
    enqueue(installation, clock.now)
    for _ in range(service.ATTEMPTS):
        with installation.database.transaction() as session:
            assert service.take(session, ["notes.take"], clock.now) is not None
        clock.now += service.LEASE + MINUTE
    task = Notes()
    worker.run_due(installation, {"notes.take": task}, {}, clock=clock)
    assert task.payloads == []
    assert [(job.state, job.error) for job in jobs(installation)] == [("failed", "WorkerDied")]


def test_a_recurring_task_runs_every_period_even_when_it_fails(installation: Installation, clock: Clock) -> None:
    task = Notes(failures=1)
    every = {"notes.take": MINUTE}
    for _ in range(3):
        worker.run_due(installation, {"notes.take": task}, every, clock=clock)
        clock.now += MINUTE
    worker.run_due(installation, {"notes.take": task}, every, clock=clock)
    assert len(task.payloads) == 4
    assert len(jobs(installation)) == 1


def test_a_job_of_an_unknown_kind_waits_for_a_worker_that_knows_it(installation: Installation, clock: Clock) -> None:
    enqueue(installation, clock.now)
    assert worker.run_due(installation, {}, {}, clock=clock) == 0
    assert jobs(installation)[0].state == "waiting"


def test_parallel_workers_share_the_work_without_doing_any_twice(installation: Installation, clock: Clock) -> None:
    done: list[int] = []

    def task(_installation: Installation, payload: Mapping[str, Any], _now: dt.datetime) -> None:
        done.append(payload["number"])

    for number in range(20):
        enqueue(installation, clock.now, number=number)
    run: Callable[[], int] = lambda: worker.run_due(installation, {"notes.take": task}, {}, clock=clock)  # noqa: E731
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(20))


def test_a_job_of_a_transaction_that_rolls_back_never_runs(session: Session, clock: Clock) -> None:
    service.enqueue(session, "notes.take", {}, run_at=clock.now)
    session.rollback()
    assert service.next_due(session, ["notes.take"]) is None


def test_the_worker_stops_when_told(installation: Installation, clock: Clock) -> None:
    stop = threading.Event()

    def task(_installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
        stop.set()

    enqueue(installation, clock.now)
    worker.work(installation, {"notes.take": task}, {}, stop=stop, clock=clock)
    assert jobs(installation) == []
