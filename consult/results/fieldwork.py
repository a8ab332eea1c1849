"""Fieldwork counts: the only number before a release. Rounded down to tens, made once a day.

They show no count that a release of the same responses would hide. What they have shown counts among the things that
are known when a release is protected, and so is what they show of the very responses it is made of.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from consult.questionnaires.queries import documents
from consult.responses.models import SUSPECT, Response
from consult.results import columns, queries
from consult.results.content import content_of
from consult.results.measures import decided, measuring
from consult.results.models import FieldworkCount
from consult.results.terms import terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

COUNTRY: Final = "country_of_residence"
APART: Final = "apart"
"""Under which name the count of what is set apart, and left out of all others, is kept."""
ASKED: Final = "asked"
"""Under which name the id of the question is kept whose answers are the countries."""
_COUNTRY: Final = "country"
_CHANNEL: Final = CHANNEL.removeprefix(":")
_CIRCUMSTANCES: Final = {name.removeprefix(":"): name for name in (LOCALE, CHANNEL)}
_GRAIN: Final = 10

Counts = Mapping[str, int | str | Mapping[str, int]]


def count(session: Session, activity: Activity, limits: Thresholds, *, store: Store, engine: BaseBackend) -> Counts:
    """How many responses the column store holds: in total, by country of residence, locale and channel."""
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        known = tuple(measuring(decided(session, activity), held.terms.variables()))
        country = _country(session, activity, known)
        parts = _circumstances() | ({_COUNTRY: country} if country else {})
        found = tabulate(held.sources, tuple(parts.values()), [], limits.ordinary)
    before = _before(session, activity)
    few = activity.unit == Unit.PERSON and found.responses < limits.ordinary
    counts: dict[str, int | str | Mapping[str, int]] = {"total": 0 if few else _down(found.responses)}
    for part, variable in parts.items():
        counts[part] = _listed(activity, variable, found.tables, limits, before)
    if country:
        counts[ASKED] = country.id
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
    full, before = tuple(tables), _before(session, activity)
    countries = {one.id: one for one in (_country(session, activity, known), next(_by_country(known), None)) if one}
    now = [
        {key((variable.id, code)): _span(number) for code, number in listed.items()}
        for variable in (*_circumstances().values(), *countries.values())
        if (listed := _listed(activity, variable, full, limits, before))
    ]
    return _highest([before, *now])


def _before(session: Session, activity: Activity) -> Told:
    """The highest count that the page has shown of each cell, whatever the questions are taken for today."""
    kept = [dict(one.counts) for one in queries.counts(session, activity.id)]
    if any(ASKED not in counts and counts.get(_COUNTRY) for counts in kept):
        # Counts from before the question was kept with them are by what the questionnaire itself says.
        own = next(_by_country(terms_of(documents(session, activity.id)).variables()), None)
        kept = [{ASKED: own.id if own else "", **counts} for counts in kept]
    return _highest(
        {key((variable, code)): _span(number) for code, number in _shown(counts, part).items()}
        for counts in kept
        for part, variable in {**_CIRCUMSTANCES, _COUNTRY: counts.get(ASKED)}.items()
        if variable
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


def _circumstances() -> dict[str, Variable]:
    """What is always counted by, under the names that counts are kept by."""
    return {part: Variable(id=name, name=name, kind=Kind.SINGLE) for part, name in _CIRCUMSTANCES.items()}


def _country(session: Session, activity: Activity, known: Iterable[Variable]) -> Variable | None:
    """The question by which the page counts countries: that of the last release, before the first the one decided on.

    A release is protected beside the page of the same responses, so that what is decided after it about concepts holds
    for the page from the next one on. `known`: with what they measure by now.
    """
    by_id = {variable.id: variable for variable in known}
    for release in reversed(queries.all_published(session, activity.process_id)):
        for dataset in content_of(release.content).datasets:
            if dataset.activity == str(activity.id):
                return next((by_id[one.id] for one in _by_country(dataset.variables) if one.id in by_id), None)
    return next(_by_country(by_id.values()), None)


def _by_country(known: Iterable[Variable]) -> Iterator[Variable]:
    return (item for item in known if item.concept == COUNTRY and item.kind is Kind.SINGLE)


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
