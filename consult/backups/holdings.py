"""Which files belong to an installation: those that its database names. All others are orphans.

Files are named by their path in the data folder, those of the column store as if it lay there. They are written once,
whole, before their row: what a row names is complete, and what is gone had its row taken away before.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Settings, Store
from consult.consultations import queries as consultations
from consult.consultations import submissions
from consult.events import handouts
from consult.events import queries as events
from consult.files import Folder
from consult.privacy import queries as privacy
from consult.processes.models import Activity
from consult.questionnaires.models import Media, Trial
from consult.responses import queries, uploads
from consult.responses.erasing import FILES
from consult.results import segments, stores
from consult.results.models import Segment

COLUMNS: Final = "columns"
FOLDERS: Final = (COLUMNS, "media", "uploads")


def place(settings: Settings, name: str) -> Store:
    """Where a file lies: in the data folder, but for the column store, which can lie elsewhere."""
    folder, _, rest = name.partition("/")
    return stores.within(settings.column_store, rest) if folder == COLUMNS else settings.data / name


def named(session: Session, settings: Settings) -> set[str]:
    """The files that the database names."""
    return set(_named(session, settings))


def files_of(settings: Settings, activity_id: uuid.UUID, segment_id: uuid.UUID) -> list[str]:
    """The files of a segment, as its hash goes over them: codes, texts, and the entries of each repeat that it holds.

    Which repeats these are, only the file of codes says: where it is gone or spoilt, the entries that lie there count.
    """
    store = settings.column_store
    try:
        repeats = segments.repeats_in(segments.names(store, activity_id, segment_id))
        entries = [segments.name_of(segment_id, entries=repeat) for repeat in repeats]
    except (OSError, ValueError):  # as pyarrow says that there is no file, or none of Parquet's
        lie = sorted(stores.names(stores.within(store, str(activity_id))))
        entries = [name for name in lie if name.startswith(f"{segment_id}{segments.ENTRIES}")]
    return [segments.name_of(segment_id), segments.name_of(segment_id, texts=True), *entries]


def _named(session: Session, settings: Settings) -> Iterator[str]:
    for activity_id, segment_id in session.execute(select(Segment.activity_id, Segment.id)):
        for name in files_of(settings, activity_id, segment_id):
            yield f"{COLUMNS}/{activity_id}/{name}"
    for name in session.scalars(select(Media.file)):
        yield str((settings.media / name).relative_to(settings.data))
    for activity_id in session.scalars(select(Activity.id)).all():
        if privacy.erased_on(session, activity_id, FILES):
            continue  # answers go on saying that there was one
        folder = uploads.folder(settings.uploads, activity_id)
        for name in queries.all_held(session, activity_id):
            yield str((folder.path / name).relative_to(settings.data))
    for activity_id in consultations.consultations(session):
        folder = submissions.folder(settings.uploads, activity_id)
        for name in submissions.held(session, activity_id):
            yield str((folder.path / name).relative_to(settings.data))
    for activity_id in events.events(session):
        folder = handouts.folder(settings.uploads, activity_id)
        for name in handouts.held(session, activity_id):
            yield str((folder.path / name).relative_to(settings.data))
    for activity_id in session.scalars(select(Trial.activity_id)).all():
        folder = uploads.trial_folder(settings.uploads, activity_id)
        for name in queries.tried(session, activity_id):
            yield str((folder.path / name).relative_to(settings.data))


def present(settings: Settings) -> Iterator[tuple[str, float]]:
    """The files that lie there, whether or not something names them; with each when it came, in seconds since 1970."""
    for found in stores.walk(settings.column_store):
        if found.name.endswith(segments.PARQUET):
            where = place(settings, f"{COLUMNS}/{found.name}")
            # A segment in a folder has a time that tells nothing.
            yield f"{COLUMNS}/{found.name}", where.stat().st_ctime if isinstance(where, Path) else found.changed
    folders = [settings.media, *(settings.uploads.iterdir() if settings.uploads.is_dir() else ())]
    for path in folders:
        for name in Folder(path).names():
            yield str((path / name).relative_to(settings.data)), (path / name).stat().st_ctime
