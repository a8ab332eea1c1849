"""Backups: whether there are any, how old they are, where they lie, and whether the keys still fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from consult.backups import archive, shelf
from consult.config import Keys, Settings
from consult.core.errors import Problem, Refused

FRESH: Final = dt.timedelta(hours=26)
"""A day, and two hours for making it."""
_PATIENCE: Final = dt.timedelta(days=2)
"""For so long an expired backup may wait to be deleted by the next one."""


def found(settings: Settings, keys: Keys | None, now: dt.datetime, *, deep: bool) -> Iterator[Problem]:
    """What is wrong with the backups; `deep` reads the newest to its end."""
    there = shelf.backups(settings.backups)
    if not there:
        yield Problem("doctor.fault.no_backup", {"folder": str(settings.backups)})
        return
    newest = there[0]
    if newest.made_at < now - FRESH:
        yield Problem("doctor.fault.backup_old", {"day": newest.made_at.date().isoformat()})
    if settings.backups.stat().st_dev == settings.data.stat().st_dev:
        yield Problem("doctor.fault.backup_near", {"folder": str(settings.backups)})
    age = dt.timedelta(days=settings.backup_days) + _PATIENCE
    if late := [backup for backup in there[1:] if backup.made_at < now - age]:
        yield Problem("doctor.leak.backups_expired", {"count": len(late), "days": settings.backup_days})
    if keys is None:
        return
    try:
        head = archive.verify(newest.path, keys).head if deep else archive.head_of(newest.path, keys)
    except Refused as refused:
        yield from refused.problems
        return
    known = archive.keys_of(keys)
    for name, digest in head.keys.items():
        if known.get(name) != digest:
            yield Problem("doctor.fault.key_lost", {"key": name})
