"""Comments in other languages, by people. They translate what everybody may read, nothing that is blackened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import Comment, CommentTranslation, State
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import clean
from consult.db.insert import insert
from consult.processes.models import Activity

PER_PAGE: Final = 25
LONGEST: Final = 20_000


def untranslated(
    session: Session, activity_id: uuid.UUID, locale: str, after: uuid.UUID | None, limit: int
) -> Sequence[Comment]:
    """Shown comments in other languages that nobody has put into this one, by key."""
    made = select(CommentTranslation.comment_id).where(
        CommentTranslation.activity_id == activity_id, CommentTranslation.locale == locale
    )
    wanted = select(Comment).where(Comment.activity_id == activity_id, Comment.state == State.SHOWN)
    # Of near-duplicates one stands for all of them.
    first = or_(Comment.alike_id.is_(None), Comment.alike_id == Comment.id)
    wanted = wanted.where(Comment.locale != locale, Comment.id.not_in(made), first)
    if after is not None:
        wanted = wanted.where(Comment.id > after)
    return session.scalars(wanted.order_by(Comment.id).limit(limit)).all()


def shown(session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID) -> Comment | None:
    """A comment that is shown."""
    wanted = select(Comment).where(Comment.activity_id == activity_id, Comment.id == comment_id)
    return session.scalar(wanted.where(Comment.state == State.SHOWN))


def translation(
    session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID, locale: str
) -> CommentTranslation | None:
    """A comment in a language, if somebody translated it."""
    return session.get(CommentTranslation, (activity_id, comment_id, locale))


def translations(
    session: Session, activity_id: uuid.UUID, comments: Collection[uuid.UUID], locale: str
) -> dict[uuid.UUID, CommentTranslation]:
    """Translations of some comments into a language, to be shown beside them."""
    wanted = select(CommentTranslation).where(CommentTranslation.activity_id == activity_id)
    wanted = wanted.where(CommentTranslation.comment_id.in_(comments), CommentTranslation.locale == locale)
    return {made.comment_id: made for made in session.scalars(wanted)}


def translate(
    session: Session,
    activity: Activity,
    comment: Comment,
    locale: str,
    texts: tuple[str, str],
    *,
    seen: Sequence[Sequence[int]],
    by: Actor,
    now: dt.datetime,
) -> None:
    """Write a comment (body, suggestion) in another language.

    `seen`: what was blackened when its translator read it. Refuses `consultations.translation.words` without words,
    with too many, or with a suggestion where there is none; `consultations.translation.moved` where a moderator has
    blackened something or taken it off meanwhile.
    """
    body, suggestion = (clean(text).strip() for text in texts)
    found = [
        Problem("consultations.translation.words", {"max": LONGEST}, Place(field=name))
        for name, text, original in (("body", body, comment.body), ("suggestion", suggestion, comment.suggestion))
        if bool(text) != bool(original.strip()) or len(text) > LONGEST
    ]
    if found:
        raise Refused(*found)
    mine = Comment.activity_id == activity.id, Comment.id == comment.id
    # Locked, so that a moderator who blackens it now waits, and deletes this translation then.
    held = session.scalar(
        select(Comment.redacted).where(*mine, Comment.state == State.SHOWN).with_for_update()
    )  # fmt: skip
    if held is None or list(map(list, seen)) != held:
        raise Refused.because("consultations.translation.moved")
    row = {"activity_id": activity.id, "comment_id": comment.id, "locale": locale}
    texts_ = {"body": body, "suggestion": suggestion, "by_id": by.id}
    session.execute(
        insert(session, CommentTranslation)
        .values(**row, **texts_)
        .on_conflict_do_update(index_elements=list(row), set_=texts_)
    )
    note(session, activity, "translate", {"kind": "comment", "ids": [str(comment.id)], "locale": locale}, by, now)
