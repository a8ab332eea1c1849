"""Drafts and editions of an activity, and their sounds and pictures, whose reachability the caller has established."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import Session, defer

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import UPLOADS
from consult.questionnaires.models import ADDRESS, DraftMedia, Edition, EditionMedia, Media, Revision


def edition(session: Session, activity_id: uuid.UUID, number: int) -> Edition | None:
    """One edition by its number."""
    return session.get(Edition, (activity_id, number))


def latest_edition(session: Session, activity_id: uuid.UUID) -> Edition | None:
    """The edition that new participants answer; none before the first publication."""
    wanted = select(Edition).where(Edition.activity_id == activity_id)
    return session.scalar(wanted.order_by(Edition.number.desc()).limit(1))


def draft(session: Session, activity_id: uuid.UUID) -> Revision | None:
    """The newest state of the document being written."""
    wanted = select(Revision).where(Revision.activity_id == activity_id)
    return session.scalar(wanted.order_by(Revision.number.desc()).limit(1))


def document_of(session: Session, activity_id: uuid.UUID, number: int | None = None) -> bytes | None:
    """The document of an edition; without a number that of the draft."""
    found = draft(session, activity_id) if number is None else edition(session, activity_id, number)
    return None if found is None else found.document


def editions(session: Session, activity_id: uuid.UUID) -> Sequence[Edition]:
    """The editions of an activity, the newest first, without their documents."""
    wanted = select(Edition).where(Edition.activity_id == activity_id).order_by(Edition.number.desc())
    return session.scalars(wanted.options(defer(Edition.document, raiseload=True))).all()


def documents(session: Session, activity_id: uuid.UUID) -> Sequence[Edition]:
    """The editions of an activity with their documents, the oldest first."""
    wanted = select(Edition).where(Edition.activity_id == activity_id).order_by(Edition.number)
    return session.scalars(wanted).all()


def asks_for_files(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether any edition has a question that asks for a file."""
    read = (document.decode(edition.document) for edition in documents(session, activity_id))
    return any(question.type in UPLOADS for questionnaire in read for question in questionnaire.questions())


def revisions(session: Session, activity_id: uuid.UUID) -> Sequence[Revision]:
    """The states that the draft went through, the newest first, without their documents."""
    wanted = select(Revision).where(Revision.activity_id == activity_id).order_by(Revision.number.desc())
    return session.scalars(wanted.options(defer(Revision.document, raiseload=True))).all()


def media(session: Session, activity_id: uuid.UUID, number: int | None = None) -> dict[str, Media]:
    """The sounds and pictures of an edition by their names; without a number those of the draft."""
    if number is None:
        wanted = select(DraftMedia.name, Media).join(Media, Media.hash == DraftMedia.hash)
        wanted = wanted.where(DraftMedia.activity_id == activity_id).order_by(DraftMedia.name)
    else:
        wanted = select(EditionMedia.name, Media).join(Media, Media.hash == EditionMedia.hash)
        wanted = wanted.where(EditionMedia.activity_id == activity_id, EditionMedia.edition == number)
        wanted = wanted.order_by(EditionMedia.name)
    return dict(session.execute(wanted).all())


def with_media(session: Session, activity_id: uuid.UUID) -> set[int]:
    """The numbers of the editions that have sounds or pictures."""
    return set(session.scalars(select(EditionMedia.edition).where(EditionMedia.activity_id == activity_id).distinct()))


def published_medium(session: Session, activity_id: uuid.UUID, address: str) -> Media | None:
    """A sound or picture that an edition of the activity has. `address`: see `models.Media.address`."""
    used = exists().where(EditionMedia.activity_id == activity_id, EditionMedia.hash == Media.hash)
    return session.scalar(select(Media).where(_at(address), used))


def medium(session: Session, activity_id: uuid.UUID, address: str) -> Media | None:
    """A sound or picture that the activity's draft or an edition has."""
    drafted = exists().where(DraftMedia.activity_id == activity_id, DraftMedia.hash == Media.hash)
    used = exists().where(EditionMedia.activity_id == activity_id, EditionMedia.hash == Media.hash)
    return session.scalar(select(Media).where(_at(address), or_(drafted, used)))


def _at(address: str) -> ColumnElement[bool]:
    return Media.hash.startswith(address) if re.fullmatch(f"[0-9a-f]{{{ADDRESS}}}", address) else false()
