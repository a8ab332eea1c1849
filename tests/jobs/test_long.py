"""Long jobs: progress that can be read, a cancellation that leaves nothing, a result when it is done and only then."""

from __future__ import annotations

import datetime as dt
import stat
import threading
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.progress import Progress, Steps
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import asking, long, made, service, tasks
from consult.jobs.long import Long, Order, Settle
from consult.jobs.made import Made, to_file
from consult.jobs.models import Job
from consult.mail.models import Message

PROCESS = uuid.uuid4()
OFFICER = uuid.uuid4()
LATER = service.LEASE + dt.timedelta(minutes=1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(now: dt.datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is noted, as if each took a second."""
    monkeypatch.setattr(long, "PACE", 0.0)


def letter(now: dt.datetime) -> Message:
    return Message(id=uuid.uuid4(), recipient=b"", locale="en", subject="made", body=b"", state="failed", send_at=now)


def counting(steps: int, between: Callable[[int], None] = lambda _: None) -> long.LongTask:
    """A task of so many steps that leaves a row in the outbox: its visible effect."""

    def run(_installation: Installation, order: Order, progress: Progress) -> Settle:
        for step in range(steps):
            progress(step, steps)
            between(step)

        def settle(session: Session) -> Mapping[str, object]:
            session.add(
                Message(
                    id=uuid.uuid4(),
                    recipient=b"",
                    locale="en",
                    subject="made",
                    body=b"",
                    state="failed",
                    send_at=order.now,
                )
            )
            return {"letter": order.payload["text"]}

        return settle

    return run


def kinds(task: long.LongTask) -> dict[str, Long]:
    return {"letters.write": Long(task, "Writing", needs="anything")}


def ask(installation: Installation, now: dt.datetime, key: str = "k", **payload: object) -> asking.Asked:
    with installation.database.transaction() as session:
        return asking.ask(
            session, "letters.write", {"text": "a", **payload}, by=OFFICER, process_id=PROCESS, key=key, now=now
        )


def job(installation: Installation, job_id: uuid.UUID) -> Job:
    with installation.database.reading() as session:
        found = asking.job(session, PROCESS, job_id)
    assert found is not None
    return found


def effects(installation: Installation) -> int:
    with installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


def test_what_is_done_says_so_and_where_its_result_is(installation: Installation, clock: Clock) -> None:
    asked = ask(installation, clock.now)
    assert job(installation, asked.id).state == "waiting"
    assert long.run_due(installation, kinds(counting(3)), clock=clock) == 1
    ended = job(installation, asked.id)
    assert (ended.state, ended.result, ended.ended_at) == ("done", {"letter": "a"}, clock.now)
    assert effects(installation) == 1
    assert long.run_due(installation, kinds(counting(3)), clock=clock) == 0


def test_it_can_be_read_how_far_it_has_come(installation: Installation, clock: Clock) -> None:
    seen: list[tuple[str, int, int]] = []
    asked = ask(installation, clock.now)

    def look(_step: int) -> None:
        found = job(installation, asked.id)
        seen.append((found.state, found.done, found.steps))

    long.run_due(installation, kinds(counting(3, look)), clock=clock)
    assert seen == [("running", 0, 3), ("running", 1, 3), ("running", 2, 3)]


def test_asking_twice_asks_once_until_it_has_ended(installation: Installation, clock: Clock) -> None:
    first = ask(installation, clock.now)
    during: list[asking.Asked] = []
    task = counting(1, lambda _: during.append(ask(installation, clock.now)))
    assert ask(installation, clock.now) == (first.id, False)
    long.run_due(installation, kinds(task), clock=clock)
    assert during == [(first.id, False)]
    assert ask(installation, clock.now).new


def test_what_waits_is_cancelled_at_once(installation: Installation, clock: Clock) -> None:
    asked = ask(installation, clock.now)
    with installation.database.transaction() as session:
        assert asking.cancel(session, asked.id, clock.now)
    assert long.run_due(installation, kinds(counting(1)), clock=clock) == 0
    assert (job(installation, asked.id).state, effects(installation)) == ("cancelled", 0)
    with installation.database.transaction() as session:
        assert not asking.cancel(session, asked.id, clock.now)


@pytest.mark.parametrize("step", [0, 2])
def test_what_runs_is_cancelled_before_its_next_step_or_its_end(
    installation: Installation, clock: Clock, step: int
) -> None:
    asked, steps = ask(installation, clock.now), []

    def between(at: int) -> None:
        steps.append(at)
        if at == step:
            with installation.database.transaction() as session:
                assert asking.cancel(session, asked.id, clock.now)

    long.run_due(installation, kinds(counting(3, between)), clock=clock)
    assert steps == list(range(step + 1))
    assert (job(installation, asked.id).state, effects(installation)) == ("cancelled", 0)


def test_a_refusal_is_kept_with_its_reasons_under_seal(installation: Installation, clock: Clock) -> None:
    def refuse(_installation: Installation, _order: Order, _progress: Progress) -> Settle:
        raise Refused.because("results.release.together", cell="country = GB", number=1)

    asked = ask(installation, clock.now)
    long.run_due(installation, kinds(refuse), clock=clock)
    ended = job(installation, asked.id)
    assert ended.state == "refused"
    assert ended.refusal is not None
    assert b"GB" not in ended.refusal
    [problem] = asking.problems_of(installation.keys, ended)
    assert (problem.code, problem.params["cell"]) == ("results.release.together", "country = GB")


def test_a_failure_is_told_at_once_and_without_data(installation: Installation, clock: Clock) -> None:
    def fail(_installation: Installation, _order: Order, _progress: Progress) -> Settle:
        raise ValueError("somebody@example.org")

    asked = ask(installation, clock.now)
    assert long.run_due(installation, kinds(fail), clock=clock) == 1
    ended = job(installation, asked.id)
    assert ended.state == "failed"
    assert ended.error.startswith("ValueError in fail, line ")
    assert ask(installation, clock.now).new


def test_a_result_that_cannot_be_written_down_is_no_result(installation: Installation, clock: Clock) -> None:
    def settle(session: Session) -> Mapping[str, object]:
        session.add(letter(clock.now))
        session.flush()
        raise Refused.because("results.draft.gone")

    asked = ask(installation, clock.now)
    long.run_due(installation, kinds(lambda _installation, _order, _progress: settle), clock=clock)
    assert (job(installation, asked.id).state, effects(installation)) == ("refused", 0)


def test_a_job_whose_worker_died_is_begun_again(installation: Installation, clock: Clock) -> None:
    asked = ask(installation, clock.now)
    with installation.database.transaction() as session:
        assert service.take(session, ["letters.write"], clock.now) is not None
    assert long.run_due(installation, kinds(counting(1)), clock=clock) == 0
    clock.now += LATER
    assert long.run_due(installation, kinds(counting(1)), clock=clock) == 1
    assert (job(installation, asked.id).state, effects(installation)) == ("done", 1)


def test_a_late_worker_leaves_nothing(installation: Installation, clock: Clock) -> None:
    asked = ask(installation, clock.now)

    def taken_meanwhile(_step: int) -> None:
        clock.now += LATER
        with installation.database.transaction() as session:
            assert service.take(session, ["letters.write"], clock.now) is not None

    long.run_due(installation, kinds(counting(1, taken_meanwhile)), clock=clock)
    assert (job(installation, asked.id).state, effects(installation)) == ("running", 0)


def test_a_job_that_kills_its_workers_is_given_up(installation: Installation, clock: Clock) -> None:
    asked = ask(installation, clock.now)
    for _ in range(long.ATTEMPTS):
        with installation.database.transaction() as session:
            assert service.take(session, ["letters.write"], clock.now) is not None
        clock.now += LATER
    long.run_due(installation, kinds(counting(1)), clock=clock)
    ended = job(installation, asked.id)
    assert (ended.state, ended.error, effects(installation)) == ("failed", "WorkerDied", 0)


def test_a_database_that_is_away_is_tried_again_a_few_times(installation: Installation, clock: Clock) -> None:
    def away(_installation: Installation, _order: Order, _progress: Progress) -> Settle:
        raise OperationalError("SELECT 1", {}, OSError("gone"))

    asked, states = ask(installation, clock.now), []
    for _ in range(long.ATTEMPTS):
        assert long.run_due(installation, kinds(away), clock=clock) == 1
        states.append(job(installation, asked.id).state)
        clock.now += LATER
    assert states == ["waiting", "waiting", "failed"]


def test_a_worker_that_is_told_to_stop_hands_its_job_back(installation: Installation, clock: Clock) -> None:
    asked, stop = ask(installation, clock.now), threading.Event()
    long.work(installation, kinds(counting(2, lambda _: stop.set())), stop=stop, clock=clock)
    waiting = job(installation, asked.id)
    assert (waiting.state, waiting.attempts, effects(installation)) == ("waiting", 0, 0)
    assert long.run_due(installation, kinds(counting(1)), clock=clock) == 1
    assert job(installation, asked.id).state == "done"


def test_steps_of_several_functions_are_counted_together() -> None:
    seen: list[tuple[int, int]] = []
    steps = Steps(lambda done, of: seen.append((done, of)), 2)
    for _ in range(3):
        steps.step()
    assert seen == [(1, 2), (2, 2), (2, 2)]


def write(text: bytes, between: Callable[[Path], None] = lambda _: None) -> long.LongTask:
    def task(_installation: Installation, _order: Order, target: Path, progress: Progress) -> Made:
        target.write_bytes(text)
        between(target)
        progress(1, 2)
        return Made("answers.csv", "text/csv")

    return to_file(task)


def test_a_file_is_there_when_its_job_is_done_and_for_a_day(installation: Installation, clock: Clock) -> None:
    asked, folder = ask(installation, clock.now), installation.settings.made
    long.run_due(installation, kinds(write(b"a,b\n")), clock=clock)
    ended = job(installation, asked.id)
    path = made.path_of(folder, ended, clock.now)
    assert path is not None
    assert path.read_bytes() == b"a,b\n"
    assert [stat.S_IMODE(found.stat().st_mode) for found in (folder, path)] == [0o700, 0o600]
    assert ended.result == {"name": "answers.csv", "media_type": "text/csv"}
    tasks.tidy(installation, {}, clock.now)
    assert path.exists()
    clock.now += made.KEPT
    assert made.path_of(folder, ended, clock.now) is None
    tasks.tidy(installation, {}, clock.now)
    assert path.exists()  # somebody may still be fetching it
    clock.now += made.SLOW
    tasks.tidy(installation, {}, clock.now)
    assert not path.exists()


def test_what_a_dead_worker_left_beside_its_file_is_deleted_once_its_job_does_not_run(
    installation: Installation, clock: Clock
) -> None:
    asked, folder = ask(installation, clock.now), installation.settings.made
    left = folder / f".{asked.id.hex}.0a.records"

    def die(_step: int) -> None:
        left.mkdir(parents=True)
        (left / "part").write_bytes(b"a,b\n")
        tasks.tidy(installation, {}, clock.now)
        assert (left / "part").exists()

    long.run_due(installation, kinds(counting(1, die)), clock=clock)
    tasks.tidy(installation, {}, clock.now)
    assert not left.exists()


def test_a_cancelled_file_is_not_kept_in_part(installation: Installation, clock: Clock) -> None:
    asked, folder = ask(installation, clock.now), installation.settings.made

    def cancel(_target: Path) -> None:
        with installation.database.transaction() as session:
            asking.cancel(session, asked.id, clock.now)

    long.run_due(installation, kinds(write(b"half", cancel)), clock=clock)
    assert job(installation, asked.id).state == "cancelled"
    assert list(folder.iterdir()) == []


def test_what_became_of_a_job_is_forgotten_after_a_week(installation: Installation, clock: Clock) -> None:
    asked = ask(installation, clock.now)
    long.run_due(installation, kinds(counting(1)), clock=clock)
    tasks.tidy(installation, {}, clock.now + asking.KEPT)
    assert job(installation, asked.id).state == "done"
    tasks.tidy(installation, {}, clock.now + asking.KEPT + dt.timedelta(minutes=1))
    with installation.database.reading() as session:
        assert asking.job(session, PROCESS, asked.id) is None
