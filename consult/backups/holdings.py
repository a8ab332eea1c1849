"""Which files belong to an installation: those that its database names. All others are orphans.

Files are named by their path in the data folder. They are written once, whole, before their row: what a row names is
complete, and what is gone had its row taken away before.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Settings
from consult.files import Folder
from consult.processes.models import Activity
from consult.questionnaires.models import Media
from consult.responses import queries, uploads
from consult.results import segments
from consult.results.models import Segment

FOLDERS: Final = ("columns", "media", "uploads")


def named(session: Session, settings: Settings) -> set[str]:
    """The files that the database names."""
    return {str(path.relative_to(settings.data)) for path in _named(session, settings)}


def _named(session: Session, settings: Settings) -> Iterator[Path]:
    for activity_id, segment_id in session.execute(select(Segment.activity_id, Segment.id)):
        for apart in (False, True):
            yield segments.path_of(settings.column_store, activity_id, segment_id, texts=apart)
    for name in session.scalars(select(Media.file)):
        yield settings.media / name
    for activity_id in session.scalars(select(Activity.id)).all():
        folder = uploads.folder(settings.uploads, activity_id)
        for name in queries.all_held(session, activity_id):
            yield folder.path / name


def present(settings: Settings) -> Iterator[Path]:
    """The files that lie there, whether or not something names them."""
    yield from settings.column_store.glob("*/*.parquet")
    folders = [settings.media, *(settings.uploads.iterdir() if settings.uploads.is_dir() else ())]
    for path in folders:
        yield from (path / name for name in Folder(path).names())
