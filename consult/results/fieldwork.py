"""Fieldwork counts: the only number before a release. Rounded down to tens, made once a day.

They show no count that a release of the same responses would hide. What they have shown counts among the things that
are known when a release is protected, and so is what they show of the very responses it is made of.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.config import Store
from consult.core.aggregation.disclosure import Thresholds, protect_one_way
from consult.core.aggregation.tables import Key, Kind, Span, Table, Told, Variable, key
from consult.core.aggregation.tabulate import tabulate
from consult.core.aggregation.variables import CHANNEL, LOCALE
from consult.participation import queries as participation
from consult.participation.models import Channel
from consult.processes.models import Activity, Unit
from consult.responses.models import SUSPECT, Response
from consult.results import columns, queries
from consult.results.models import FieldworkCount

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

COUNTRY: Final = "country_of_residence"
APART: Final = "apart"
"""Under which name the count of what is set apart, and left out of all others, is kept."""
_CHANNEL: Final = CHANNEL.removeprefix(":")
_GRAIN: Final = 10

Counts = Mapping[str, int | Mapping[str, int]]


def count(session: Session, activity: Activity, limits: Thresholds, *, store: Store, engine: BaseBackend) -> Counts:
    """How many responses the column store holds: in total, by country of residence, locale and channel."""
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        parts = _parts(held.terms.variables())
        found = tabulate(held.sources, tuple(parts.values()), [], limits.ordinary)
    before = _before(session, activity, parts)
    few = activity.unit == Unit.PERSON and found.responses < limits.ordinary
    counts: dict[str, int | Mapping[str, int]] = {"total": 0 if few else _down(found.responses)}
    for part, variable in parts.items():
        counts[part] = _listed(activity, variable, found.tables, limits, before)
    if not participation.guard(session, activity.id).counted:
        counts[APART] = _set_apart(session, activity, limits)
    return counts


def _set_apart(session: Session, activity: Activity, limits: Thresholds) -> int:
    """How many responses the bot measures keep out of the column store, as the page shows it."""
    number = session.scalar(select(func.count()).where(Response.activity_id == activity.id, SUSPECT)) or 0
    return 0 if activity.unit == Unit.PERSON and number < limits.ordinary else _down(number)


def told(
    session: Session, activity: Activity, known: Sequence[Variable], tables: Iterable[Table], limits: Thresholds
) -> Told:
    """What fieldwork pages have said, and what one says that is made of the same responses as these full tables."""
    parts, full = _parts(known), tuple(tables)
    before = _before(session, activity, parts)
    now = [
        {key((variable.id, code)): _span(number) for code, number in listed.items()}
        for variable in parts.values()
        if (listed := _listed(activity, variable, full, limits, before))
    ]
    return _highest([before, *now])


def _before(session: Session, activity: Activity, parts: Mapping[str, Variable]) -> Told:
    """The highest count that the page has shown of each cell."""
    return _highest(
        {key((variable.id, code)): _span(number) for code, number in _shown(kept.counts, part).items()}
        for kept in queries.counts(session, activity.id)
        for part, variable in parts.items()
    )


def _shown(counts: Mapping[str, Any], part: str) -> Mapping[str, int]:
    """The counts by a variable that a page showed; what was set apart stands beside them and is a channel too."""
    listed: Mapping[str, int] = counts.get(part, {})
    apart = {Channel.SUSPECT.value: counts[APART]} if part == _CHANNEL and counts.get(APART) else {}
    return {**listed, **apart}


def _highest(known: Iterable[Told]) -> Told:
    highest: dict[Key, Span] = {}
    for spans in known:
        for cell, span in spans.items():
            highest[cell] = max(span, highest.get(cell, span), key=lambda one: one.least)
    return highest


def _listed(
    activity: Activity, variable: Variable, tables: Iterable[Table], limits: Thresholds, before: Told
) -> dict[str, int]:
    """The rounded counts by a variable that the page shows."""
    table = next(table for table in tables if table.variable == variable.id and not table.by)
    if activity.unit == Unit.PERSON:
        table = protect_one_way(table, limits.least(variable), sensitive=variable.sensitive, told=before).table
    rounded = {row.code: _down(row.counts[0] or 0) for row in table.rows}
    return {code: number for code, number in rounded.items() if number}


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


def _span(number: int) -> Span:
    """What a rounded count says, if no response has come since."""
    return Span(number, number + _GRAIN - 1)


def _down(number: int) -> int:
    return number - number % _GRAIN
