"""Answers for translators: in batches, by names that join nothing, in the random order of these names."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from consult.coding import queries, texts
from consult.coding.models import AnswerTranslation, Batch, Item, ItemKind
from consult.coding.service import note
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.exchange.entries import Entry, Exchange
from consult.core.text import clean
from consult.core.translation import State
from consult.db.insert import insert
from consult.processes.models import Activity, Process
from consult.processes.service import lock

MOST: Final = 500
"""Answers of a batch."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Answers in one language that no translator has yet."""

    activity_id: uuid.UUID
    locale: str
    count: int


def waiting(session: Session, process: Process) -> list[Waiting]:
    """What could go to translators, by questionnaire and language: all that is not in the process's first locale."""
    wanted = (
        select(Item.activity_id, Item.locale, func.count())
        .where(queries.of_process(process.id), _untranslated(process.locales[0]))
        .group_by(Item.activity_id, Item.locale)
    )
    return sorted(
        (Waiting(*row) for row in session.execute(wanted)), key=lambda one: (str(one.activity_id), one.locale)
    )


def _untranslated(target: str) -> ColumnElement[bool]:
    there = exists().where(
        AnswerTranslation.activity_id == Item.activity_id,
        AnswerTranslation.item_id == Item.id,
        AnswerTranslation.locale == target,
    )
    return (Item.kind == ItemKind.ANSWER) & (Item.state == "open") & (Item.locale != target) & ~there


def make(
    session: Session, activity: Activity, source: str, *, size: int = MOST, by: Actor | None, now: dt.datetime
) -> Batch:
    """Put answers in a language aside for translators, into the first locale of the process.

    Refuses `coding.batch.empty` where there are none.
    """
    lock(session, activity)
    target = activity.process.locales[0]
    wanted = select(Item.id).where(Item.activity_id == activity.id, Item.locale == source, _untranslated(target))
    items = session.scalars(wanted.order_by(Item.id).limit(min(size, MOST))).all()
    if not items:
        raise Refused.because("coding.batch.empty")
    last = session.scalar(select(func.max(Batch.number)).where(Batch.activity_id == activity.id)) or 0
    batch = Batch(activity_id=activity.id, number=last + 1, source=source, target=target, by_id=by.id if by else None)
    session.add(batch)
    session.flush()
    rows = [
        {"activity_id": activity.id, "item_id": item, "locale": target, "batch_id": batch.id, "text": ""}
        for item in items
    ]
    session.execute(insert(session, AnswerTranslation).on_conflict_do_nothing(), rows)
    details = {"activity": activity.slug, "number": batch.number, "source": source, "target": target}
    note(session, activity.process, "make_batch", details, by=by, now=now)
    return batch


def file_of(session: Session, key: bytes, batch: Batch) -> Exchange:
    """A batch as a file for translators: names, questions, originals, translations; nothing of who wrote them."""
    items = session.scalars(
        select(Item)
        .join(
            AnswerTranslation,
            (AnswerTranslation.activity_id == Item.activity_id) & (AnswerTranslation.item_id == Item.id),
        )
        .where(AnswerTranslation.batch_id == batch.id, Item.state == "open")
        .order_by(Item.id)
    ).all()
    found = texts.read(session, key, items)
    entries = []
    for item in items:
        words = found.get((item.activity_id, item.id))
        if words is not None:
            done = words.translations.get(batch.target, "")
            state = State.DRAFT if done else State.MISSING
            asked = words.asked.resolve(batch.source).text
            entries.append(Entry(key=str(item.id), source=words.body, target=done, state=state, note=asked))
    return Exchange(batch.source, batch.target, tuple(entries), f"batch-{batch.number}")


def take(
    session: Session, process: Process, batch: Batch, found: Exchange, *, by: Actor | None, now: dt.datetime
) -> int:
    """Take in what translators wrote; how many answers they translated. What is empty in the file stays as it is.

    Refuses `exchange.locale` for a file of other languages and `coding.batch.other` for one of another batch.
    """
    if found.target != batch.target or (found.source and found.source != batch.source):
        raise Refused.because("exchange.locale", source=batch.source, target=batch.target)
    mine = AnswerTranslation.batch_id == batch.id
    known = {str(one) for one in session.scalars(select(AnswerTranslation.item_id).where(mine))}
    written = {entry.key: clean(entry.target).strip() for entry in found.entries if entry.target.strip()}
    # Those that were withdrawn or flagged meanwhile are no fault of the translator's
    if found.entries and not any(entry.key in known for entry in found.entries):
        raise Refused.because("coding.batch.other")
    done = sorted(set(written) & known)
    for name in done:
        values = {"text": written[name], "by_id": by.id if by else None}
        session.execute(
            update(AnswerTranslation).where(mine, AnswerTranslation.item_id == uuid.UUID(name)).values(values)
        )
    note(session, process, "take_batch", {"number": batch.number, "texts": len(done)}, by=by, now=now)
    return len(done)


def progress(session: Session, process: Process) -> dict[uuid.UUID, tuple[int, int]]:
    """How many answers each batch has, and how many of them are translated."""
    wanted = (
        select(AnswerTranslation.batch_id, func.count(), func.count(func.nullif(AnswerTranslation.text, "")))
        .join(Batch, Batch.id == AnswerTranslation.batch_id)
        .join(Activity, Activity.id == Batch.activity_id)
        .where(Activity.process_id == process.id)
        .group_by(AnswerTranslation.batch_id)
    )
    return {batch_id: (count, done) for batch_id, count, done in session.execute(wanted)}
