"""Keeping the chain up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.audit import service
from consult.db.installation import Installation


def chain(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Chain what staff did since the last time."""
    service.chain(installation.database)


TASKS = {"audit.chain": chain}
EVERY = {"audit.chain": dt.timedelta(minutes=1)}
