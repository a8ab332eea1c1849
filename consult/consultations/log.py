"""The public log of moderation: what was decided on which day and why, never about which words or by whom.

A number tells of nobody alone: a decision about one contribution would be known to whoever knows of it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.models.moderated import Decision
from consult.consultations.moderating import SILENT
from consult.core.bands import Band, band

DAYS: Final = 14
"""On a page."""


class Line(NamedTuple):
    """Decisions of a day that are alike in everything that is told of them."""

    day: dt.date
    act: str
    reason: str
    kind: str
    locale: str
    """Empty where fewer decisions than the threshold are about contributions in it."""
    appeal: str
    """What became of appeals: ``, `upheld`, `overturned`; of those that are open nothing is told."""
    number: Band


def totals(session: Session, activity_id: uuid.UUID, *, threshold: int) -> list[tuple[str, str, str, Band]]:
    """How many decisions there are by act, reason and what became of appeals; in bands of which none tells of fewer
    than the threshold."""
    by = Decision.act, Decision.reason, Decision.appeal
    wanted = select(*by, func.count()).where(Decision.activity_id == activity_id, Decision.act.not_in(SILENT))
    found: Counter[tuple[str, str, str]] = Counter()
    for act, reason, appeal, number in session.execute(wanted.group_by(*by)):
        found[act, reason, _settled(appeal)] += number
    return [(*key, told) for key, number in sorted(found.items()) if (told := band(number, threshold))]


def lines(
    session: Session, activity_id: uuid.UUID, *, threshold: int, before: dt.date | None = None, days: int = DAYS
) -> tuple[list[Line], dt.date | None]:
    """Decisions of the latest days on which there were any, or of those before a day; and before which day to go on.

    None is the second where nothing is left.
    """
    all_told = Decision.activity_id == activity_id, Decision.act.not_in(SILENT)
    told = [*all_told, Decision.day < before] if before is not None else [*all_told]
    wanted = select(Decision.day).where(*told).distinct().order_by(Decision.day.desc()).limit(days + 1)
    found = session.scalars(wanted).all()
    if not found:
        return [], None
    first = found[:days][-1]
    many = select(Decision.locale).where(*all_told).group_by(Decision.locale).having(func.count() >= threshold)
    locales = set(session.scalars(many))
    by = Decision.day, Decision.act, Decision.reason, Decision.object, Decision.locale, Decision.appeal
    grouped = select(*by, func.count()).where(*told, Decision.day >= first).group_by(*by)
    numbers: Counter[tuple[dt.date, str, str, str, str, str]] = Counter()
    for day, act, reason, kind, locale, appeal, number in session.execute(grouped):
        numbers[day, act, reason, kind, locale if locale in locales else "", _settled(appeal)] += number
    ordered = sorted(sorted(numbers.items()), key=lambda line: line[0][0], reverse=True)
    shown = [Line(*key, number=told_as) for key, count in ordered if (told_as := band(count, threshold))]
    return shown, first if len(found) > days else None


def _settled(appeal: str) -> str:
    return "" if appeal == "open" else appeal
