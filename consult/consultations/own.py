"""What somebody contributed, for whoever has the code."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from consult.consultations import queries
from consult.consultations.models.asked import OpenQuestion
from consult.consultations.models.contributed import Comment, State, Submission
from consult.consultations.models.moderated import Act, Decision
from consult.consultations.models.opinions import Statement
from consult.consultations.moderating import MOVES
from consult.consultations.paging import Page, paged

_SIZE = 50


def comments(
    session: Session, activity_id: uuid.UUID, code: bytes, *, after: uuid.UUID | None, before: uuid.UUID | None
) -> Page[Comment]:
    """A page of one's own comments and answers."""
    wanted = select(Comment).where(Comment.activity_id == activity_id, Comment.code == code)
    return paged(session, wanted, Comment.id, size=_SIZE, after=after, before=before)


def asked(session: Session, activity_id: uuid.UUID) -> Mapping[str, OpenQuestion]:
    """The open questions, by what answers say of them."""
    return {str(question.id): question for question in queries.questions(session, activity_id)}


def statements(session: Session, activity_id: uuid.UUID, code: bytes) -> Sequence[Statement]:
    """The statements that somebody proposed: ten at most."""
    wanted = select(Statement).where(Statement.activity_id == activity_id, Statement.code == code)
    return session.scalars(wanted.order_by(Statement.id)).all()


def told_state(state: str, decision: Decision | None) -> State:
    """In which state authors see what they contributed, by what was decided last.

    What machines set apart waits for all that they know; and nothing tells them that somebody saw a danger in it.
    """
    if state not in (State.SET_APART, State.CONCERN):
        return State(state)
    return MOVES[Act(decision.act)][0] if decision else State.WAITING


def wrote(session: Session, activity_id: uuid.UUID, piece_id: uuid.UUID, code: bytes) -> bool:
    """Whether a contribution is one's own."""
    found = or_(
        *(
            exists().where(
                model.activity_id == activity_id,
                model.id == piece_id,
                model.code == code,
                model.state != State.WITHDRAWN,
            )
            for model in (Comment, Submission, Statement)
        )
    )
    return bool(session.scalar(select(found)))
