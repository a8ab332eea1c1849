"""Recurring work: forget the challenges that have expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.participation import measures


def forget(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the challenges that were spent and have expired."""
    with installation.database.transaction() as session:
        measures.forget_spent(session, now)


TASKS = {"participation.forget": forget}
EVERY = {"participation.forget": dt.timedelta(hours=1)}
