"""Recurring work: delete sounds and pictures that nobody uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.files import Folder
from consult.questionnaires import media


def sweep(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete contents that nobody uses, and files that are no content."""
    with installation.database.transaction() as session:
        known = media.forget(session, now)
    Folder(installation.settings.media).sweep(known, now=now)


TASKS = {"questionnaires.sweep": sweep}
EVERY = {"questionnaires.sweep": dt.timedelta(days=1)}
