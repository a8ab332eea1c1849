"""Recurring work: bring the column store up to date, count once a day, delete files of records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.results import upkeep
from consult.results.microdata import shelf


def refresh(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Bring every activity's segments up to date."""
    upkeep.refresh(installation)


def count(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Count every activity's responses that have not been counted today."""
    upkeep.count(installation, now)


def sweep(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the files of records that have waited for a day."""
    shelf.sweep(installation.settings, now)


TASKS = {"results.refresh": refresh, "results.count": count, "results.sweep": sweep}
EVERY = {
    "results.refresh": dt.timedelta(minutes=5),
    "results.count": dt.timedelta(hours=1),
    "results.sweep": dt.timedelta(hours=1),
}
