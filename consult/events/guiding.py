"""The facilitator's guide: what is asked on which theme, and how long that takes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core import positions
from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.text import LocalisedText
from consult.events.models.held import GuideBlock
from consult.events.trail import note
from consult.events.wordings import renewing
from consult.processes.models import Activity
from consult.processes.service import lock


@dataclass(frozen=True, slots=True)
class Outline:
    """What a block holds; the fields are those of `models.held.GuideBlock`."""

    theme: str
    title: LocalisedText
    questions: LocalisedText
    probes: LocalisedText
    minutes: int


def blocks(session: Session, activity_id: uuid.UUID) -> Sequence[GuideBlock]:
    """The blocks of a guide in their order."""
    wanted = select(GuideBlock).where(GuideBlock.activity_id == activity_id)
    return session.scalars(wanted.order_by(GuideBlock.position, GuideBlock.id)).all()


def find(session: Session, activity_id: uuid.UUID, block_id: uuid.UUID) -> GuideBlock | None:
    """One of them."""
    return session.scalar(select(GuideBlock).where(GuideBlock.activity_id == activity_id, GuideBlock.id == block_id))


def put(
    session: Session,
    activity: Activity,
    block: GuideBlock | None,
    outline: Outline,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> GuideBlock:
    """Add a block after all others, or change one.

    Refuses `events.guide.title` and `events.guide.questions` where they are missing in the locale of the event; in
    others a facilitator reads what there is.
    """
    source = activity.locales[:1]
    refuse_if_any(
        Problem(code, place=Place(field=f"{name}-{locale}"))
        for code, name, text in (
            ("events.guide.title", "title", outline.title),
            ("events.guide.questions", "questions", outline.questions),
        )
        for locale in text.missing(source)
    )
    lock(session, activity)
    with renewing(session, activity, by, now):
        if block is None:
            last = positions.after(blocks(session, activity.id))
            block = GuideBlock(id=uuid.uuid4(), activity_id=activity.id, position=last)
        block.theme, block.title, block.minutes = outline.theme, outline.title, outline.minutes
        block.questions, block.probes = outline.questions, outline.probes
        session.add(block)
    note(session, activity, "guide", {"block": str(block.id), "theme": block.theme}, by, now)
    return block


def raise_up(session: Session, activity: Activity, block: GuideBlock, *, by: Actor | None, now: dt.datetime) -> None:
    """Put a block before the one that stands before it."""
    lock(session, activity)
    positions.raise_up(blocks(session, activity.id), block)
    note(session, activity, "order_guide", {"block": str(block.id)}, by, now)


def remove(session: Session, activity: Activity, block: GuideBlock, *, by: Actor | None, now: dt.datetime) -> None:
    """Take a block out; what was noted under it stays."""
    lock(session, activity)
    session.delete(block)
    session.flush()
    for position, one in enumerate(blocks(session, activity.id), start=1):
        one.position = position
    note(session, activity, "remove_block", {"block": str(block.id)}, by, now)
