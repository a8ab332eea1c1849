"""From the column store to protected tables, activity by activity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.aggregation import joint
from consult.core.aggregation.audit import Audited, protect
from consult.core.aggregation.dependencies import Dependency, dependencies
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import UNTOLD, Category, Dataset, Kind, Table, Told, Variable
from consult.core.aggregation.tabulate import Tabulation, tabulate
from consult.core.aggregation.variables import CHANNEL, CIRCUMSTANCES, EDITION, LOCALE
from consult.core.errors import Refused
from consult.participation.models import Channel
from consult.processes.models import Activity, Process, Unit
from consult.processes.models import Kind as ActivityKind
from consult.questionnaires.queries import documents
from consult.results import columns, fieldwork
from consult.results.content import Plan, RestrictedDataset, SegmentRef
from consult.results.presentation import Reader, circumstance_label
from consult.results.terms import Terms, terms_of

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
) -> tuple[Computed, ...]:
    """The tables of every questionnaire of a process that has responses in the column store.

    `wanted`: what to break them down by. `told`: by activity, what was known beforehand; none: what the fieldwork pages
    have said so far.
    """
    return tuple(
        _compute(session, activity, wanted, limits, store, engine, told)
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
) -> Computed:
    with columns.held(session, activity.id, store=store, engine=engine) as held:
        terms = held.terms
        known = (*terms.variables(), *_circumstances(terms))
        pairs, together = crossings(known, wanted)
        tabulation = tabulate(held.sources, known, pairs, limits.ordinary, together)
    if told is None:
        before = fieldwork.told(session, activity, known, tabulation.tables, limits)
    else:
        before = told.get(str(activity.id), UNTOLD)
    numbers = [edition.number for edition in terms.editions]
    depends = (
        *dependencies(terms.questionnaires, tabulation.variables, tabulation.tables, terms.readings, numbers),
        *joint.dependencies(tabulation.variables),
    )
    audited = _audited(activity, tabulation, limits, before, depends)
    hidden = activity.unit == Unit.PERSON and tabulation.responses < limits.ordinary
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


def _circumstances(terms: Terms) -> tuple[Variable, ...]:
    """How responses came in, in which language and of which edition, as variables."""
    offered = dict.fromkeys(locale for one in reversed(terms.questionnaires) for locale in one.locales)
    codes: Mapping[str, Iterable[str]] = {
        CHANNEL: Channel,
        LOCALE: offered,
        EDITION: [str(edition.number) for edition in terms.editions],
    }
    return tuple(
        Variable(
            id=name,
            name=name.removeprefix(":"),
            kind=Kind.SINGLE,
            categories=tuple(Category(code=code) for code in found),
        )
        for name, found in codes.items()
        if name != EDITION or len(terms.editions) > 1
    )


class Crossings(NamedTuple):
    """What is broken down by what."""

    pairs: list[tuple[str, str]]
    """Variables with their groups."""
    together: list[tuple[str, ...]]
    """Variables by which others are broken down together; a pair names them by the id of the joint variable."""


def crossings(known: Sequence[Variable], wanted: Sequence[str]) -> Crossings:
    """Which variable is to be broken down by which groups; no pair twice, and nothing that has a single category.

    What is wanted names a concept, an id or a name, or two at a time with `*` between them. Refuses
    `results.plan.too_many` beyond `MOST_CROSSED` tables, and `results.plan.too_deep` where more stand together.
    """
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    together: dict[tuple[str, str], None] = {}
    for name in wanted:
        if name.count(joint.BY) > 1:
            raise Refused.because("results.plan.too_deep", groups=name)
        for parts in _named(known, name.split(joint.BY)):
            ids = tuple(part.id for part in parts)
            if len(parts) > 1:
                both = parts[0].id, parts[1].id
                together[both] = None
                pairs.setdefault(frozenset(both), both)
            for variable in known:
                if variable.id not in ids and _varies(variable, ids):
                    pair = variable.id, joint.BY.join(ids)
                    pairs.setdefault(frozenset(pair), pair)
    if len(pairs) > MOST_CROSSED:
        raise Refused.because("results.plan.too_many", tables=len(pairs), most=MOST_CROSSED)
    return Crossings(list(pairs.values()), list(together))


def _named(known: Sequence[Variable], names: Sequence[str]) -> Iterator[tuple[Variable, ...]]:
    """The variables of a name; of several names, those of each with those of the others."""
    found = [
        [one for one in known if name in (one.concept, one.id, one.name) and one.kind not in (Kind.MULTIPLE, Kind.TEXT)]
        for name in names
    ]
    return (parts for parts in product(*found) if len({part.id for part in parts}) == len(parts))


def _varies(variable: Variable, groups: Sequence[str]) -> bool:
    """Whether a table of a variable by groups says something; of texts it says in which language they are."""
    if variable.kind is Kind.TEXT:
        return groups == (LOCALE,)
    return variable.id not in CIRCUMSTANCES and len(variable.categories) != 1


def groupings(session: Session, process: Process, reader: Reader) -> dict[str, str]:
    """What results can be broken down by: concepts (else questions by id), with their labels."""
    found: dict[str, str] = {}
    for activity in process.activities:
        terms = terms_of(documents(session, activity.id))
        for variable in (*terms.variables(), *_circumstances(terms)):
            if variable.kind not in (Kind.MULTIPLE, Kind.TEXT):
                label = circumstance_label(variable.id, reader) or reader.text(variable.label, activity.locales[0])
                found.setdefault(variable.concept or variable.id, label or variable.name)
    return found
