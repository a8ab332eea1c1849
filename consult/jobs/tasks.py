"""Recurring work: delete the files whose day is over, and forget what became of jobs of long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.jobs import asking, made


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete files and jobs that nobody is told of any more."""
    with installation.database.reading() as session:
        made.tidy(session, installation.settings.made, now)
    with installation.database.transaction() as session:
        asking.forget(session, now)


TASKS = {"jobs.tidy": tidy}
EVERY = {"jobs.tidy": dt.timedelta(minutes=10)}
