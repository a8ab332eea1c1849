"""Which official answers concern what somebody wrote, and where answers stand: themes and paragraphs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.orm import Session

from consult.consultations import queries
from consult.consultations.models.answered import AnswerTo, OfficialAnswer
from consult.consultations.models.contributed import Comment, State, Submission
from consult.consultations.parts import WHOLE
from consult.core.text import LocalisedText
from consult.processes.models import Activity, Theme

_MOST: Final = 5_000


class _Block(msgspec.Struct):
    """As much of a paragraph of a draft text as is needed here."""

    id: str
    words: dict[str, str] = {}
    theme: str = ""


class _Document(msgspec.Struct):
    blocks: list[_Block]


_READ: Final = msgspec.json.Decoder(_Document)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A part of the draft text that can be answered."""

    words: LocalisedText
    theme: str


def paragraphs(session: Session, activity_id: uuid.UUID) -> Mapping[str, Paragraph]:
    """The parts of the latest version of the draft text by their ids, in their order; none where there is no text."""
    latest = queries.latest_version(session, activity_id)
    if latest is None:
        return {}
    blocks = _READ.decode(latest.document).blocks
    return {block.id: Paragraph(LocalisedText(block.words), block.theme) for block in blocks}


def themes(session: Session, activity_id: uuid.UUID) -> Mapping[str, LocalisedText]:
    """The themes of the process of a consultation by their codes, in their order."""
    of = select(Activity.process_id).where(Activity.id == activity_id).scalar_subquery()
    wanted = select(Theme.code, Theme.label).where(Theme.process_id == of).order_by(Theme.position, Theme.code)
    return dict(session.execute(wanted).all())


def answers_for(session: Session, activity_id: uuid.UUID, digest: bytes) -> Sequence[OfficialAnswer]:
    """The published answers to what somebody wrote, known by the HMAC of their code alone.

    To their comments and submissions, to comments that say nearly the same, to the paragraphs and themes that they
    wrote about. What they took back is theirs no more.
    """
    concerned = _concerned(session, activity_id, digest)
    if not concerned:
        return []
    to = exists().where(
        AnswerTo.answer_id == OfficialAnswer.id,
        or_(*(tuple_(AnswerTo.kind, AnswerTo.target).in_(some) for some in _chunks(concerned))),
    )
    wanted = select(OfficialAnswer).where(
        OfficialAnswer.activity_id == activity_id, OfficialAnswer.state == "published", to
    )
    return session.scalars(wanted.order_by(OfficialAnswer.id)).all()


def _chunks(found: set[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    ordered = sorted(found)
    return [ordered[start : start + 500] for start in range(0, len(ordered), 500)]


def _concerned(session: Session, activity_id: uuid.UUID, digest: bytes) -> set[tuple[str, str]]:
    mine = (Comment.activity_id == activity_id, Comment.code == digest, Comment.state != State.WITHDRAWN)
    rows = session.execute(select(Comment.id, Comment.alike_id, Comment.target, Comment.part).where(*mine)).all()
    found = {("comment", str(row.id)) for row in rows}
    # Whoever stood for a group when it was answered may not do so any more: each of it concerns all
    groups = {row.alike_id for row in rows if row.alike_id}
    alike = select(Comment.id).where(Comment.activity_id == activity_id, Comment.alike_id.in_(groups)).limit(_MOST)
    found |= {("comment", str(one)) for one in session.scalars(alike)} if groups else set()
    text = paragraphs(session, activity_id) if any(row.target == "text" for row in rows) else {}
    themes = {str(one.id): one.theme for one in queries.questions(session, activity_id)}
    for row in rows:
        if row.target == "text":
            found.add(("part", row.part or WHOLE))
            theme = text[row.part].theme if row.part in text else ""
        else:
            theme = themes.get(row.part, "")
        found |= {("theme", theme)} if theme else set()
    sent = select(Submission.id).where(
        Submission.activity_id == activity_id, Submission.code == digest, Submission.state != State.WITHDRAWN
    )
    return found | {("submission", str(one)) for one in session.scalars(sent)}
