"""Reports of releases, PDF and DOCX, are made by jobs; those of published ones once in every locale, and kept.

What a release says never changes, so a kept report is found by the release's hash, the locale and the format.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.access import Actor
from consult.core.progress import Progress
from consult.files import GRACE, whole
from consult.jobs.asking import Asked, ask
from consult.processes.models import Process
from consult.results import queries
from consult.results.content import content_of
from consult.results.exports import REPORTS, write
from consult.results.models import Release
from consult.results.presentation import Reader
from consult.results.translations import words_of

ONE: Final = "results.report"
"""The task that makes a report for whoever asked."""
ALL: Final = "results.reports"
"""The task that makes those of a published release."""
KEEP: Final = "results.sweep"
"""The recurring task that sees that those and no others are there."""


class Wanted(NamedTuple):
    """A report, beside the release it is of."""

    extension: str
    locale: str


EVERY: Final = tuple(Wanted(extension, locale) for locale in LOCALES for extension in REPORTS)


def place(folder: Path, release: Release, wanted: Wanted) -> Path:
    """Where the report of a release is kept."""
    return folder / f"{release.hash}.{wanted.locale}.{wanted.extension}"


def kept(folder: Path, release: Release, wanted: Wanted) -> Path | None:
    """The report of a published release; none until it is made."""
    path = place(folder, release, wanted)
    return path if release.shown and path.is_file() else None


def missing(folder: Path, release: Release) -> list[Wanted]:
    """The reports of a release that are to be kept and are not there: of one that is not shown, none."""
    return [wanted for wanted in EVERY if release.shown and kept(folder, release, wanted) is None]


def ask_one(
    session: Session, process: Process, release: Release, wanted: Wanted, *, by: Actor, now: dt.datetime
) -> Asked:
    """Have a report made for somebody; while that job has not ended there is no second one."""
    at = {"number": release.number}
    payload: dict[str, Any] = {"at": at, "extension": wanted.extension, "locale": wanted.locale}
    key = f"{ONE}:{process.id}:{release.number}:{wanted.extension}:{wanted.locale}:{by.id}"
    return ask(session, ONE, payload, by=by.id, process_id=process.id, key=key, now=now)


def ask_all(session: Session, release: Release, *, by: uuid.UUID | None, now: dt.datetime) -> Asked:
    """Have those reports of a published release made that are not there."""
    payload, key = {"at": {"number": release.number}}, f"{ALL}:{release.process_id}:{release.number}"
    return ask(session, ALL, payload, by=by, process_id=release.process_id, key=key, now=now)


def pieces(release: Release, wanted: Wanted, progress: Progress) -> Iterator[bytes]:
    """The report of a release, written now."""
    content, reader = content_of(release.content), Reader(wanted.locale, words_of(wanted.locale))
    return write(wanted.extension, content, release.content, release.hash, reader, progress)


def make_missing(folder: Path, release: Release, progress: Progress) -> None:
    """Make the reports of a published release that are not there yet: work that was cut off goes on where it was."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    todo = missing(folder, release)
    for position, wanted in enumerate(todo):
        told = partial(_at, progress, position, len(todo))
        told(0, 0)
        with whole(place(folder, release, wanted)) as file:
            file.writelines(pieces(release, wanted, told))


def keep(session: Session, folder: Path, now: dt.datetime) -> None:
    """Ask for the reports of published releases that are missing, and delete those of withdrawn ones.

    They were public: nothing is overwritten, and whoever is fetching one gets it whole.
    """
    there = list(folder.glob("*"))
    shown = queries.shown(session)
    for release in shown:
        if missing(folder, release):
            ask_all(session, release, by=None, now=now)
    hashes = {release.hash for release in shown}
    for path in there:
        with suppress(FileNotFoundError):
            if path.name[0] == ".":  # being written, or left by a worker that died
                gone = path.stat().st_mtime < now.timestamp() - GRACE
            else:
                gone = path.name.partition(".")[0] not in hashes
            if gone:
                path.unlink()


def _at(progress: Progress, position: int, of: int, _done: int, _of: int) -> None:
    """The progress of many reports is how many are made; between, it only hears of a cancellation."""
    progress(position, of)
