"""From the column store to protected tables, activity by activity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.aggregation import joint
from consult.core.aggregation.audit import Audited, protect
from consult.core.aggregation.dependencies import Dependency, dependencies
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.fits import Weighting
from consult.core.aggregation.tables import UNTOLD, Dataset, Kind, Matrix, Table, Told, Variable
from consult.core.aggregation.tabulate import Tabulation, tabulate
from consult.processes.models import Activity, Process, Unit
from consult.processes.models import Kind as ActivityKind
from consult.questionnaires.queries import documents
from consult.results import columns, fieldwork, margins, queries, weighing
from consult.results.content import Plan, RestrictedDataset, SegmentRef
from consult.results.crossings import crossings
from consult.results.measures import measures, measuring
from consult.results.models import Segment
from consult.results.presentation import Reader, circumstance_label
from consult.results.signing import signed
from consult.results.terms import Terms, circumstances, terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

STEPS: Final = 2
"""Of an activity: its tables are counted, then protected."""


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
    weightings: Mapping[str, Weighting | None] | None = None,
    step: Callable[[], None] = lambda: None,
) -> tuple[Computed, ...]:
    """The tables of every questionnaire of a process that has responses in the column store.

    `wanted`: what to break them down by. `told`: by activity, what was known beforehand; none: what the fieldwork pages
    have said so far. `weightings`: by activity, what it is weighted to; none: to the margins accepted by now.
    `step`: called `STEPS` times for each of `held_activities`.
    """

    def weighted_to(activity: Activity) -> Weighting | None:
        if weightings is not None:
            return weightings.get(str(activity.id))
        accepted = queries.accepted_margins(session, activity.id)
        return margins.wanted(accepted) if accepted else None

    return tuple(
        _compute(session, activity, wanted, limits, store, engine, told, weighted_to(activity), step)
        for activity in held_activities(session, process)
    )


def held_activities(session: Session, process: Process) -> list[Activity]:
    """The questionnaires of a process that have responses in the column store."""
    return [
        activity
        for activity in process.activities
        if activity.kind == ActivityKind.QUESTIONNAIRE and columns.manifest(session, activity.id)
    ]


class _Counted(NamedTuple):
    """What was read of an activity while nobody rewrote it."""

    terms: Terms
    segments: Sequence[Segment]
    tabulation: Tabulation
    joint: weighing.Joint | None
    matrix: Matrix | None


def _counted(
    session: Session,
    activity: Activity,
    wanted: Sequence[str],
    limits: Thresholds,
    store: Path,
    engine: BaseBackend,
    weighting: Weighting | None,
) -> _Counted:
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        known = (*measuring(session, activity, held.terms.variables()), *circumstances(held.terms))
        apart = weighting is not None and len(weighing.channels(held.sources)) > 1
        pairs, together = crossings(known, list(dict.fromkeys([*wanted, "channel"])) if apart else wanted)
        tabulation = tabulate(held.sources, known, pairs, limits.ordinary, together)
        joint = weighing.count(held.sources, tabulation, weighting, apart) if weighting else None
        matrix = signed(held, store, activity.id) if activity.unit == Unit.INSTITUTION else None
    return _Counted(held.terms, held.segments, tabulation, joint, matrix)


def _compute(
    session: Session,
    activity: Activity,
    wanted: Sequence[str],
    limits: Thresholds,
    store: Path,
    engine: BaseBackend,
    told: Mapping[str, Told] | None,
    weighting: Weighting | None,
    step: Callable[[], None],
) -> Computed:
    counted = _counted(session, activity, wanted, limits, store, engine, weighting)
    terms, tabulation = counted.terms, counted.tabulation
    step()
    if told is None:
        before = fieldwork.told(session, activity, tabulation.variables, tabulation.tables, limits)
    else:
        before = told.get(str(activity.id), UNTOLD)
    depends = tuple(_depends(terms, tabulation))
    audited = _audited(activity, tabulation, limits, before, depends)
    protected = activity.unit == Unit.PERSON
    weighted, weights = weighing.weigh(counted.joint, audited, depends, protected=protected)
    step()
    hidden = protected and tabulation.responses < limits.ordinary
    return Computed(
        Dataset(
            activity=str(activity.id),
            slug=activity.slug,
            title=activity.title,
            unit=activity.unit,
            source=activity.locales[0],
            editions=tuple((edition.number, edition.hash) for edition in terms.editions),
            responses=None if hidden else tabulation.responses,
            variables=tuple(_met(tabulation.variables, audited.tables)),
            tables=audited.tables,
            maps=terms.maps,
            round=activity.round,
            previous=str(activity.previous_id) if activity.previous_id else "",
            matrix=counted.matrix,
            measures=measures(session, activity, tabulation.variables),
            weighting=weighted,
        ),
        RestrictedDataset(
            activity=str(activity.id),
            segments=tuple(SegmentRef(id=str(segment.id), hash=segment.hash) for segment in counted.segments),
            variables=tabulation.variables,
            tables=tabulation.tables,
            needs=tuple(sorted(audited.needs.items())),
            told=tuple(sorted(audited.told.items())),
            depends=depends,
            withheld=audited.withheld,
            weights=weights,
        ),
    )


def _depends(terms: Terms, tabulation: Tabulation) -> Iterator[Dependency]:
    """What everybody knows of the variables: from the questionnaires, and because some are made of others."""
    numbers = [edition.number for edition in terms.editions]
    yield from dependencies(terms.questionnaires, tabulation.variables, tabulation.tables, terms.readings, numbers)
    yield from joint.dependencies(tabulation.variables)


def _met(variables: Iterable[Variable], tables: Sequence[Table]) -> Iterator[Variable]:
    """The variables with what tables show of them: of joint ones, the combinations that there may be."""
    one_way = {table.variable: table for table in tables if not table.by}
    return (joint.met(variable, one_way[variable.id]) if variable.parts else variable for variable in variables)


def _audited(
    activity: Activity, tabulation: Tabulation, limits: Thresholds, told: Told, depends: Sequence[Dependency]
) -> Audited:
    """What institutions sign off is attributable; what persons answer is always protected."""
    if activity.unit != Unit.PERSON:
        return Audited(tabulation.tables, {}, UNTOLD, ())
    known = {variable.id: variable for variable in tabulation.variables}
    return protect(known, tabulation.tables, limits, told, depends)


def groupings(session: Session, process: Process, reader: Reader) -> dict[str, str]:
    """What results can be broken down by: concepts (else questions by id), with their labels."""
    found: dict[str, str] = {}
    for activity in process.activities:
        terms = terms_of(documents(session, activity.id))
        for variable in (*measuring(session, activity, terms.variables()), *circumstances(terms)):
            if variable.kind not in (Kind.MULTIPLE, Kind.TEXT):
                label = circumstance_label(variable.id, reader) or reader.text(variable.label, activity.locales[0])
                found.setdefault(variable.concept or variable.id, label or variable.name)
    return found
