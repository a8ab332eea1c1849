"""Files that jobs make for whoever asked: one per job, in a folder of mode 0700, deleted a day after.

The file is written under a passing name and gets its own in the transaction that ends the job: a job that is done has
its file, and a file without such a job is an orphan, which `tidy` removes.
"""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import uuid
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.files import Folder, drafted
from consult.jobs import asking
from consult.jobs.long import LongTask, Order, Settle
from consult.jobs.models import Job

KEPT: Final = dt.timedelta(days=1)
SLOW: Final = dt.timedelta(hours=1)
"""How long a download that began in time may take before the bytes are overwritten under it."""


class Made(NamedTuple):
    """What a file is called when it is downloaded, and what it is."""

    name: str
    media_type: str


FileTask = Callable[[Installation, Order, Path, Progress], Made]
"""Writes a file at a path; what else it needs on the disk lies in folders beside it, whose names begin with the file's.
Nothing is kept of it where it raises."""


def to_file(task: FileTask) -> LongTask:
    """The long task whose result is the file that `task` writes."""

    def run(installation: Installation, order: Order, progress: Progress) -> Settle:
        folder = installation.settings.made
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with drafted(folder / f".{order.id.hex}.{secrets.token_hex(4)}") as draft:
            made = task(installation, order, draft, progress)

        def settle(_session: Session) -> Mapping[str, object]:
            draft.replace(folder / order.id.hex)
            return {"name": made.name, "media_type": made.media_type}

        return settle

    return run


def is_file(job: Job) -> bool:
    """Whether what came of a job is a file."""
    return job.state == "done" and "media_type" in (job.result or {})


def path_of(made: Path, job: Job, now: dt.datetime) -> Path | None:
    """Where the file of a job lies; none where it has none, or no longer."""
    there = is_file(job) and job.ended_at is not None and job.ended_at > now - KEPT
    path = made / job.id.hex
    return path if there and path.is_file() else None


def remove(made: Path, job: Job) -> None:
    """Delete the file of a job before its time."""
    Folder(made).remove([job.id.hex])


def withdraw(
    session: Session, made: Path, process_id: uuid.UUID, kinds: Container[str], about: str, now: dt.datetime
) -> None:
    """Have the jobs of some kinds leave nothing: those that run are cancelled, files deleted before their time.

    `about`: the id that their payloads have to name.
    """
    for job in asking.asked_for(session, process_id):
        if job.kind in kinds and about in job.payload.values():
            asking.cancel(session, job.id, now)
            remove(made, job)


def tidy(session: Session, made: Path, now: dt.datetime) -> None:
    """Delete the files whose day is over, those that belong to no job that is done, and what workers that died left."""
    beside = list(made.glob(".*/"))  # before the jobs: one that begins now keeps what it makes
    asked, late = select(Job.id).where(Job.asked_at.is_not(None)), now - KEPT - SLOW
    running, over, kept = (
        [job_id.hex for job_id in session.scalars(asked.where(*which))]
        for which in (
            [Job.state == "running"],
            [Job.state == "done", Job.ended_at <= late],
            [Job.state == "done", Job.ended_at > late],
        )
    )
    folder = Folder(made)
    folder.remove(over)
    folder.sweep(kept, now=now)
    for left in beside:
        if not any(name in left.name for name in running):
            shutil.rmtree(left, ignore_errors=True)
