"""What of comments everybody sees: a page of them with answers, translations and how many share each."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, exists, func, or_, select, text, union_all
from sqlalchemy.orm import Session, aliased

from consult.consultations.comments import TEXT
from consult.consultations.models.contributed import LISTED, Comment, CommentTranslation, Endorsement, State
from consult.consultations.paging import Page, paged

SIZE: Final = 20
"""Comments on a page."""
REPLIES: Final = 3
"""Answers shown under each in a list; its own page has all."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A comment as everybody sees it."""

    comment: Comment
    signatories: int = 0
    """How many people say nearly the same, its author among them; 0 where nobody else does."""
    replies: Sequence[Comment] = ()
    more: bool = False
    """Whether there are further answers."""
    translations: Sequence[CommentTranslation] = ()
    shared: bool = False
    """Whether who reads it shares it already,"""
    own: bool = False
    """and whether they wrote it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which comments are wanted, and from where on."""

    stance: str = ""
    locale: str = ""
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None


def comments(
    session: Session, activity_id: uuid.UUID, on: Mapping[str, Collection[int]], which: Filter, reader: bytes | None
) -> Page[Listed]:
    """A page of the comments that stand on a part: `on` says where they were written (`parts.comes_from`).

    What was refused or withdrawn keeps its place as long as answers hang on it. `reader`: the HMAC of the code of who
    reads it.
    """
    here = [
        and_(Comment.part == part, Comment.version.in_(numbers)) if numbers else Comment.part == part
        for part, numbers in on.items()
    ]
    reply = aliased(Comment)
    answered = exists().where(
        reply.activity_id == Comment.activity_id, reply.parent_id == Comment.id, reply.state == State.SHOWN
    )
    wanted = select(Comment).where(Comment.activity_id == activity_id, Comment.target == TEXT, or_(*here), text(LISTED))
    wanted = wanted.where(or_(Comment.state == State.SHOWN, answered))
    if which.stance:
        wanted = wanted.where(Comment.stance == which.stance)
    if which.locale:
        wanted = wanted.where(Comment.locale == which.locale)
    page = paged(session, wanted, Comment.id, size=SIZE, after=which.after, before=which.before)
    return Page(_listed(session, activity_id, page.rows, reader), page.before, page.after)


def one(session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID, reader: bytes | None) -> Listed | None:
    """A comment that stands by itself, or its place; none where there is nothing to see."""
    mine = (Comment.activity_id == activity_id, Comment.id == comment_id, Comment.target == TEXT)
    seen = Comment.state.in_((State.SHOWN, State.REFUSED, State.WITHDRAWN))
    found = session.scalars(select(Comment).where(*mine, seen, Comment.parent_id.is_(None))).all()
    return next(iter(_listed(session, activity_id, found, reader)), None)


def replies(session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID, which: Filter) -> Page[Comment]:
    """A page of the answers to a comment."""
    wanted = select(Comment).where(
        Comment.activity_id == activity_id, Comment.parent_id == comment_id, Comment.state == State.SHOWN
    )
    return paged(session, wanted, Comment.id, size=SIZE, after=which.after, before=which.before)


def alike(session: Session, activity_id: uuid.UUID, group: uuid.UUID, which: Filter) -> Page[Comment]:
    """A page of the comments that say nearly the same."""
    wanted = select(Comment).where(
        Comment.activity_id == activity_id, Comment.alike_id == group, Comment.state == State.SHOWN
    )
    return paged(session, wanted, Comment.id, size=SIZE, after=which.after, before=which.before)


def _listed(session: Session, activity_id: uuid.UUID, rows: Sequence[Comment], reader: bytes | None) -> list[Listed]:
    shown = [row for row in rows if row.state == State.SHOWN]
    groups = _signatories(session, activity_id, [row.id for row in shown if row.alike_id == row.id])
    answers = _answers(session, activity_id, [row.id for row in rows])
    translated = translations(session, activity_id, [*shown, *(one for some in answers.values() for one in some)])
    shared = _shared(session, activity_id, [row.id for row in shown], reader) if reader else set()
    return [
        Listed(
            row,
            groups.get(row.id, 0) if groups.get(row.id, 0) > 1 else 0,
            answers[row.id][:REPLIES],
            len(answers[row.id]) > REPLIES,
            translated.get(row.id, ()),
            row.id in shared,
            reader is not None and row.code == reader,
        )
        for row in rows
    ]


def _signatories(session: Session, activity_id: uuid.UUID, groups: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    if not groups:
        return {}
    wanted = select(Comment.alike_id, func.count(Comment.code.distinct())).where(
        Comment.activity_id == activity_id, Comment.alike_id.in_(groups), Comment.state == State.SHOWN
    )
    return {group: count for group, count in session.execute(wanted.group_by(Comment.alike_id)) if group is not None}


def _answers(
    session: Session, activity_id: uuid.UUID, comments: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, list[Comment]]:
    """The first answers to each comment, one more than are shown: looked up one by one within a single statement, for
    there can be any number of them."""
    found: dict[uuid.UUID, list[Comment]] = defaultdict(list)
    if not comments:
        return found
    some = [
        select(
            select(Comment.id)
            .where(Comment.activity_id == activity_id, Comment.parent_id == parent, Comment.state == State.SHOWN)
            .order_by(Comment.id)
            .limit(REPLIES + 1)
            .subquery()
        )
        for parent in comments
    ]
    wanted = select(Comment).where(Comment.activity_id == activity_id, Comment.id.in_(union_all(*some)))
    for row in session.scalars(wanted.order_by(Comment.id)):
        assert row.parent_id is not None, "it was looked for by that"
        found[row.parent_id].append(row)
    return found


def translations(
    session: Session, activity_id: uuid.UUID, comments: Iterable[Comment]
) -> Mapping[uuid.UUID, list[CommentTranslation]]:
    """What people made of comments in other languages, by comment."""
    wanted = select(CommentTranslation).where(
        CommentTranslation.activity_id == activity_id,
        CommentTranslation.comment_id.in_([comment.id for comment in comments]),
    )
    found: dict[uuid.UUID, list[CommentTranslation]] = defaultdict(list)
    for row in session.scalars(wanted.order_by(CommentTranslation.locale)):
        found[row.comment_id].append(row)
    return found


def _shared(session: Session, activity_id: uuid.UUID, comments: Sequence[uuid.UUID], reader: bytes) -> set[uuid.UUID]:
    wanted = select(Endorsement.comment_id).where(
        Endorsement.activity_id == activity_id, Endorsement.code == reader, Endorsement.comment_id.in_(comments)
    )
    return set(session.scalars(wanted))
