"""Taking back what one contributed: one piece, or everything under one's code.

Of a comment, a statement and a submission the place stays, without a word, a code or a file; of an appeal, that there
was one. What others told the focal point about it stays with the focal point. The erasure ledger has a line before
that is committed: with the HMAC of the code, or the random id of the one piece.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from consult.consultations import alike, appealing, comments
from consult.consultations.models.contributed import (
    Comment,
    Endorsement,
    Participant,
    State,
    Submission,
)
from consult.consultations.models.opinions import Statement, Vote
from consult.core.text import LocalisedText
from consult.participation.service import is_open
from consult.privacy.ledger import Ledger

Taken = list[str]
"""The files that nothing names any more: to be deleted once it is committed."""
_BYTES: Final = 16
"""Of an id; an HMAC has more."""


def everything(
    session: Session, activity_id: uuid.UUID, code: bytes, *, ledger: Ledger, today: dt.date, now: dt.datetime
) -> Taken | None:
    """Take back everything under a code; none where the consultation is not open. Raises `NoRoom` where the ledger
    cannot be written."""
    if not is_open(session, activity_id, now):
        return None
    _, taken = again(session, activity_id, [code])
    ledger.withdrawn(activity_id, code, day=today)
    return taken


def piece(
    session: Session,
    activity_id: uuid.UUID,
    code: bytes,
    piece_id: uuid.UUID,
    *,
    ledger: Ledger,
    today: dt.date,
    now: dt.datetime,
) -> Taken | None:
    """Take back one contribution of one's own, likewise."""
    if not is_open(session, activity_id, now):
        return None
    count, taken = _take(session, activity_id, piece_id, code)
    if count:
        ledger.withdrawn(activity_id, piece_id.bytes, day=today)
    return taken


def again(session: Session, activity_id: uuid.UUID, digests: Sequence[bytes]) -> tuple[int, Taken]:
    """Take back what lines of the ledger name, codes and pieces; how much that was, and its files."""
    codes = [digest for digest in digests if len(digest) != _BYTES]
    pieces = [uuid.UUID(bytes=digest) for digest in digests if len(digest) == _BYTES]
    count = sum(comments.take_back(session, activity_id, code) for code in codes)
    taken: Taken = []
    for model in (Comment, Submission, Statement):
        mine = model.activity_id == activity_id, or_(model.code.in_(codes), model.id.in_(pieces))
        for piece_id in session.scalars(select(model.id).where(*mine, model.state != State.WITHDRAWN)).all():
            more, files = _take(session, activity_id, piece_id)
            count, taken = count + more, taken + files
    for tied in (Vote, Participant):
        theirs = delete(tied).where(tied.activity_id == activity_id, tied.code.in_(codes))
        count += len(session.execute(theirs.returning(tied.code)).all())
    return count, taken


_Piece = Comment | Submission | Statement


def _found(session: Session, activity_id: uuid.UUID, piece_id: uuid.UUID, code: bytes | None) -> _Piece | None:
    for model in (Comment, Submission, Statement):
        mine: list[ColumnElement[bool]] = [model.activity_id == activity_id, model.id == piece_id]
        if code is not None:
            mine.append(model.code == code)
        wanted = select(model).where(*mine, model.state != State.WITHDRAWN).with_for_update()
        if (found := session.scalar(wanted)) is not None:
            assert isinstance(found, Comment | Submission | Statement), "it was selected as one of them"
            return found
    return None


def _take(
    session: Session, activity_id: uuid.UUID, piece_id: uuid.UUID, code: bytes | None = None
) -> tuple[int, Taken]:
    """Blank a piece; only where it is of this code, if there is one."""
    found = _found(session, activity_id, piece_id, code)
    if found is None:
        return 0, []
    taken: Taken = []
    if isinstance(found, Comment):
        _blank(session, found)
    elif isinstance(found, Submission):
        taken = [file["file"] for file in found.files]
        found.name = found.title = found.body = found.stakeholder = ""
        found.files, found.redacted = [], []
    else:
        found.label, found.theme = LocalisedText(), ""
    found.code, found.state = None, State.WITHDRAWN
    session.flush()
    appealing.forget(session, activity_id, [piece_id])
    return 1, taken


def _blank(session: Session, comment: Comment) -> None:
    """The words of a comment, what others made of it in other languages, and who shares it."""
    comment.state = State.WITHDRAWN
    alike.leave(session, comment)
    comment.body = comment.suggestion = comment.stance = comment.stakeholder = ""
    comment.redacted, comment.endorsed = [], 0
    comments.bare(session, comment)


def counts(session: Session, activity_id: uuid.UUID, code: bytes) -> tuple[int, int]:
    """How many comments of others somebody shares, and on how many statements they voted."""
    shared = select(func.count()).where(Endorsement.activity_id == activity_id, Endorsement.code == code)
    voted = select(func.count()).where(Vote.activity_id == activity_id, Vote.code == code)
    return session.scalar(shared) or 0, session.scalar(voted) or 0
