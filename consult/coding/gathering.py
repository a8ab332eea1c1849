"""Finds the texts that there are to be coded, and forgets those that are there no more."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from consult.coding import texts
from consult.coding.models import Adjudication, AnswerTranslation, Coding, Draft, Item, ItemKind, Version
from consult.consultations.models.contributed import Comment, State, Submission
from consult.core.coding import unlinking
from consult.core.coding.sampling import drawn
from consult.core.questionnaire import answers
from consult.db.insert import insert
from consult.db.session import Database
from consult.events.models.held import Note
from consult.participation.models import Channel
from consult.processes.models import Activity, Kind
from consult.responses.models import Response

BATCH: Final = 1_000
"""Rows looked at in one transaction."""
FIRST: Final = uuid.UUID(int=0)
SAID: Final[Any] = (
    (Coding, Coding.item_id),
    (Adjudication, Adjudication.item_id),
    (AnswerTranslation, AnswerTranslation.item_id),
    (Item, Item.id),
)
"""Where texts and what was said of them lie, by which column."""


def coded(session: Session) -> Sequence[uuid.UUID]:
    """The activities of processes that have a codebook, whose texts are wanted."""
    published = exists().where(Version.process_id == Activity.process_id)
    opened = Activity.opens_at.is_not(None) | (Activity.kind == Kind.EVENT)  # to which people can be invited alone
    return session.scalars(select(Activity.id).where(published, opened).order_by(Activity.id)).all()


def gather(database: Database, key: bytes, activity_id: uuid.UUID) -> None:
    """Note every text of an activity that is not noted yet, and how many coders it wants."""
    with database.reading() as session:
        activity = session.get_one(Activity, activity_id)
        draft = session.get(Draft, activity.process_id)
        share, seed = (draft.twice if draft else 0), activity.process_id.bytes
        if activity.kind == Kind.CONSULTATION:
            sources = [_contributed(Comment), _contributed(Submission)]
        elif activity.kind == Kind.EVENT:
            sources = [_noted]
        else:
            questions = texts.open_questions(session, activity_id)
            sources = [_answered(key, questions)] if questions else []
    for source in sources:
        after = FIRST
        while True:
            with database.transaction() as session:
                found, last = source(session, activity_id, after)
                _note(session, found, seed, share)
            if last is None:
                break
            after = last


def _contributed(model: type[Comment | Submission]) -> Any:
    kind = ItemKind.COMMENT if model is Comment else ItemKind.SUBMISSION

    def some(session: Session, activity_id: uuid.UUID, after: uuid.UUID) -> tuple[list[Item], uuid.UUID | None]:
        wanted = select(model.id, model.locale).where(
            model.activity_id == activity_id, model.state == State.SHOWN, model.id > after
        )
        rows = session.execute(wanted.order_by(model.id).limit(BATCH)).all()
        found = [Item(activity_id=activity_id, id=row.id, kind=kind, part="", locale=row.locale) for row in rows]
        return found, rows[-1].id if len(rows) == BATCH else None

    return some


def _noted(session: Session, activity_id: uuid.UUID, after: uuid.UUID) -> tuple[list[Item], uuid.UUID | None]:
    wanted = select(Note.id, Note.locale).where(texts.to_be_coded(activity_id), Note.id > after)
    rows = session.execute(wanted.order_by(Note.id).limit(BATCH)).all()
    found = [Item(activity_id=activity_id, id=row.id, kind=ItemKind.NOTE, part="", locale=row.locale) for row in rows]
    return found, rows[-1].id if len(rows) == BATCH else None


def _answered(key: bytes, questions: Iterable[str]) -> Any:
    asked = frozenset(questions)

    def some(session: Session, activity_id: uuid.UUID, after: uuid.UUID) -> tuple[list[Item], uuid.UUID | None]:
        wanted = select(Response.id, Response.locale, Response.answers).where(
            Response.activity_id == activity_id, Response.channel != Channel.SUSPECT, Response.id > after
        )
        rows = session.execute(wanted.order_by(Response.id).limit(BATCH)).all()
        given: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            for part, answer in answers.decode(row.answers).items():
                if isinstance(answer, str) and answer.strip() and texts.base(part) in asked:
                    given[part].append(row)
        found = []
        for part, some in given.items():
            names = unlinking.names(key, activity_id, part, (row.id for row in some))
            found += [
                Item(activity_id=activity_id, id=name, kind=ItemKind.ANSWER, part=part, locale=row.locale)
                for name, row in zip(names, some, strict=True)
            ]
        return found, rows[-1].id if len(rows) == BATCH else None

    return some


def _note(session: Session, found: Iterable[Item], seed: bytes, share: int) -> None:
    """Write texts down in the order of their names, so that those of one person do not lie side by side."""
    rows = [
        {
            "activity_id": item.activity_id,
            "id": item.id,
            "kind": str(item.kind),
            "part": item.part,
            "locale": item.locale,
            "wanted": 2 if drawn(item.id.bytes, seed, share) else 1,
        }
        for item in sorted(found, key=lambda item: item.id)
    ]
    if rows:
        session.execute(insert(session, Item).on_conflict_do_nothing(), rows)


def share_anew(session: Session, process_id: uuid.UUID, share: int) -> None:
    """Draw anew which texts two coders code, after their share was changed."""
    mine = Item.activity_id.in_(select(Activity.id).where(Activity.process_id == process_id))
    rows = session.execute(select(Item.activity_id, Item.id, Item.wanted).where(mine)).all()
    for wanted in (1, 2):
        changed = [
            row
            for row in rows
            if row.wanted != wanted and (2 if drawn(row.id.bytes, process_id.bytes, share) else 1) == wanted
        ]
        for start in range(0, len(changed), BATCH):
            ids = [row.id for row in changed[start : start + BATCH]]
            session.execute(update(Item).where(mine, Item.id.in_(ids)).values(wanted=wanted))


def sweep(database: Database, key: bytes, activity_id: uuid.UUID) -> int:
    """Forget the texts of an activity that were withdrawn, corrected, refused or erased, with all that was said of
    them; how many there were."""
    gone = 0
    for some in _pages(database, activity_id):
        with database.reading() as session:
            there = texts.read(session, key, some)
        lost = [item.id for item in some if (activity_id, item.id) not in there]
        if lost:
            with database.transaction() as session:
                forget(session, activity_id, lost)
            gone += len(lost)
    return gone


def forget(session: Session, activity_id: uuid.UUID, items: Collection[uuid.UUID] | None = None) -> None:
    """Delete texts of an activity, or all of them, with everything that was said of them."""
    for model, own in SAID:
        mine = model.activity_id == activity_id
        session.execute(delete(model).where(mine if items is None else mine & own.in_(items)))


def _pages(database: Database, activity_id: uuid.UUID) -> Iterator[Sequence[Item]]:
    after = FIRST
    while True:
        with database.reading() as session:
            wanted = select(Item).where(Item.activity_id == activity_id, Item.id > after).order_by(Item.id)
            some = session.scalars(wanted.limit(BATCH)).all()
            session.expunge_all()
        if not some:
            return
        yield some
        after = some[-1].id
