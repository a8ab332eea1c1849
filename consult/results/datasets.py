"""From the column store to protected tables, activity by activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.aggregation.audit import Audited, protect
from consult.core.aggregation.dependencies import Dependency, dependencies
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.perturbation import perturb
from consult.core.aggregation.tables import UNTOLD, Category, Dataset, Kind, Told, Variable
from consult.core.aggregation.tabulate import RECORD_KEY, Tabulation, tabulate
from consult.core.aggregation.variables import CHANNEL, LOCALE
from consult.core.errors import Refused
from consult.core.questionnaire.definition import Questionnaire
from consult.participation.models import Channel
from consult.processes.models import Activity, Process, Unit
from consult.processes.models import Kind as ActivityKind
from consult.questionnaires.queries import documents
from consult.results import columns, fieldwork
from consult.results.content import CELL_KEY, SUPPRESSION, Plan, RestrictedDataset, SegmentRef
from consult.results.presentation import Reader
from consult.results.terms import terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

MOST_CROSSED: Final = 600
"""Crossed tables of one activity in one release."""


class Computed(NamedTuple):
    """One activity's part of a release, for everybody and under seal."""

    dataset: Dataset
    restricted: RestrictedDataset


def thresholds(process: Process, floor: int, plan: Plan | None = None) -> Thresholds:
    """Those of a release: never under the installation's floor, nor under the process's."""
    return Thresholds.of(max(floor, process.threshold, plan.threshold if plan else 0))


def compute(
    session: Session,
    process: Process,
    wanted: Sequence[str],
    limits: Thresholds,
    *,
    store: Path,
    engine: BaseBackend,
    told: Mapping[str, Told] | None = None,
    method: str = SUPPRESSION,
) -> tuple[Computed, ...]:
    """The tables of every questionnaire of a process that has responses in the column store.

    `wanted`: what to break them down by. `told`: by activity, what was known beforehand; none: what the fieldwork pages
    have said so far. `method`: how what persons answered is protected; what institutions say is shown as it is.
    """
    return tuple(
        _compute(session, activity, wanted, limits, store, engine, told, method)
        for activity in process.activities
        if activity.kind == ActivityKind.QUESTIONNAIRE and columns.manifest(session, activity.id)
    )


def _compute(
    session: Session,
    activity: Activity,
    wanted: Sequence[str],
    limits: Thresholds,
    store: Path,
    engine: BaseBackend,
    told: Mapping[str, Told] | None,
    method: str,
) -> Computed:
    noised = method == CELL_KEY and activity.unit == Unit.PERSON
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        terms = held.terms
        known = (*terms.variables(), *_circumstances(terms.questionnaires))
        column = RECORD_KEY if noised else ""
        tabulation = tabulate(held.sources, known, crossings(known, wanted), limits.ordinary, column=column)
    if told is None:
        before = fieldwork.told(session, activity, known, tabulation.tables, limits)
    else:
        before = told.get(str(activity.id), UNTOLD)
    depends = dependencies(terms.questionnaires, tabulation.variables, tabulation.tables, terms.readings)
    audited = _audited(activity, tabulation, limits, before, depends)
    return Computed(
        Dataset(
            activity=str(activity.id),
            slug=activity.slug,
            title=activity.title,
            unit=activity.unit,
            source=activity.locales[0],
            editions=tuple((edition.number, edition.hash) for edition in terms.editions),
            responses=_responses(activity, tabulation, audited, limits),
            variables=tabulation.variables,
            tables=audited.tables,
            maps=terms.maps,
            round=activity.round,
            previous=str(activity.previous_id) if activity.previous_id else "",
        ),
        RestrictedDataset(
            activity=str(activity.id),
            segments=tuple(SegmentRef(id=str(segment.id), hash=segment.hash) for segment in held.segments),
            variables=tabulation.variables,
            tables=tabulation.tables,
            needs=tuple(sorted(audited.needs.items())),
            told=tuple(sorted(audited.told.items())),
            depends=depends,
            withheld=audited.withheld,
        ),
    )


def _responses(activity: Activity, tabulation: Tabulation, audited: Audited, limits: Thresholds) -> int | None:
    """How many responses there are, as the tables show it."""
    if activity.unit == Unit.PERSON and tabulation.responses < limits.ordinary:
        return None
    if tabulation.sums:
        return next((table.totals[0] for table in audited.tables if table.noise and not table.by), None)
    return tabulation.responses


def _audited(
    activity: Activity, tabulation: Tabulation, limits: Thresholds, told: Told, depends: Sequence[Dependency]
) -> Audited:
    """What institutions sign off is attributable; what persons answer is always protected."""
    if activity.unit != Unit.PERSON:
        return Audited(tabulation.tables, {}, UNTOLD, ())
    known = {variable.id: variable for variable in tabulation.variables}
    if tabulation.sums:
        return perturb(known, tabulation.tables, tabulation.sums, limits, told, depends)
    return protect(known, tabulation.tables, limits, told, depends)


def _circumstances(questionnaires: Sequence[Questionnaire]) -> tuple[Variable, ...]:
    """How responses came in and in which language, as variables."""
    offered = dict.fromkeys(locale for one in reversed(questionnaires) for locale in one.locales)
    return (
        Variable(
            id=CHANNEL,
            name="channel",
            kind=Kind.SINGLE,
            categories=tuple(Category(code=channel) for channel in Channel),
        ),
        Variable(
            id=LOCALE,
            name="locale",
            kind=Kind.SINGLE,
            categories=tuple(Category(code=locale) for locale in offered),
        ),
    )


def crossings(known: Sequence[Variable], wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Which variable is to be broken down by which groups; no pair twice, and nothing that has a single category.

    Refuses `results.plan.too_many` beyond `MOST_CROSSED` tables.
    """
    groups = [
        variable
        for name in wanted
        for variable in known
        if name in (variable.concept, variable.id, variable.name) and variable.kind not in (Kind.MULTIPLE, Kind.TEXT)
    ]
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for group in groups:
        for variable in known:
            alike = variable.kind is Kind.TEXT or len(variable.categories) == 1
            if variable.id not in (group.id, CHANNEL, LOCALE) and not alike:
                pairs.setdefault(frozenset((variable.id, group.id)), (variable.id, group.id))
    if len(pairs) > MOST_CROSSED:
        raise Refused.because("results.plan.too_many", tables=len(pairs), most=MOST_CROSSED)
    return list(pairs.values())


def groupings(session: Session, process: Process, reader: Reader) -> dict[str, str]:
    """What results can be broken down by: concepts (else questions by id), with their labels."""
    found: dict[str, str] = {}
    for activity in process.activities:
        for variable in terms_of(documents(session, activity.id)).variables():
            if variable.kind not in (Kind.MULTIPLE, Kind.TEXT):
                label = reader.text(variable.label, activity.locales[0]) or variable.name
                found.setdefault(variable.concept or variable.id, label)
    return found
