"""What people write: on a part of the text, in answer to a comment, to an open question; and that others share it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from consult.consultations import alike
from consult.consultations.models.contributed import (
    Comment,
    CommentTranslation,
    Endorsement,
    Participant,
    Stance,
    State,
)
from consult.core.alike import plain
from consult.core.errors import Place, Problem
from consult.core.text import LocalisedText
from consult.db.insert import insert
from consult.participation.models import Channel

LONGEST: Final = 5_000
"""Letters of a comment, and of the words that it suggests."""
TEXT: Final = "text"
QUESTION: Final = "question"


@dataclass(frozen=True, slots=True)
class Author:
    """Who contributes, and how that comes in."""

    activity_id: uuid.UUID
    code: bytes
    channel: str
    locale: str
    today: dt.date
    stakeholder: str = ""

    def state(self, *, before: bool) -> State:
        """What becomes of what they send. `before`: moderators look at it first."""
        if self.channel == Channel.SUSPECT:
            return State.SET_APART
        return State.WAITING if before else State.SHOWN


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes, and about what."""

    body: str
    target: str = TEXT
    part: str = ""
    version: int = 0
    parent_id: uuid.UUID | None = None
    stance: str = ""
    suggestion: str = ""


def problems(
    said: Said, words: LocalisedText | None = None, *, source: str = "", locale: str = ""
) -> Iterator[Problem]:
    """What keeps it from being stored. `words`: the paragraph that is suggested to be worded otherwise."""
    if not said.body and not said.suggestion:
        yield Problem("consultations.comment.empty", place=Place(field="body"))
    for name, text in (("body", said.body), ("suggestion", said.suggestion)):
        if len(text) > LONGEST:
            yield Problem("consultations.comment.long", {"limit": LONGEST}, Place(field=name))
    if said.stance == Stance.SUGGEST and said.body and not said.suggestion:
        yield Problem("consultations.comment.unchanged", place=Place(field="suggestion"))
    if said.suggestion and said.stance != Stance.SUGGEST:
        yield Problem("consultations.comment.stance", place=Place(field="stance"))


def suggested(typed: str, words: LocalisedText | None, *, locale: str, source: str) -> str:
    """What somebody suggests; nothing where it says the same as the paragraph does in what they read."""
    if words is None or plain(typed) == plain(words.resolve(locale, source).text):
        return ""
    return typed


def write(session: Session, author: Author, said: Said, *, key: uuid.UUID, before: bool) -> uuid.UUID:
    """Store what somebody wrote, once for a key (`once.id_of`), and give its id."""
    row = {
        "activity_id": author.activity_id,
        "code": author.code,
        "target": said.target,
        "part": said.part,
        "version": said.version,
        "parent_id": said.parent_id,
        "stance": said.stance,
        "body": said.body,
        "suggestion": said.suggestion,
        "redacted": [],
        "locale": author.locale,
        "day": author.today,
        "channel": author.channel,
        "stakeholder": author.stakeholder,
        "state": author.state(before=before),
        "alike_id": None,
        "endorsed": 0,
    }
    stored = insert(session, Comment).on_conflict_do_nothing().returning(Comment)
    new = session.scalar(stored.values(id=key, **row))
    if new is None:
        if mine(session, author.activity_id, key, author.code) is not None:
            return key
        key = uuid.uuid4()  # somebody else's, or what was withdrawn, lies under it
        new = session.scalar(stored.values(id=key, **row))
        assert new is not None, "it was just drawn"
    if said.target == TEXT:
        alike.join(session, new)
    session.flush()
    return key


def rewrite(session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID, code: bytes, said: Said) -> bool:
    """Change one's own words while they wait; False where they wait no more.

    What others made of those before, and what was blackened in them, goes: it may have been shown before it waited.
    """
    changed = session.scalar(
        update(Comment)
        .where(*_own(activity_id, comment_id, code), Comment.state == State.WAITING)
        .values(
            body=said.body,
            stance=said.stance,
            suggestion=said.suggestion,
            redacted=[],
            endorsed=0,
            revision=Comment.revision + 1,
        )
        .returning(Comment)
        .execution_options(populate_existing=True)
    )
    if changed is None:
        return False
    bare(session, changed)
    if changed.target == TEXT:
        alike.leave(session, changed)
        alike.join(session, changed)
    return True


def bare(session: Session, comment: Comment) -> None:
    """Drop what others made of a comment's words: translations, and that they share it."""
    for model in (CommentTranslation, Endorsement):
        session.execute(delete(model).where(model.activity_id == comment.activity_id, model.comment_id == comment.id))


def mine(session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID, code: bytes) -> Comment | None:
    """One's own comment, in whatever state."""
    return session.scalar(select(Comment).where(*_own(activity_id, comment_id, code)))


def _own(activity_id: uuid.UUID, comment_id: uuid.UUID, code: bytes) -> tuple[ColumnElement[bool], ...]:
    return Comment.activity_id == activity_id, Comment.id == comment_id, Comment.code == code


def speaks_for(session: Session, author: Author) -> str:
    """Keep for whom somebody speaks, asked once; what is kept."""
    me = (Participant.activity_id == author.activity_id, Participant.code == author.code)
    if author.stakeholder:
        unset = update(Participant).where(*me, Participant.stakeholder == "")
        session.execute(unset.values(stakeholder=author.stakeholder))
    return session.scalar(select(Participant.stakeholder).where(*me)) or ""


def endorse(session: Session, author: Author, comment_id: uuid.UUID) -> bool:
    """Share a comment of somebody else that is shown, once; False where one has, or it is one's own or not shown."""
    there = exists().where(
        Comment.activity_id == author.activity_id,
        Comment.id == comment_id,
        Comment.state == State.SHOWN,
        Comment.code.is_distinct_from(author.code),
    )
    if not session.scalar(select(there)):
        return False
    row = {"activity_id": author.activity_id, "comment_id": comment_id, "code": author.code}
    stored = insert(session, Endorsement).values(**row, channel=author.channel).on_conflict_do_nothing()
    if session.scalar(stored.returning(Endorsement.channel)) is None:
        return False
    _count(session, author.activity_id, comment_id, author.channel, 1)
    return True


def take_back(session: Session, activity_id: uuid.UUID, code: bytes, comment_id: uuid.UUID | None = None) -> int:
    """Take back that one shares a comment, or all of them; how many that were."""
    which = [Endorsement.activity_id == activity_id, Endorsement.code == code]
    if comment_id is not None:
        which.append(Endorsement.comment_id == comment_id)
    gone = session.execute(delete(Endorsement).where(*which).returning(Endorsement.comment_id, Endorsement.channel))
    rows = sorted(gone.all())
    for row in rows:
        _count(session, activity_id, row.comment_id, row.channel, -1)
    return len(rows)


def _count(session: Session, activity_id: uuid.UUID, comment_id: uuid.UUID, channel: str, more: int) -> None:
    if channel != Channel.SUSPECT:
        mine = (Comment.activity_id == activity_id, Comment.id == comment_id)
        session.execute(update(Comment).where(*mine).values(endorsed=Comment.endorsed + more))
