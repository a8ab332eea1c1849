"""A process that is killed (SIGKILL) just before its nth step: each file opened, each statement, each commit is one,
and each request to an S3-compatible store but those that only read.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from consult.config import Store
from consult.db.session import Database
from consult.results import columns
from tests.faults.forks import FORKS

if TYPE_CHECKING:
    from tests.results.objects import Objects  # which the process to kill does not need

_FILES = ("open", "os.utime", "os.remove", "os.mkdir", "os.rename")

Work = Callable[[Database, uuid.UUID, Store, int], object]


def refresh(database: Database, activity_id: uuid.UUID, store: Store, most: int) -> None:
    """Bring the column store up to date."""
    columns.refresh(database, activity_id, store=store, least=10, rng=random.SystemRandom(), most=most)


def compact(database: Database, activity_id: uuid.UUID, store: Store, most: int) -> None:
    """Merge small segments."""
    columns.compact(database, activity_id, store=store, rng=random.SystemRandom(), most=most)


def killed(step: int, work: Work, url: str, activity_id: uuid.UUID, store: Store, most: int, s3: Objects) -> bool:
    """Whether the work was killed before that step; otherwise it went through."""
    left = FORKS.Value("i", step)
    child = FORKS.Process(target=_until, args=(dict(os.environ), left, work, url, activity_id, store, most))

    def go_on() -> bool:
        if last := _last(left):
            assert child.pid
            os.kill(child.pid, signal.SIGKILL)
        return not last

    s3.before_writing = go_on
    child.start()
    child.join(60)
    s3.before_writing = lambda: True
    assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
    return child.exitcode != 0


def _last(left: Any) -> bool:
    """Count a step; whether it is the one before which to kill."""
    with left.get_lock():
        left.value -= 1
        return bool(left.value == 0)


def _until(
    environ: Mapping[str, str], left: Any, work: Work, url: str, activity_id: uuid.UUID, store: Store, most: int
) -> None:
    os.environ.update(environ)  # whoever forks may have begun before there were keys to the store

    def count(*_: object) -> None:
        if _last(left):
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
