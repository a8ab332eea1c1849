"""Written submissions of organisations and others, with files."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.comments import Author
from consult.consultations.models.contributed import Permission, Stakeholder, State, Submission
from consult.consultations.paging import Page, paged
from consult.core.errors import Place, Problem
from consult.core.questionnaire.uploads import Upload
from consult.db.insert import insert
from consult.files import Folder

LONGEST: Final = 50_000
"""Letters of a submission."""
FILES: Final = 5
"""Files that come with it at most."""
TITLE: Final = 200
SIZE: Final = 20
"""Submissions on a page of the list."""
_FOLDER: Final = "-submissions"


@dataclass(frozen=True, slots=True)
class Sent:
    """What an organisation, or somebody, sends; the fields are those of `models.contributed.Submission`."""

    stakeholder: str
    name: str
    permission: str
    title: str
    body: str


def folder(store: Path, activity_id: uuid.UUID) -> Folder:
    """The folder of the files of submissions: not that of answers, in which nothing else stays."""
    return Folder(store / f"{activity_id}{_FOLDER}")


def problems(sent: Sent, *, files: int) -> Iterator[Problem]:
    """What keeps it from being stored; `files` come with it."""
    if sent.stakeholder not in set(Stakeholder):
        yield Problem("consultations.submission.stakeholder", place=Place(field="stakeholder"))
    if sent.permission not in set(Permission):
        yield Problem("consultations.submission.permission", place=Place(field="permission"))
    if sent.permission == Permission.NAMED and not sent.name:
        yield Problem("consultations.submission.name", place=Place(field="name"))
    if not sent.title:
        yield Problem("consultations.submission.title", place=Place(field="title"))
    if not sent.body and not files:
        yield Problem("consultations.submission.empty", place=Place(field="body"))
    for name, limit in (("name", TITLE), ("title", TITLE), ("body", LONGEST)):
        if len(getattr(sent, name)) > limit:
            yield Problem("consultations.comment.long", {"limit": limit}, Place(field=name))
    if files > FILES:
        yield Problem("consultations.submission.files", {"most": FILES}, Place(field="files"))


def send(
    session: Session, author: Author, sent: Sent, files: Sequence[Upload], *, key: uuid.UUID, before: bool
) -> bool:
    """Store a submission, once for a key (`once.id_of`); False where it is there already, of the same person and not
    withdrawn. A name is kept only where it may be published; of files, what their sender called them is not."""
    named = sent.permission == Permission.NAMED
    row = {**asdict(sent), "name": sent.name if named else ""}
    row |= {
        "activity_id": author.activity_id,
        "code": author.code,
        "files": [_described(upload, number) for number, upload in enumerate(files, start=1)],
        "redacted": [],
        "locale": author.locale,
        "day": author.today,
        "channel": author.channel,
        "state": author.state(before=before),
    }
    stored = insert(session, Submission).on_conflict_do_nothing().returning(Submission.id)
    if session.scalar(stored.values(id=key, **row)) is not None:
        return True
    if mine(session, author.activity_id, key, author.code) is not None:
        return False
    # Somebody else's, or what was withdrawn, lies under it.
    return session.scalar(stored.values(id=uuid.uuid4(), **row)) is not None


def _described(upload: Upload, number: int) -> dict[str, Any]:
    return {"file": upload.file, "name": f"{number}.{upload.extension}", "type": upload.type, "size": upload.size}


def published(
    session: Session, activity_id: uuid.UUID, *, after: uuid.UUID | None, before: uuid.UUID | None
) -> Page[Submission]:
    """A page of the submissions that may be published, and are."""
    wanted = select(Submission).where(Submission.activity_id == activity_id, *PUBLIC)
    return paged(session, wanted, Submission.id, size=SIZE, after=after, before=before)


def public(session: Session, activity_id: uuid.UUID, submission_id: uuid.UUID) -> Submission | None:
    """One of them."""
    mine = (Submission.activity_id == activity_id, Submission.id == submission_id)
    return session.scalar(select(Submission).where(*mine, *PUBLIC))


def published_files(found: Submission) -> Sequence[dict[str, Any]]:
    """The files of one of them that are published: what stands in a file tells who wrote it, and what is blackened in
    the text may stand in it too."""
    return found.files if found.permission == Permission.NAMED and not found.redacted else []


def file_of(files: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """That of some files which has a name."""
    return next((file for file in files if file["name"] == name), None)


def own(session: Session, activity_id: uuid.UUID, code: bytes) -> Sequence[Submission]:
    """What somebody sent."""
    wanted = select(Submission).where(Submission.activity_id == activity_id, Submission.code == code)
    return session.scalars(wanted.order_by(Submission.id)).all()


def mine(session: Session, activity_id: uuid.UUID, submission_id: uuid.UUID, code: bytes) -> Submission | None:
    """One of one's own, in whatever state."""
    mine = (Submission.activity_id == activity_id, Submission.id == submission_id, Submission.code == code)
    return session.scalar(select(Submission).where(*mine))


def held(session: Session, activity_id: uuid.UUID) -> set[str]:
    """The files of all submissions."""
    return {
        file["file"]
        for files in session.scalars(select(Submission.files).where(Submission.activity_id == activity_id))
        for file in files
    }


PUBLIC = (Submission.state == State.SHOWN, Submission.permission.in_((Permission.NAMED, Permission.ANONYMOUS)))
"""What everybody may read, as conditions."""
