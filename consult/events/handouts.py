"""Documents for those who take part."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from pathlib import Path, PurePath
from typing import Final

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.documents import EXTENSIONS
from consult.core.errors import Place, Problem, Refused
from consult.core.questionnaire.uploads import Upload
from consult.core.text import LocalisedText, clean
from consult.events import queries
from consult.events.models.planned import Handout
from consult.events.trail import note
from consult.events.wordings import renewing
from consult.files import Folder
from consult.processes.models import Activity
from consult.processes.service import lock

MOST: Final = 30
"""Documents of an event at most."""
_FOLDER: Final = "-handouts"
_TYPES: Final = {extension: kind for kind, extension in EXTENSIONS.items()}
_ODD: Final = re.compile(r"[^\w.() -]+")


def folder(store: Path, activity_id: uuid.UUID) -> Folder:
    """The folder of an event's documents."""
    return Folder(store / f"{activity_id}{_FOLDER}")


def add(
    session: Session,
    activity: Activity,
    upload: Upload,
    *,
    title: LocalisedText,
    filename: str,
    by: Actor | None,
    now: dt.datetime,
) -> Handout:
    """Offer a document whose bytes lie in the folder; its name keeps its stem, how it ends its content says.

    Refuses `events.handout.title` (missing in the event's locale) and `events.handout.most`.
    """
    source = activity.locales[0]
    if not title.get(source):
        raise Refused(Problem("events.handout.title", place=Place(field=f"title-{source}")))
    lock(session, activity)
    if len(queries.handouts(session, activity.id)) >= MOST:
        raise Refused.because("events.handout.most", most=MOST)
    session.add(queries.event(session, activity.id))
    with renewing(session, activity, by, now):
        stem = _ODD.sub("-", PurePath(clean(filename)).stem)[:150].strip(" .-") or "document"
        made = Handout(
            activity_id=activity.id,
            title=title,
            file=upload.file,
            filename=f"{stem}.{upload.extension}",
            size=upload.size,
        )
        session.add(made)
    note(session, activity, "add_handout", {"file": made.filename}, by, now)
    return made


def find(session: Session, activity_id: uuid.UUID, handout_id: uuid.UUID) -> Handout | None:
    """One document of an event."""
    found = session.get(Handout, handout_id)
    return found if found is not None and found.activity_id == activity_id else None


def remove(session: Session, activity: Activity, handout: Handout, *, by: Actor | None, now: dt.datetime) -> None:
    """Offer a document no more; the sweeper takes its bytes."""
    lock(session, activity)
    session.delete(handout)
    note(session, activity, "remove_handout", {"file": handout.filename}, by, now)


def media_type(handout: Handout) -> str:
    """What a document is, as its content said."""
    return _TYPES[handout.filename.rpartition(".")[2]]


def held(session: Session, activity_id: uuid.UUID) -> set[str]:
    """The files of all documents of an event."""
    return {handout.file for handout in queries.handouts(session, activity_id)}
