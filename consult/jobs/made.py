"""Files that jobs make for whoever asked: one per job, in a folder of mode 0700, deleted a day after.

The file is written under a passing name and gets its own in the transaction that ends the job: a job that is done has
its file, and a file without such a job is an orphan, which `tidy` removes.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.files import Folder
from consult.jobs.long import LongTask, Order, Settle
from consult.jobs.models import Job

KEPT: Final = dt.timedelta(days=1)


class Made(NamedTuple):
    """What a file is called when it is downloaded, and what it is."""

    name: str
    media_type: str


FileTask = Callable[[Installation, Order, Path, Progress], Made]
"""Writes a file at a path. Nothing is kept of it where it raises."""


def to_file(task: FileTask) -> LongTask:
    """The long task whose result is the file that `task` writes."""

    def run(installation: Installation, order: Order, progress: Progress) -> Settle:
        folder = installation.settings.made
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{order.id.hex}.{os.urandom(4).hex()}"
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            made = task(installation, order, draft, progress)
            _settled(draft)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

        def settle(_session: Session) -> Mapping[str, object]:
            draft.replace(folder / order.id.hex)
            return {"name": made.name, "media_type": made.media_type}

        return settle

    return run


def path_of(made: Path, job: Job, now: dt.datetime) -> Path | None:
    """Where the file of a job lies; none where it has none, or no longer."""
    there = job.state == "done" and job.ended_at is not None and job.ended_at > now - KEPT
    path = made / job.id.hex
    return path if there and path.is_file() else None


def tidy(session: Session, made: Path, now: dt.datetime) -> None:
    """Delete the files whose day is over, and those that belong to no job that is done."""
    done = select(Job.id).where(Job.state == "done", Job.asked_at.is_not(None))
    over, kept = (
        [job_id.hex for job_id in session.scalars(done.where(which))]
        for which in (Job.ended_at <= now - KEPT, Job.ended_at > now - KEPT)
    )
    folder = Folder(made)
    folder.remove(over)
    folder.sweep(kept, now=now)


def _settled(path: Path) -> None:
    """Have the disk hold a file before the database says that it is there."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
