"""Fieldwork counts: the only number before a release. Rounded down to tens, made once a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from consult.core.aggregation.tables import Kind, Variable
from consult.core.aggregation.tabulate import tabulate
from consult.core.aggregation.variables import CHANNEL, LOCALE, variables
from consult.results import columns, segments
from consult.results.models import FieldworkCount

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

COUNTRY: Final = "country_of_residence"
_GRAIN: Final = 10

Counts = Mapping[str, int | Mapping[str, int]]


def count(session: Session, activity_id: uuid.UUID, *, store: Path, engine: BaseBackend) -> Counts:
    """How many responses the column store holds: in total, by country of residence, locale and channel."""
    known = variables(list(columns.editions(session, activity_id).values()))
    wanted = [Variable(id=name, name=name, kind=Kind.SINGLE) for name in (LOCALE, CHANNEL)]
    country = next((item for item in known if item.concept == COUNTRY and item.kind is Kind.SINGLE), None)
    with segments.locked(store, activity_id, exclusive=False):
        sources = columns.sources(session, activity_id, store=store, engine=engine)
        found = tabulate(sources, [*wanted, *([country] if country else [])], [], _GRAIN)
    names = {LOCALE: "locale", CHANNEL: "channel"}
    counts: dict[str, int | Mapping[str, int]] = {"total": _down(found.responses)}
    for table in found.tables:
        rounded = {row.code: _down(row.counts[0] or 0) for row in table.rows}
        counts[names.get(table.variable, "country")] = {code: number for code, number in rounded.items() if number}
    return counts


def keep(session: Session, activity_id: uuid.UUID, counts: Counts, day: dt.date) -> None:
    """Note the counts of a day; those of a day stay as they were first made."""
    if session.get(FieldworkCount, (activity_id, day)) is None:
        session.add(FieldworkCount(activity_id=activity_id, day=day, counts=dict(counts)))
        session.flush()


def _down(number: int) -> int:
    return number - number % _GRAIN
