"""The texts to be coded, read where they lie: nothing of what a participant wrote is copied for coding."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from consult.coding.models import AnswerTranslation, Item, ItemKind
from consult.consultations.models.contributed import Comment, CommentTranslation, State, Submission
from consult.core.coding import unlinking
from consult.core.questionnaire import answers, document
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.text import LocalisedText
from consult.events.models.held import Note
from consult.questionnaires import queries as questionnaires
from consult.responses.models import Response

BLACK: Final = "█"
_NO_TEXT: Final = LocalisedText()


@dataclass(frozen=True, slots=True)
class Words:
    """What a text says, with nothing of who wrote it or when."""

    body: str
    locale: str
    suggestion: str = ""
    """The paragraph as the author of a comment would word it."""
    title: str = ""
    """Of a submission."""
    asked: LocalisedText = _NO_TEXT
    """The question that it answers."""
    speaker: str = ""
    """Of a note: the role or class of who said it (`events.speaking`), or the institution whose position it is."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """By locale."""

    @property
    def whole(self) -> str:
        """Everything that was written, to be compared with other texts."""
        return "\n".join(filter(None, (self.title, self.body, self.suggestion)))


Found = dict[tuple[uuid.UUID, uuid.UUID], Words]
"""By activity and text."""


def read(session: Session, key: bytes, items: Iterable[Item]) -> Found:
    """What texts say; those that are there no more, or that nobody else may see any more, are left out.

    `key`: the installation's key of codes. One query for each activity and kind, for answers for each question.
    """
    found: Found = {}
    for (activity_id, kind), some in _grouped(items, lambda item: (item.activity_id, item.kind)):
        ids = [item.id for item in some]
        if kind == ItemKind.ANSWER:
            asked = open_questions(session, activity_id)
            for part, same in _grouped(some, lambda item: item.part):
                named = [item.id for item in same]
                found |= _answers(session, key, activity_id, part, named, asked.get(base(part)))
            _translated(session, AnswerTranslation.item_id, AnswerTranslation.text, activity_id, ids, found)
        elif kind == ItemKind.COMMENT:
            found |= _comments(session, activity_id, ids)
            _translated(session, CommentTranslation.comment_id, CommentTranslation.body, activity_id, ids, found)
        elif kind == ItemKind.NOTE:
            found |= _notes(session, activity_id, ids)
        else:
            found |= _submissions(session, activity_id, ids)
    return found


def _grouped(items: Iterable[Item], by: Any) -> Iterator[tuple[Any, list[Item]]]:
    return ((name, list(some)) for name, some in groupby(sorted(items, key=lambda item: str(by(item))), by))


def _comments(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Found:
    wanted = select(Comment.id, Comment.body, Comment.suggestion, Comment.redacted, Comment.locale)
    rows = session.execute(
        wanted.where(Comment.activity_id == activity_id, Comment.id.in_(ids), Comment.state == State.SHOWN)
    )
    return {
        (activity_id, row.id): Words(blackened(row.body, row.redacted), row.locale, suggestion=row.suggestion)
        for row in rows
    }


def _submissions(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Found:
    wanted = select(Submission.id, Submission.title, Submission.body, Submission.redacted, Submission.locale)
    rows = session.execute(
        wanted.where(Submission.activity_id == activity_id, Submission.id.in_(ids), Submission.state == State.SHOWN)
    )
    return {
        (activity_id, row.id): Words(blackened(row.body, row.redacted), row.locale, title=row.title) for row in rows
    }


def to_be_coded(activity_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether a note of an event is a matter for coders: none that stays with those who work on it."""
    return (Note.activity_id == activity_id) & Note.confidential.is_(False) & (Note.body != "")


def _notes(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Found:
    wanted = select(Note.id, Note.body, Note.speaker, Note.institution, Note.locale)
    rows = session.execute(wanted.where(to_be_coded(activity_id), Note.id.in_(ids)))
    return {(activity_id, row.id): Words(row.body, row.locale, speaker=row.institution or row.speaker) for row in rows}


def _answers(
    session: Session, key: bytes, activity_id: uuid.UUID, part: str, named: list[uuid.UUID], asked: Question | None
) -> Found:
    responses = dict(zip(unlinking.responses(key, activity_id, part, named), named, strict=True))
    wanted = select(Response.id, Response.answers, Response.locale).where(
        Response.activity_id == activity_id, Response.id.in_(responses)
    )
    found: Found = {}
    for row in session.execute(wanted):
        given = answers.decode(row.answers).get(part)
        if isinstance(given, str):
            label = asked.label if asked else _NO_TEXT
            found[activity_id, responses[row.id]] = Words(given, row.locale, asked=label)
    return found


def _translated(
    session: Session, of: Any, text: Any, activity_id: uuid.UUID, ids: Sequence[uuid.UUID], found: Found
) -> None:
    """Add what translators wrote to what was found."""
    model = of.class_
    wanted = select(of, model.locale, text).where(model.activity_id == activity_id, of.in_(ids), text != "")
    for item_id, locale, words in session.execute(wanted):
        here = found.get((activity_id, item_id))
        if here is not None:
            assert isinstance(here.translations, dict), "made above"
            here.translations[locale] = words


def blackened(body: str, redacted: Sequence[Sequence[int]]) -> str:
    """A text without the parts that a moderator blackened: whoever codes it need not read them either."""
    for start, end in redacted:
        body = body[:start] + BLACK * (end - start) + body[end:]
    return body


def open_questions(session: Session, activity_id: uuid.UUID) -> dict[str, Question]:
    """The open questions of a questionnaire by id, as its latest edition that has them asks them.

    Contact data are no matter for coders, nor is what any edition took for such.
    """
    found: dict[str, Question] = {}
    contact: set[str] = set()
    for edition in questionnaires.documents(session, activity_id):
        for question in document.decode(edition.document).questions():
            if question.type is QuestionType.TEXT:
                found[question.id] = question
                contact |= {question.id} if question.contact else set()
    return {name: question for name, question in found.items() if name not in contact}


def base(part: str) -> str:
    """The id of the question whose answer is kept under a key: without the instance of a repeat."""
    return part.partition("-")[0]
