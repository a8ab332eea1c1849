"""What whoever facilitated sums up of an occasion, for its report."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.events.models.held import Summing
from consult.events.models.planned import Occasion
from consult.events.trail import note
from consult.processes.models import Activity
from consult.processes.service import lock


@dataclass(frozen=True, slots=True)
class Summary:
    """What is summed up; the fields are those of `models.held.Summing`."""

    summary: LocalisedText
    conduct: LocalisedText
    themes: Mapping[str, str]


def summed(session: Session, occasion_id: uuid.UUID) -> Summing:
    """What was summed up of an occasion; nothing yet where nothing was."""
    nothing = LocalisedText()
    return session.get(Summing, occasion_id) or Summing(
        occasion_id=occasion_id, summary=nothing, conduct=nothing, themes={}, revision=0
    )


def all_summed(session: Session, occasions: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Summing]:
    """What was summed up of some occasions."""
    found = session.scalars(select(Summing).where(Summing.occasion_id.in_(occasions)))
    return {one.occasion_id: one for one in found}


def sum_up(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    wanted: Summary,
    *,
    seen: int,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Sum an occasion up, or change what was seen in a revision; refuses `events.summing.changed` if it is another."""
    lock(session, activity)
    if session.get(Summing, occasion.id) is None:
        session.add(summed(session, occasion.id))
        session.flush()
    values = {"summary": wanted.summary, "conduct": wanted.conduct, "themes": dict(wanted.themes)}
    same = Summing.occasion_id == occasion.id, Summing.revision == seen
    done = session.execute(update(Summing).where(*same).values(**values, revision=seen + 1))
    if cast(CursorResult[tuple[()]], done).rowcount != 1:
        raise Refused.because("events.summing.changed")
    note(session, activity, "sum_up", {"occasion": occasion.number}, by, now)
