"""Sounds and pictures: those of the draft come and go, those of an edition stay as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.media import Medium, wanted
from consult.db.insert import insert
from consult.files import Folder
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import queries
from consult.questionnaires.models import DraftMedia, Edition, EditionMedia, Media
from consult.questionnaires.trail import note

WAITING: Final = dt.timedelta(days=1)
"""For so long content that nobody uses is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A medium whose content is a file already."""

    medium: Medium
    digest: str
    file: str


def keep(folder: Folder, media: Iterable[Medium]) -> list[Kept]:
    """Write contents into the folder: before their rows, and outside the transaction that makes those.

    Raises `NoRoom` where the disk refuses.
    """
    return [Kept(medium, medium.digest, folder.put(medium.data)) for medium in media]


def attach(session: Session, activity: Activity, kept: Collection[Kept], *, by: Actor | None, now: dt.datetime) -> None:
    """Let the draft use contents under their names, instead of those that it used under them before.

    Of content that is there already the new file counts, as the old one may be lost; that has no row and is swept away.
    """
    lock(session, activity)
    names = [one.medium.name for one in kept]
    _release(session, activity, names, now)
    for one in kept:
        content = insert(session, Media).values(
            hash=one.digest,
            file=one.file,
            media_type=one.medium.media_type,
            size=len(one.medium.data),
            width=one.medium.width,
            height=one.medium.height,
            came_at=now,
        )
        session.execute(content.on_conflict_do_update(index_elements=["hash"], set_={"came_at": now, "file": one.file}))
        use = insert(session, DraftMedia).values(activity_id=activity.id, name=one.medium.name, hash=one.digest)
        session.execute(use.on_conflict_do_update(index_elements=["activity_id", "name"], set_={"hash": one.digest}))
    if names:
        note(session, activity, "attach_media", {"files": names}, by, now)


def remove(session: Session, activity: Activity, name: str, *, by: Actor | None, now: dt.datetime) -> bool:
    """Let the draft use nothing under a name; whether it did. Editions keep what they have."""
    lock(session, activity)
    _release(session, activity, [name], now)
    gone = delete(DraftMedia).where(DraftMedia.activity_id == activity.id, DraftMedia.name == name)
    if not session.execute(gone.returning(DraftMedia.name)).all():
        return False
    note(session, activity, "remove_media", {"files": [name]}, by, now)
    return True


def _release(session: Session, activity: Activity, names: Collection[str], now: dt.datetime) -> None:
    """Begin the time for which contents are kept that the draft does not use any more."""
    used = select(DraftMedia.hash).where(DraftMedia.activity_id == activity.id, DraftMedia.name.in_(names))
    session.execute(update(Media).where(Media.hash.in_(used)).values(came_at=now))


def manifest(session: Session, activity: Activity, questionnaire: Questionnaire) -> dict[str, str]:
    """What the draft would take into an edition: hashes of contents by the names that the questionnaire uses."""
    there = queries.media(session, activity.id)
    wants = wanted(questionnaire)
    return {
        name: medium.hash
        for name, medium in there.items()
        if name in wants and wants[name].kind.takes(medium.media_type)
    }


def manifest_of(session: Session, edition: Edition) -> dict[str, str]:
    """What an edition has: hashes of contents by names."""
    return {name: medium.hash for name, medium in queries.media(session, edition.activity_id, edition.number).items()}


def freeze(session: Session, edition: Edition, contents: Mapping[str, str]) -> None:
    """Make contents part of an edition."""
    session.add_all(
        EditionMedia(activity_id=edition.activity_id, edition=edition.number, name=name, hash=digest)
        for name, digest in contents.items()
    )
    session.flush()


def take_over(session: Session, activity: Activity, edition: Edition) -> None:
    """Let the draft of an activity use what an edition of an earlier round has."""
    session.add_all(
        DraftMedia(activity_id=activity.id, name=name, hash=digest)
        for name, digest in manifest_of(session, edition).items()
    )
    session.flush()


def forget(session: Session, now: dt.datetime) -> set[str]:
    """Delete contents that neither a draft nor an edition has used for a day; the names of the files that stay."""
    used = [exists().where(model.hash == Media.hash) for model in (DraftMedia, EditionMedia)]
    session.execute(delete(Media).where(Media.came_at < now - WAITING, ~used[0], ~used[1]))
    return set(session.scalars(select(Media.file)))
