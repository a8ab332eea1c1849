"""The public log of moderation: what was decided on which day and why, never about which words or by whom."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.models.moderated import Decision
from consult.consultations.moderating import SILENT

DAYS: Final = 14
"""On a page."""


class Line(NamedTuple):
    """Decisions of a day that are alike in everything that is told of them."""

    day: dt.date
    act: str
    reason: str
    kind: str
    locale: str
    appeal: str
    """What became of appeals: ``, `open`, `upheld`, `overturned`."""
    number: int


def totals(session: Session, activity_id: uuid.UUID) -> list[tuple[str, str, str, int]]:
    """How many decisions there are by act, reason and what became of appeals."""
    by = Decision.appeal, Decision.act, Decision.reason
    wanted = select(*by, func.count()).where(Decision.activity_id == activity_id, Decision.act.not_in(SILENT))
    rows = session.execute(wanted.group_by(*by).order_by(Decision.act, Decision.reason, Decision.appeal))
    return [(act, reason, appeal, number) for appeal, act, reason, number in rows]


def lines(
    session: Session, activity_id: uuid.UUID, *, before: dt.date | None = None, days: int = DAYS
) -> tuple[list[Line], dt.date | None]:
    """Decisions of the latest days on which there were any, or of those before a day; and before which day to go on.

    None is the second where nothing is left.
    """
    told = [Decision.activity_id == activity_id, Decision.act.not_in(SILENT)]
    if before is not None:
        told.append(Decision.day < before)
    wanted = select(Decision.day).where(*told).distinct().order_by(Decision.day.desc()).limit(days + 1)
    found = session.scalars(wanted).all()
    if not found:
        return [], None
    first = found[:days][-1]
    by = Decision.day, Decision.act, Decision.reason, Decision.object, Decision.locale, Decision.appeal
    grouped = select(*by, func.count()).where(*told, Decision.day >= first).group_by(*by)
    rows = session.execute(grouped.order_by(Decision.day.desc(), *by[1:]))
    return [Line(*row) for row in rows], first if len(found) > days else None
