"""Pages of what an official answer can answer: comments that stand for those which say nearly the same; submissions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.answering import standing
from consult.consultations.models.contributed import Comment, State, Submission
from consult.consultations.submissions import PUBLIC

PAGE: Final = 50


class Filter(NamedTuple):
    """Which comments are looked at; none and empty: all."""

    part: str | None
    stance: str


def page(
    session: Session, activity_id: uuid.UUID, kind: str, wanted: Filter, after: str | None, *, whole: bool
) -> tuple[Sequence[Comment | Submission], uuid.UUID | None]:
    """So many of them after one, in the order of their random keys; and the last one where more follow.

    `whole`: submissions that must not be published are among them.
    """
    try:
        start = uuid.UUID(after or "")
    except ValueError:
        start = uuid.UUID(int=0)
    if kind == "comment":
        found: Sequence[Comment | Submission] = session.scalars(
            select(Comment)
            .where(*standing(activity_id, wanted.part, wanted.stance), Comment.id > start)
            .order_by(Comment.id)
            .limit(PAGE + 1)
        ).all()
    else:
        readable = (Submission.state == State.SHOWN,) if whole else PUBLIC
        shown = (Submission.activity_id == activity_id, *readable, Submission.id > start)
        found = session.scalars(select(Submission).where(*shown).order_by(Submission.id).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None
