"""What moderators look at: contributions by state, kind and language, with their places; groups of near-duplicates."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from consult.consultations.models.asked import OpenQuestion, TextVersion
from consult.consultations.models.contributed import Comment, Permission, State, Submission
from consult.consultations.models.moderated import Decision
from consult.consultations.models.opinions import Statement
from consult.consultations.moderating import KINDS
from consult.core.drafting.document import decode
from consult.core.text import LocalisedText

Row = Comment | Statement | Submission
PER_PAGE: Final = 25
CAMPAIGN: Final = 10
"""From this many near-identical comments on they are pointed out as a campaign, which may be a fair one."""
Place = tuple[str, str, int]
"""`text` or `question`; the id of the paragraph (empty: the whole text) or question; the version of the text."""


@dataclass(frozen=True, slots=True)
class Item:
    """A contribution of any kind, as moderators see it."""

    kind: str
    id: uuid.UUID
    state: State
    locale: str
    body: str
    redacted: list[list[int]]
    title: str = ""
    suggestion: str = ""
    stance: str = ""
    stakeholder: str = ""
    name: str = ""
    place: Place = ("", "", 0)
    alike_id: uuid.UUID | None = None
    files: Sequence[Mapping[str, Any]] = ()
    """As `Submission.files`."""
    revision: int = 0
    """How often its author has changed it."""
    public: bool = False
    """Whether everybody may read it, without what is blackened."""


class Group(NamedTuple):
    """Near-identical comments: one of them, and how many there are by state."""

    alike_id: uuid.UUID
    locale: str
    words: str
    states: Mapping[str, int]

    @property
    def size(self) -> int:
        """How many there are that nobody withdrew or refused."""
        return sum(self.states.values())


def counts(session: Session, activity_id: uuid.UUID, state: State) -> dict[tuple[str, str], int]:
    """How many contributions are in a state, by kind and locale."""
    found: dict[tuple[str, str], int] = {}
    for kind, model in KINDS.items():
        wanted = select(model.locale, func.count()).where(model.activity_id == activity_id, model.state == state)
        found |= {(kind, locale): number for locale, number in session.execute(wanted.group_by(model.locale))}
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue somebody looks at."""

    kind: str = "comment"
    state: State = State.WAITING
    locales: Collection[str] = ()
    """All of them where there is none."""
    alike_id: uuid.UUID | None = None
    after: uuid.UUID | None = None


def page(session: Session, activity_id: uuid.UUID, wanted: Wanted, limit: int = PER_PAGE) -> list[Item]:
    """Contributions by their random keys, which tell nothing of when they came."""
    model = KINDS[wanted.kind]
    query = select(model).where(model.activity_id == activity_id, model.state == wanted.state)
    if wanted.locales:
        query = query.where(model.locale.in_(wanted.locales))
    if wanted.alike_id is not None and model is Comment:
        query = query.where(Comment.alike_id == wanted.alike_id)
    if wanted.after is not None:
        query = query.where(model.id > wanted.after)
    rows: Iterable[Row] = session.scalars(query.order_by(model.id).limit(limit))
    return [_item(row) for row in rows]


def items(session: Session, activity_id: uuid.UUID, which: Sequence[tuple[str, uuid.UUID]]) -> list[Item]:
    """Some contributions of any kinds, in this order; those that are not there are left out."""
    found: dict[uuid.UUID, Item] = {}
    for kind, model in KINDS.items():
        ids = [object_id for wanted, object_id in which if wanted == kind]
        if ids:
            mine = model.activity_id == activity_id, model.id.in_(ids)
            rows: Iterable[Row] = session.scalars(select(model).where(*mine))
            found |= {row.id: _item(row) for row in rows}
    return [found[object_id] for _kind, object_id in which if object_id in found]


def item(session: Session, activity_id: uuid.UUID, kind: str, object_id: uuid.UUID) -> Item | None:
    """One contribution."""
    return next(iter(items(session, activity_id, [(kind, object_id)])), None) if kind in KINDS else None


def decisions(session: Session, activity_id: uuid.UUID, object_id: uuid.UUID) -> Sequence[Decision]:
    """Everything that was decided about a contribution, what holds now last."""
    wanted = select(Decision).where(Decision.activity_id == activity_id, Decision.object_id == object_id)
    return session.scalars(wanted.order_by(Decision.current, Decision.day, Decision.id)).all()


def places(session: Session, activity_id: uuid.UUID, shown: Sequence[Item]) -> dict[Place, LocalisedText]:
    """The words of the open questions that some contributions answer, and of the paragraphs that they are on."""
    asked = select(OpenQuestion).where(OpenQuestion.activity_id == activity_id)
    found: dict[Place, LocalisedText] = {}
    if any(item.place[0] == "question" for item in shown):
        found |= {("question", str(question.id), 0): question.label for question in session.scalars(asked)}
    numbers = {item.place[2] for item in shown if item.place[0] == "text" and item.place[1]}
    versions = select(TextVersion).where(TextVersion.activity_id == activity_id, TextVersion.number.in_(numbers))
    for version in session.scalars(versions) if numbers else ():
        blocks = decode(version.document).blocks
        found |= {("text", block.id, version.number): block.words for block in blocks}
    return found


def campaigns(
    session: Session, activity_id: uuid.UUID, *, after: tuple[int, uuid.UUID] | None = None, limit: int = PER_PAGE
) -> list[Group]:
    """Groups of at least `CAMPAIGN` near-identical comments, the largest first; paged by size and id."""
    alive = Comment.state.in_((State.WAITING, State.SHOWN, State.SET_APART))
    here = Comment.activity_id == activity_id, Comment.alike_id.is_not(None), alive
    size = func.count()
    wanted = select(Comment.alike_id, size).where(*here).group_by(Comment.alike_id).having(size >= CAMPAIGN)
    if after is not None:
        wanted = wanted.having(tuple_(-size, Comment.alike_id) > tuple_(-after[0], after[1]))
    large = session.execute(wanted.order_by(-size, Comment.alike_id).limit(limit))
    ids = [found for found, _size in large if found is not None]
    by_state: dict[uuid.UUID | None, dict[str, int]] = {}
    several = select(Comment.alike_id, Comment.state, func.count()).where(*here, Comment.alike_id.in_(ids))
    for alike_id, state, number in session.execute(several.group_by(Comment.alike_id, Comment.state)):
        by_state.setdefault(alike_id, {})[state] = number
    first = {found.id: found for found in items(session, activity_id, [("comment", alike_id) for alike_id in ids])}
    return [
        Group(alike_id, first[alike_id].locale, first[alike_id].body, by_state[alike_id])
        for alike_id in ids
        if alike_id in first
    ]


def _item(row: Row) -> Item:
    state = State(row.state)
    shown = state is State.SHOWN
    if isinstance(row, Statement):
        return Item("statement", row.id, state, row.locale, row.label.resolve(row.locale).text, [], public=shown)
    if isinstance(row, Submission):
        return Item(
            "submission", row.id, state, row.locale, row.body, row.redacted, title=row.title,
            stakeholder=row.stakeholder, name=row.name, files=row.files,
            public=shown and row.permission != Permission.NOT,
        )  # fmt: skip
    return Item(
        "comment", row.id, state, row.locale, row.body, row.redacted, suggestion=row.suggestion, stance=row.stance,
        stakeholder=row.stakeholder, place=(row.target, row.part, row.version), alike_id=row.alike_id,
        revision=row.revision, public=shown,
    )  # fmt: skip
