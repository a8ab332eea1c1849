"""Votes of people on statements: one for each, of which the latest counts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, literal, select
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import State
from consult.consultations.models.opinions import Statement, Vote
from consult.core.opinion.votes import AGREE, DISAGREE, PASS
from consult.db.insert import insert

CHOICES: Final = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}
"""What somebody can say to a statement, and how it is stored."""


def cast(session: Session, activity_id: uuid.UUID, code: bytes, statement_id: uuid.UUID, value: int) -> bool:
    """Vote, or vote otherwise; False where this consultation does not ask the statement (any more).

    One statement: however many come at once, one row is there and the last of them holds.
    """
    asked = select(Statement.activity_id, literal(code), Statement.id, literal(value)).where(*_asked(activity_id))
    names = ["activity_id", "code", "statement_id", "value"]
    given = insert(session, Vote).from_select(names, asked.where(Statement.id == statement_id))
    upsert = given.on_conflict_do_update(index_elements=names[:3], set_={"value": given.excluded.value})
    return session.execute(upsert.returning(Vote.value)).first() is not None


def undo(session: Session, activity_id: uuid.UUID, code: bytes, statement_id: uuid.UUID) -> None:
    """Take a vote back, as if it had never been cast."""
    mine = (Vote.activity_id == activity_id, Vote.code == code, Vote.statement_id == statement_id)
    session.execute(delete(Vote).where(*mine))


def ballot(session: Session, activity_id: uuid.UUID, code: bytes) -> Mapping[uuid.UUID, int | None]:
    """Every statement that is asked, and how somebody voted on it."""
    wanted = select(Statement.id, Vote.value).outerjoin(Vote, _by(activity_id, code))
    return dict(session.execute(wanted.where(*_asked(activity_id))).all())


def cast_by(
    session: Session, activity_id: uuid.UUID, code: bytes, *, after: uuid.UUID | None, limit: int
) -> Sequence[tuple[Statement, int]]:
    """The statements somebody voted on with their votes, in the order of their random ids."""
    wanted = select(Statement, Vote.value).join(Vote, _by(activity_id, code)).where(*_asked(activity_id))
    if after is not None:
        wanted = wanted.where(Statement.id > after)
    return [(statement, value) for statement, value in session.execute(wanted.order_by(Statement.id).limit(limit))]


def asked(session: Session, activity_id: uuid.UUID, statement_id: uuid.UUID) -> Statement | None:
    """A statement that is asked."""
    return session.scalar(select(Statement).where(*_asked(activity_id), Statement.id == statement_id))


def _asked(activity_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return Statement.activity_id == activity_id, Statement.state == State.SHOWN


def _by(activity_id: uuid.UUID, code: bytes) -> ColumnElement[bool]:
    return and_(Vote.activity_id == activity_id, Vote.code == code, Vote.statement_id == Statement.id)
