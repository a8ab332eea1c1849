"""Fieldwork counts: the only number before a release. Rounded down to tens, made once a day.

They show no count that a release of the same responses would hide. What they have shown counts among the things that
are known when a release is protected.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from consult.core.aggregation.disclosure import Thresholds, protect_one_way
from consult.core.aggregation.tables import Key, Kind, Told, Variable, key
from consult.core.aggregation.tabulate import tabulate
from consult.core.aggregation.variables import CHANNEL, LOCALE, variables
from consult.processes.models import Activity, Unit
from consult.results import columns, queries
from consult.results.models import FieldworkCount

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

COUNTRY: Final = "country_of_residence"
_GRAIN: Final = 10

Counts = Mapping[str, int | Mapping[str, int]]


def count(session: Session, activity: Activity, limits: Thresholds, *, store: Path, engine: BaseBackend) -> Counts:
    """How many responses the column store holds: in total, by country of residence, locale and channel."""
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        parts = _parts(variables(held.questionnaires))
        found = tabulate(held.sources, tuple(parts.values()), [], limits.ordinary)
    before = told(session, activity.id, tuple(parts.values()))
    secret = activity.unit == Unit.PERSON
    counts: dict[str, int | Mapping[str, int]] = {
        "total": 0 if secret and found.responses < limits.ordinary else _down(found.responses)
    }
    for (part, variable), table in zip(parts.items(), found.tables, strict=True):
        if secret:
            table = protect_one_way(table, limits.least(variable), sensitive=variable.sensitive, told=before).table
        rounded = {row.code: _down(row.counts[0] or 0) for row in table.rows}
        counts[part] = {code: number for code, number in rounded.items() if number}
    return counts


def told(session: Session, activity_id: uuid.UUID, known: Sequence[Variable]) -> Told:
    """The highest count that the fieldwork page has ever shown of each cell."""
    highest: dict[Key, int] = {}
    parts = _parts(known)
    for kept in queries.counts(session, activity_id):
        for part, variable in parts.items():
            for code, number in kept.counts.get(part, {}).items():
                cell = key((variable.id, code))
                highest[cell] = max(number, highest.get(cell, 0))
    return highest


def _parts(known: Sequence[Variable]) -> Mapping[str, Variable]:
    """What is counted by, under the names that counts are kept by."""
    parts = {name.removeprefix(":"): Variable(id=name, name=name, kind=Kind.SINGLE) for name in (LOCALE, CHANNEL)}
    country = next((item for item in known if item.concept == COUNTRY and item.kind is Kind.SINGLE), None)
    return {**parts, "country": country} if country else parts


def keep(session: Session, activity_id: uuid.UUID, counts: Counts, day: dt.date) -> None:
    """Note the counts of a day; those of a day stay as they were first made."""
    if session.get(FieldworkCount, (activity_id, day)) is None:
        session.add(FieldworkCount(activity_id=activity_id, day=day, counts=dict(counts)))
        session.flush()


def _down(number: int) -> int:
    return number - number % _GRAIN
