"""Open questions: what officers ask, and what somebody answered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from consult.consultations import queries
from consult.consultations.comments import QUESTION
from consult.consultations.models.asked import OpenQuestion
from consult.consultations.models.contributed import Comment
from consult.consultations.trail import note
from consult.core import positions
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.text import LocalisedText
from consult.processes.models import Activity
from consult.processes.service import lock


def put(
    session: Session,
    activity: Activity,
    question: OpenQuestion | None,
    *,
    label: LocalisedText,
    theme: str,
    by: Actor | None,
    now: dt.datetime,
) -> OpenQuestion:
    """Ask another question, after all others, or change one.

    Refuses `consultations.question` where it is missing in a locale in which the consultation is offered.
    """
    refuse_if_any(
        Problem("consultations.question", {"locale": locale}, Place(field=f"label-{locale}"))
        for locale in label.missing(activity.locales)
    )
    lock(session, activity)
    if question is None:
        last = session.scalar(select(func.max(OpenQuestion.position)).where(OpenQuestion.activity_id == activity.id))
        question = OpenQuestion(activity_id=activity.id, position=(last or 0) + 1)
    question.label, question.theme = label, theme
    session.add(question)
    note(session, activity, "question", {"question": str(question.id or ""), "theme": theme}, by, now)
    return question


def find(session: Session, activity_id: uuid.UUID, question_id: uuid.UUID) -> OpenQuestion | None:
    """One question of a consultation."""
    return session.scalar(
        select(OpenQuestion).where(OpenQuestion.activity_id == activity_id, OpenQuestion.id == question_id)
    )


def raise_up(
    session: Session, activity: Activity, question: OpenQuestion, *, by: Actor | None, now: dt.datetime
) -> None:
    """Ask a question before the one that stands before it."""
    lock(session, activity)
    positions.raise_up(queries.questions(session, activity.id), question)
    note(session, activity, "order_questions", {"question": str(question.id)}, by, now)


def remove(session: Session, activity: Activity, question: OpenQuestion, *, by: Actor | None, now: dt.datetime) -> None:
    """Ask a question no more. Refuses `consultations.question.answered` once somebody answered it."""
    lock(session, activity)
    about = Comment.activity_id == activity.id, Comment.target == QUESTION, Comment.part == str(question.id)
    if session.scalar(select(exists().where(*about))):
        raise Refused.because("consultations.question.answered")
    session.delete(question)
    note(session, activity, "remove_question", {"question": str(question.id)}, by, now)


def answered(session: Session, activity_id: uuid.UUID, code: bytes | None) -> Mapping[str, Comment]:
    """What somebody answered, by the id of the question."""
    if code is None:
        return {}
    mine = select(Comment).where(Comment.activity_id == activity_id, Comment.code == code, Comment.target == QUESTION)
    return {comment.part: comment for comment in session.scalars(mine)}
