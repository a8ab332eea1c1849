"""A process that is killed (SIGKILL) just before its nth step: each file opened, each statement, each commit is one."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event

from consult.db.session import Database
from consult.results import columns

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["consult.results.columns", "pyarrow.parquet", "pyarrow.compute", "psycopg"])
_FILES = ("open", "os.utime", "os.remove", "os.mkdir", "os.rename")

Work = Callable[[Database, uuid.UUID, Path, int], object]


def refresh(database: Database, activity_id: uuid.UUID, store: Path, most: int) -> None:
    """Bring the column store up to date."""
    columns.refresh(database, activity_id, store=store, least=10, rng=random.SystemRandom(), most=most)


def compact(database: Database, activity_id: uuid.UUID, store: Path, most: int) -> None:
    """Merge small segments."""
    columns.compact(database, activity_id, store=store, rng=random.SystemRandom(), most=most)


def killed(step: int, work: Work, url: str, activity_id: uuid.UUID, store: Path, most: int) -> bool:
    """Whether the work was killed before that step; otherwise it went through."""
    child = _forks.Process(target=_until, args=(step, work, url, activity_id, store, most))
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
    return child.exitcode != 0


def _until(step: int, work: Work, url: str, activity_id: uuid.UUID, store: Path, most: int) -> None:
    left = step

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(name: str, arguments: tuple[object, ...]) -> None:
        if name in _FILES and str(arguments[0]).startswith(str(store)):
            count()

    database = Database(url)
    for name in ("before_cursor_execute", "commit"):
        event.listen(database.engine, name, count)
    sys.addaudithook(watch)
    work(database, activity_id, store, most)
    database.close()
