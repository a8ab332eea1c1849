"""Drafts and editions of an activity whose reachability the caller has established."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import UPLOADS
from consult.questionnaires.models import Edition, Revision


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
