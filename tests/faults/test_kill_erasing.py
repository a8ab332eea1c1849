"""kill −9 of the worker while it erases: the next one finishes, and nothing is left."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import time
from pathlib import Path

from consult.config import Keys, Settings
from consult.db import emptying
from consult.db.installation import Installation
from consult.db.session import Database
from tests.factories.retention import DAY, DUE, Worker, left, make_sealed, on_disk, trail

MANY = 1_000


def _erase(data: Path, keys: Keys, url: str) -> None:
    emptying.BATCH = 10  # type: ignore[misc]  # so that there are many moments to be killed in
    database = Database(url)
    Worker(Installation(Settings(data=data), keys, database)).run(DUE)


def test_whoever_is_killed_while_erasing_leaves_a_beginning(
    settings: Settings, keys: Keys, database: Database, now: dt.datetime
) -> None:
    installation = Installation(settings, keys, database)
    make_sealed(installation, now, MANY)
    Worker(installation).days(DUE - 14 * DAY, DUE - DAY)
    context = multiprocessing.get_context("spawn")
    url = database.url.render_as_string(hide_password=False)
    worker = context.Process(target=_erase, args=(settings.data, keys, url))
    worker.start()
    deadline = time.monotonic() + 120
    while left(database)[1] == MANY and time.monotonic() < deadline:
        time.sleep(0.001)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    assert 0 < left(database)[1] < MANY, "it was killed in the middle"
    Worker(installation).run(DUE + DAY)
    assert left(database) == (0, 0, 0, 0)
    assert on_disk(installation) == []
    assert [verb for verb, _ in trail(database)] == ["announce", "begin_erasing", "erase"]
