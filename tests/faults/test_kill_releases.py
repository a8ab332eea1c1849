"""kill −9 of the worker or a command while a release is computed, frozen or exported: as before or as after."""

from __future__ import annotations

import datetime as dt
import random
import time
import uuid
import zipfile
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from consult.config import Settings, load_keys
from consult.core.access import Actor
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import asking, made
from consult.jobs.models import Job
from consult.jobs.tasks import tidy
from consult.processes.models import Activity, Process
from consult.results import drafts, reports
from consult.results.content import Plan
from consult.results.microdata import asking as records
from consult.results.microdata.choosing import offer
from consult.results.models import Release, ReleaseDraft
from tests.faults import writing
from tests.faults.forks import begun, command
from tests.results.surveying import PLAN, Survey

RESPONSES = 600


class Killed:
    """An installation whose commands are run as processes of their own, and killed."""

    def __init__(self, data: Path, database: Database, now: dt.datetime) -> None:
        self.database, url = database, database.url.render_as_string(hide_password=False)
        self.settings = Settings(data=data, database_url=url)
        self.installation = Installation(self.settings, load_keys(self.settings.keys_file), database)
        self.survey = Survey(database, self.settings, self.installation.keys, now)
        self.survey.answer_at_random(RESPONSES)
        self.environ = {"CONSULT_DATA": str(data), "CONSULT_DATABASE_URL": url}
        self.printed = data / "printed"

    def begin(self, work: Callable[..., object], *words: str) -> BaseProcess:
        """Something in a process of its own."""
        return begun(work, *words, environ=self.environ, printed=self.printed)

    def start(self, *words: str) -> BaseProcess:
        """A `consult` command in a process of its own."""
        return self.begin(command, *words)

    def run(self, *words: str) -> tuple[int | None, str]:
        """Run a command to its end: exit code and output."""
        process = self.start(*words)
        process.join(120)
        return process.exitcode, self.printed.read_text()

    def count(self, model: type[Base]) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def job(self, job_id: object) -> Job:
        with self.database.reading() as session:
            found = session.get(Job, job_id)
        assert found is not None
        return found

    def lease_is_over(self) -> None:
        """Two minutes later, as far as leases are concerned."""
        past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
        with self.database.transaction() as session:
            session.execute(update(Job).where(Job.state == "running").values(leased_until=past))


FILES = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What becomes of files does not depend on the database."""


@pytest.fixture
def killed(database: Database, tmp_path: Path, now: dt.datetime) -> Killed:
    return Killed(tmp_path, database, now)


def until(process: BaseProcess, true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        assert process.exitcode is None
        time.sleep(0.005)


def kill(process: BaseProcess) -> None:
    process.kill()
    process.join()


def stop(process: BaseProcess) -> None:
    process.terminate()
    process.join(60)
    assert process.exitcode == 0


def test_a_draft_whose_worker_is_killed_is_computed_again(killed: Killed) -> None:
    chance = random.Random(5)
    with killed.database.transaction() as session:
        process = session.get_one(Process, killed.survey.process_id)
        asked = drafts.plan(session, process, PLAN, by=None, now=dt.datetime.now(dt.UTC))
    for _ in range(2):
        worker = killed.start("worker")
        until(worker, lambda: killed.job(asked.id).state == "running")
        time.sleep(chance.random() * 0.5)
        kill(worker)
        found = killed.job(asked.id)
        assert (found.state == "done") == (killed.count(ReleaseDraft) == 1)
        assert found.state in ("running", "done")
        killed.lease_is_over()
    worker = killed.start("worker")
    until(worker, lambda: killed.job(asked.id).state == "done")
    stop(worker)
    assert (killed.count(ReleaseDraft), killed.count(Release)) == (1, 0)
    code, printed = killed.run("releases", "freeze", killed.survey.slug, "--draft", str(asked.id))
    assert (code, printed[:2]) == (0, "1 ")
    assert killed.run("releases", "verify", killed.survey.slug) == (0, "1: intact, safe, recomputed\n")


def test_freezing_that_is_killed_leaves_a_whole_release_or_none(killed: Killed) -> None:
    began = time.monotonic()
    assert killed.run("releases", "freeze", killed.survey.slug)[0] == 0
    took, frozen = time.monotonic() - began, 1
    for part in (0.6, 0.9):
        process = killed.start("releases", "freeze", killed.survey.slug)
        time.sleep(took * part)
        kill(process)
        assert killed.count(Release) in (frozen, frozen + 1)
        frozen = killed.count(Release)
        assert all(killed.survey.verify(number) == (True, True, True) for number in range(1, frozen + 1))
    assert killed.run("releases", "freeze", killed.survey.slug)[0] == 0
    assert killed.run("releases", "verify", killed.survey.slug)[0] == 0
    assert killed.count(Release) == frozen + 1


def test_a_draft_is_frozen_or_still_a_draft(killed: Killed) -> None:
    moment = dt.datetime.now(dt.UTC)
    computed, names, keys = killed.survey.draft(), [uuid.uuid4() for _ in range(3)], killed.installation.keys
    with killed.database.transaction() as session:
        for name in names:
            session.add(
                drafts.sealed(killed.survey.process_id, computed, draft_id=name, by=None, now=moment, keys=keys)
            )
    began = time.monotonic()
    assert killed.run("releases", "freeze", killed.survey.slug, "--draft", str(names[0]))[0] == 0
    took = time.monotonic() - began
    for name, part in zip(names[1:], (0.6, 0.9), strict=True):
        process = killed.start("releases", "freeze", killed.survey.slug, "--draft", str(name))
        time.sleep(took * part)
        kill(process)
        assert killed.count(ReleaseDraft) + killed.count(Release) == 3
    assert killed.run("releases", "verify", killed.survey.slug)[0] == 0


@FILES
def test_an_export_that_is_killed_leaves_the_old_file_or_the_new(killed: Killed, tmp_path: Path) -> None:
    number = str(killed.survey.freeze())
    killed.survey.publish(int(number))
    target, whole = tmp_path / "results.csv", tmp_path / "whole.csv"
    target.write_bytes(b"before")
    began = time.monotonic()
    assert killed.run("export", "release", killed.survey.slug, number, "--out", str(whole))[0] == 0
    took = time.monotonic() - began
    for part in (0.3, 0.6, 0.9):
        process = killed.start("export", "release", killed.survey.slug, number, "--out", str(target))
        time.sleep(took * part)
        kill(process)
        assert target.read_bytes() in (b"before", whole.read_bytes())
    assert killed.run("export", "release", killed.survey.slug, number, "--out", str(target))[0] == 0
    assert target.read_bytes() == whole.read_bytes()


@FILES
def test_a_file_job_that_is_killed_shows_no_part_of_its_file(killed: Killed) -> None:
    moment = dt.datetime.now(dt.UTC)
    with killed.database.transaction() as session:
        asked = asking.ask(session, writing.KIND, {}, by=None, process_id=killed.survey.process_id, key="w", now=moment)
    folder = killed.settings.made
    for lines in (1, 20):
        process = killed.begin(writing.run)
        until(process, lambda: any(path.stat().st_size > 7 * lines for path in folder.glob(".*")))  # noqa: B023  # called at once
        kill(process)
        assert made.path_of(folder, killed.job(asked.id), moment) is None
        assert (folder / asked.id.hex).exists() is False
        killed.lease_is_over()
        for part in folder.glob(".*"):
            part.unlink()
    process = killed.begin(writing.run)
    process.join(120)
    path = made.path_of(folder, killed.job(asked.id), moment)
    assert path is not None
    assert path.read_text() == writing.WHOLE


@FILES
def test_records_whose_worker_is_killed_are_made_again_and_what_it_left_is_deleted(killed: Killed) -> None:
    chance, moment, folder = random.Random(7), dt.datetime.now(dt.UTC), killed.settings.made
    steward = Actor(uuid.uuid4(), "Steward")
    with killed.database.transaction() as session:
        activity = session.get_one(Activity, killed.survey.activity_id)
        there = offer(session, activity)
        assert there is not None
        asked = records.ask(session, activity, there.usual(), locale="en", by=steward, now=moment)
    for _ in range(2):
        worker = killed.start("worker")
        until(worker, lambda: killed.job(asked.id).state == "done" or any(folder.glob(".*/")))
        time.sleep(chance.random() * 0.2)
        kill(worker)
        found = killed.job(asked.id)
        assert (found.state == "done") == (made.path_of(folder, found, dt.datetime.now(dt.UTC)) is not None)
        killed.lease_is_over()
    worker = killed.start("worker")
    until(worker, lambda: killed.job(asked.id).state == "done")
    stop(worker)
    path = made.path_of(folder, killed.job(asked.id), dt.datetime.now(dt.UTC))
    assert path is not None
    assert records.report_of(path).records == RESPONSES
    tidy(killed.installation, {}, moment)
    assert not any(folder.glob(".*/"))


@FILES
def test_reports_whose_worker_is_killed_go_on_where_they_were(killed: Killed) -> None:
    killed.survey.publish(killed.survey.freeze(Plan(title=PLAN.title, crossings=("sex",))))
    folder, release = killed.settings.reports, killed.survey.release()
    folder.mkdir()
    for wanted in reports.EVERY[4:]:  # as if a worker had been killed before
        reports.place(folder, release, wanted).write_bytes(b"kept")
    with killed.database.reading() as session:
        (asked,) = asking.asked_for(session, killed.survey.process_id)

    def made_now() -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in folder.glob("[!.]*")}

    before = made_now()
    for files in (1, 3):
        worker = killed.start("worker")
        until(worker, lambda: len(made_now()) >= len(reports.EVERY) - 4 + files)  # noqa: B023  # called at once
        kill(worker)
        assert killed.job(asked.id).state == "running"
        assert before.items() <= made_now().items()
        before = made_now()
        killed.lease_is_over()
    worker = killed.start("worker")
    until(worker, lambda: killed.job(asked.id).state == "done")
    stop(worker)
    assert before.items() <= made_now().items()
    assert len(made_now()) == len(reports.EVERY)
    for wanted in reports.EVERY[:4]:
        path = reports.place(folder, release, wanted)
        assert path.read_bytes().rstrip().endswith(b"%%EOF") if path.suffix == ".pdf" else zipfile.is_zipfile(path)
