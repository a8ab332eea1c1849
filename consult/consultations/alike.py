"""Comments that say nearly the same stand in lists as one, with as many signatories: by `core.alike`.

Of each group one comment stands for all (`Comment.alike_id`); it alone has marks by which a new one finds it. So a new
comment is compared with a few at most, however many there are. A group is of one part, one stance and, where other
words are suggested, of the same ones.
"""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import AlikeMark, Comment, State
from consult.core.alike import ALIKE, likeness, marks, plain, shingles

_MOST: Final = 30
"""Comments that a new one is compared with."""


def join(session: Session, comment: Comment) -> None:
    """Put a new comment into the group of what it is alike to, or let it stand for itself. Replies are in none."""
    if comment.parent_id is not None:
        return
    found = _marks(comment)
    leader = _leader(session, comment, found)
    if leader is None:
        _mark(session, comment, found)
        return
    leader.alike_id = comment.alike_id = leader.id
    session.flush()
    settle(session, comment.activity_id, leader.id)


def leave(session: Session, comment: Comment) -> None:
    """Take a comment out of its group, as before its words go or become others."""
    group, comment.alike_id = comment.alike_id, None
    session.execute(
        delete(AlikeMark).where(AlikeMark.activity_id == comment.activity_id, AlikeMark.comment_id == comment.id)
    )
    session.flush()
    if group == comment.id:
        settle(session, comment.activity_id, group)


def settle(session: Session, activity_id: uuid.UUID, group: uuid.UUID | None) -> None:
    """Have a comment that is shown stand for a group, if there is one: call it when the state of one of the group has
    changed. Whoever stands for it already and is shown goes on."""
    if group is None:
        return
    mine = (Comment.activity_id == activity_id, Comment.alike_id == group)
    better = case((Comment.state == State.SHOWN, 0), (Comment.state == State.WAITING, 1), else_=2)
    wanted = select(Comment).where(*mine).order_by(better, case((Comment.id == group, 0), else_=1), Comment.id).limit(1)
    leader = session.scalar(wanted)
    if leader is None or leader.id == group:
        return
    session.execute(delete(AlikeMark).where(AlikeMark.activity_id == activity_id, AlikeMark.comment_id == group))
    session.execute(update(Comment).where(*mine).values(alike_id=leader.id))
    _mark(session, leader, _marks(leader))


def _leader(session: Session, comment: Comment, found: tuple[bytes, ...]) -> Comment | None:
    """The comment that stands for what is most alike; of several the one with the least id."""
    activity_id = comment.activity_id
    sharing = select(AlikeMark.comment_id).where(AlikeMark.activity_id == activity_id, AlikeMark.mark.in_(found))
    wanted = select(Comment).where(
        Comment.activity_id == activity_id, Comment.id.in_(sharing), Comment.id != comment.id
    )
    pieces = shingles(comment.body)
    compared = [
        (likeness(pieces, shingles(other.body)), other)
        for other in session.scalars(wanted.order_by(Comment.id).limit(_MOST))
    ]
    best, leader = max(compared, key=lambda pair: pair[0], default=(0.0, None))
    return leader if best >= ALIKE else None


def _marks(comment: Comment) -> tuple[bytes, ...]:
    within = f"{comment.target} {comment.part} {comment.stance} {plain(comment.suggestion)}"
    return marks(comment.body, within=within)


def _mark(session: Session, comment: Comment, found: tuple[bytes, ...]) -> None:
    rows = [
        {"activity_id": comment.activity_id, "mark": mark, "comment_id": comment.id} for mark in dict.fromkeys(found)
    ]
    if rows:
        session.execute(insert(AlikeMark), rows)
