"""Recurring work: bring the column store up to date and keep its files few, count once a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.results import upkeep


def refresh(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Bring every activity's segments up to date."""
    upkeep.refresh(installation)


def compact(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Merge small segments of every activity."""
    upkeep.compact(installation)


def count(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Count every activity's responses that have not been counted today."""
    upkeep.count(installation, now)


TASKS = {"results.refresh": refresh, "results.compact": compact, "results.count": count}
EVERY = {
    "results.refresh": dt.timedelta(minutes=5),
    "results.compact": dt.timedelta(minutes=15),
    "results.count": dt.timedelta(hours=1),
}
