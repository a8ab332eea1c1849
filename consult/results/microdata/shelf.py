"""Where files of records wait to be fetched: a closed folder, a random name, a day."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from consult.config import Settings
from consult.results.microdata.report import Report

KEPT: Final = dt.timedelta(days=1)


class Waiting(NamedTuple):
    """A file that waits."""

    name: str
    path: Path
    report: Report
    until: dt.datetime


def folder(settings: Settings) -> Path:
    """Where they lie."""
    return settings.data / "microdata"


def place(settings: Settings, activity_id: uuid.UUID) -> Path:
    """A place for a new file of an activity, under a name that nobody guesses."""
    return folder(settings) / f"{activity_id}.{secrets.token_hex(16)}.zip"


def enter(path: Path, report: Report) -> str:
    """Have a file that is whole wait, with its report; its name."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(report))
    draft.chmod(0o600)
    draft.replace(path.with_suffix(".json"))
    return path.stem.partition(".")[2]


def waiting(settings: Settings, activity_id: uuid.UUID) -> Iterator[Waiting]:
    """The files of an activity, the newest first."""
    found = [
        one
        for path in folder(settings).glob(f"{activity_id}.*.json")
        if (one := get(settings, activity_id, path.stem.partition(".")[2]))
    ]
    yield from sorted(found, key=lambda one: one.until, reverse=True)


def get(settings: Settings, activity_id: uuid.UUID, name: str) -> Waiting | None:
    """A file of an activity; none where there is none of that name, or not any more."""
    if len(name) != 32 or not all(letter in "0123456789abcdef" for letter in name):
        return None
    path = folder(settings) / f"{activity_id}.{name}.zip"
    try:
        made = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        report = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Report)
    except FileNotFoundError:
        return None
    return Waiting(name, path, report, made + KEPT)


def remove(one: Waiting) -> None:
    """Delete a file before its time."""
    one.path.with_suffix(".json").unlink(missing_ok=True)
    one.path.unlink(missing_ok=True)


def sweep(settings: Settings, now: dt.datetime) -> int:
    """Delete what has waited for a day, and what was left of work that died; how many files and folders."""
    late, gone = (now - KEPT).timestamp(), 0
    for path in folder(settings).glob("*") if folder(settings).is_dir() else ():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < late:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                gone += 1
    return gone
