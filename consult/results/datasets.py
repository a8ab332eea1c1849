"""From the column store to protected tables, activity by activity."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET, UnsetType
from sqlalchemy.orm import Session

from consult.config import Store
from consult.core.aggregation import coded as coded_answers
from consult.core.aggregation import contributions, joint, orders, signups
from consult.core.aggregation.audit import Audited, protect
from consult.core.aggregation.dependencies import Dependency, dependencies
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.fits import Weighting
from consult.core.aggregation.perturbation import perturb
from consult.core.aggregation.tables import UNTOLD, Contributions, Dataset, Kind, Matrix, Table, Told, Variable
from consult.core.aggregation.tabulate import RECORD_KEY, Tabulation, tabulate
from consult.processes.models import Activity, Process, Unit
from consult.processes.models import Kind as ActivityKind
from consult.questionnaires.queries import documents
from consult.results import (
    attended,
    attending,
    coded,
    columns,
    consulting,
    fieldwork,
    margins,
    moment,
    queries,
    repeats,
    weighing,
    wording,
)
from consult.results.coded import Codes
from consult.results.content import CELL_KEY, SUPPRESSION, Plan, RestrictedDataset, SegmentRef
from consult.results.crossings import PLACES, SET_APART, WORDS, crossings
from consult.results.measures import Meanings, decided, intended, measures, measuring
from consult.results.models import Segment
from consult.results.presentation import Reader, circumstance_label
from consult.results.signing import signed
from consult.results.terms import Terms, circumstances, terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

STEPS: Final = 2
"""Of an activity: its tables are counted, then protected."""


class Computed(NamedTuple):
    """What an activity, or a repeat of it, contributes to a release, for everybody and under seal."""

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
    store: Store,
    engine: BaseBackend,
    key: bytes,
    told: Mapping[str, Told] | None = None,
    method: str = SUPPRESSION,
    weightings: Mapping[str, Weighting | None] | None = None,
    meanings: Mapping[str, Meanings] | None = None,
    codes: Mapping[str, Codes] | None = None,
    reads: Mapping[str, moment.Read] | None = None,
    step: Callable[[], None] = lambda: None,
) -> tuple[Computed, ...]:
    """The tables of every questionnaire of a process that has responses in the column store.

    `wanted`: what to break them down by. `told`: by activity, what was known beforehand; none: what the fieldwork pages
    have said so far. `method`: how what persons answered is protected; what institutions say is shown as it is.
    `weightings`: by activity, what it is weighted to; none: to the margins accepted by now. `meanings`: by activity,
    what its questions measure; none: what is decided by now, with the bins of the last release. `codes`: by activity,
    which its answers in words were given; none: those that count by now. `reads`: by activity, what came to a
    consultation or an event; none: what there is by now. `key`: the installation's key of codes, by
    which texts are found. `step`: called `STEPS` times for each of `held_activities`.
    """

    def made(activity: Activity) -> Iterator[Computed]:
        noised = method == CELL_KEY and queries.persons(activity)
        # Weighted shares follow from exact counts: beside noise they would tell them.
        weighting = None if noised else _weighting(session, activity, weightings)
        meant = intended(session, activity) if meanings is None else meanings.get(str(activity.id), {})
        kept = None if codes is None else codes.get(str(activity.id), UNSET)
        read = reads.get(str(activity.id)) if reads else None
        done = _Wanted(wanted, limits, store, engine, noised, weighting, meant, key, kept, read)
        return _compute(session, activity, done, told, step)

    return tuple(one for activity in held_activities(session, process) for one in made(activity))


def _weighting(
    session: Session, activity: Activity, weightings: Mapping[str, Weighting | None] | None
) -> Weighting | None:
    if weightings is not None:
        return weightings.get(str(activity.id))
    accepted = queries.accepted_margins(session, activity.id)
    return margins.wanted(accepted) if accepted else None


def held_activities(session: Session, process: Process) -> list[Activity]:
    """The questionnaires of a process that have responses in the column store, and the consultations and events to
    which anything came."""
    return [activity for activity in process.activities if moment.any_came(session, activity)]


class _Wanted(NamedTuple):
    """How one activity's part of a release is made."""

    crossings: Sequence[str]
    limits: Thresholds
    store: Store
    engine: BaseBackend
    noised: bool
    """Whether counts get the noise of cell keys."""
    weighting: Weighting | None
    meanings: Meanings
    key: bytes
    codes: Codes | None
    """None: those that count by now."""
    read: moment.Read | None
    """The same of a consultation or an event."""


class _Counted(NamedTuple):
    """What was read of an activity while nobody rewrote it."""

    terms: Terms
    segments: Sequence[Segment]
    tabulation: Tabulation
    codes: Codes
    joint: weighing.Joint | None
    matrix: Matrix | None
    entries: Sequence[repeats.Counted]
    about: Contributions | UnsetType
    """Of a consultation or an event."""
    came: attended.Came | None = None
    """What there is of an event."""


def _counted(session: Session, activity: Activity, wanted: _Wanted) -> _Counted:
    if activity.kind == ActivityKind.CONSULTATION:
        return _consulted(session, activity, wanted)
    if activity.kind == ActivityKind.EVENT:
        return _attended(session, activity, wanted)
    with columns.held(session, activity.id, store=wanted.store, engine=wanted.engine) as held:
        measured = tuple(measuring(wanted.meanings, held.terms.variables()))
        if PLACES in wanted.crossings:
            measured = tuple(orders.with_places(measured, held.sources))
        answers = coded.Answers(session, wanted.key, activity, held.sources)
        codes = answers.given() if wanted.codes is None else wanted.codes
        least = wanted.limits if queries.persons(activity) else None
        codes, measured, sources = answers.counted(codes, measured, least)
        known = (*measured, *circumstances(held.terms))
        apart = wanted.weighting is not None and len(weighing.channels(held.sources)) > 1
        names = list(dict.fromkeys([*wanted.crossings, "channel"])) if apart else wanted.crossings
        pairs, together = crossings(known, names)
        column = RECORD_KEY if wanted.noised else ""
        tabulation = tabulate(sources, known, pairs, wanted.limits.ordinary, together, column=column)
        joint = weighing.count(sources, tabulation, wanted.weighting, apart) if wanted.weighting else None
        matrix = signed(session, held, wanted.store, activity.id) if activity.unit == Unit.INSTITUTION else None
        of_entries = (
            () if wanted.noised else repeats.count(held, wanted.meanings, known, wanted.crossings, wanted.limits)
        )
        return _Counted(held.terms, held.segments, tabulation, codes, joint, matrix, tuple(of_entries), UNSET)


def _consulted(session: Session, activity: Activity, wanted: _Wanted) -> _Counted:
    limits, crossed = wanted.limits, wanted.crossings
    read = wanted.read or consulting.read(session, activity, wanted.key, apart=SET_APART in crossed)
    assert isinstance(read, consulting.Read)
    with consulting.held(activity, read, threshold=limits.ordinary, engine=wanted.engine) as held:
        known = (*held.terms.variables(), *circumstances(held.terms))
        statements = sum(contributions.is_statement(one.id) for one in known)
        pairs, together = crossings(known, contributions.crossed_by(crossed, statements), more=statements)
        column = RECORD_KEY if wanted.noised else ""
        tabulation = tabulate(held.sources, known, pairs, limits.ordinary, together, column=column)
        by = contributions.entries_crossed_by(crossed)
        of_people, may = contributions.profile(known), contributions.may_cross
        found = () if wanted.noised else repeats.count(held, {}, of_people, by, limits, may=may)
        (asked,) = held.terms.questionnaires
        entries = tuple(repeats.with_themes(one, asked) for one in found)
        return _Counted(held.terms, held.segments, tabulation, UNSET, None, None, entries, held.about)


def _attended(session: Session, activity: Activity, wanted: _Wanted) -> _Counted:
    read = wanted.read or attending.read(session, activity)
    assert isinstance(read, attending.Read)
    with attending.held(activity, read.came, engine=wanted.engine) as held:
        known = tuple(measuring(wanted.meanings, attending.known(held.terms)))
        pairs, together = crossings(known, signups.crossed_by(wanted.crossings))
        column = RECORD_KEY if wanted.noised else ""
        tabulation = tabulate(held.sources, known, pairs, wanted.limits.ordinary, together, column=column)
        about = attending.about(read.came)
        return _Counted(held.terms, held.segments, tabulation, UNSET, None, None, (), about, read.came)


def _compute(
    session: Session, activity: Activity, wanted: _Wanted, told: Mapping[str, Told] | None, step: Callable[[], None]
) -> Iterator[Computed]:
    """Of its responses, then of the entries of each of its repeats."""
    counted = _counted(session, activity, wanted)
    tabulation = counted.tabulation
    step()
    if activity.kind != ActivityKind.QUESTIONNAIRE:
        before = UNTOLD  # it has no fieldwork page
    elif told is None:
        before = fieldwork.told(session, activity, tabulation.variables, tabulation.tables, wanted.limits)
    else:
        before = told.get(str(activity.id), UNTOLD)
    depends = tuple(_depends(counted.terms, tabulation))
    audited = _audited(activity, tabulation, wanted.limits, before, depends)
    weighted, weights = weighing.weigh(counted.joint, audited, depends, protected=queries.persons(activity))
    shown = Computed(
        _shown(session, activity, counted, audited, weighted, wanted.limits),
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
            codes=counted.codes,
        ),
    )
    yield shown
    beside = repeats.Responses(counted.terms, tabulation.variables, audited, depends)
    for found in repeats.protected(activity, counted.entries, beside):
        yield Computed(repeats.dataset(activity, found, shown.dataset), repeats.restricted(found, shown.restricted))
    if counted.came:
        said = attending.records(activity, counted.came, shown.dataset, shown.restricted, wanted.engine)
        yield from itertools.starmap(Computed, said)
    step()


def _shown(
    session: Session,
    activity: Activity,
    counted: _Counted,
    audited: Audited,
    weighted: Weighting | UnsetType,
    limits: Thresholds,
) -> Dataset:
    """What everybody is to see of an activity."""
    variables = counted.tabulation.variables
    return Dataset(
        activity=str(activity.id),
        slug=activity.slug,
        title=repeats.titled(activity, wording.named(counted.about.of)) if counted.about else activity.title,
        unit=Unit.PERSON if queries.persons(activity) else activity.unit,
        source=activity.locales[0],
        editions=tuple((edition.number, edition.hash) for edition in counted.terms.editions),
        responses=_responses(activity, counted.tabulation, audited, limits),
        variables=tuple(_met(variables, audited.tables)),
        tables=audited.tables,
        maps=counted.terms.maps,
        round=activity.round,
        previous=str(activity.previous_id) if activity.previous_id else "",
        matrix=counted.matrix,
        measures=measures(session, activity, variables),
        weighting=weighted,
        contributions=counted.about,
        codebook=coded.version_of(session, activity, counted.codes),
    )


def _depends(terms: Terms, tabulation: Tabulation) -> Iterator[Dependency]:
    """What everybody knows of the variables: from the questionnaires, and because some are made of others."""
    numbers = [edition.number for edition in terms.editions]
    known = dependencies(terms.questionnaires, tabulation.variables, tabulation.tables, terms.readings, numbers)
    yield from known
    yield from coded_answers.dependencies(tabulation.variables, known)
    yield from joint.dependencies(tabulation.variables)
    yield from orders.dependencies(tabulation.variables)


def _met(variables: Iterable[Variable], tables: Sequence[Table]) -> Iterator[Variable]:
    """The variables with what tables show of them: of joint ones, the combinations that there may be."""
    one_way = {table.variable: table for table in tables if not table.by}
    return (joint.met(variable, one_way[variable.id]) if variable.parts else variable for variable in variables)


def _responses(activity: Activity, tabulation: Tabulation, audited: Audited, limits: Thresholds) -> int | None:
    """How many responses there are, as the tables show it."""
    if queries.persons(activity) and tabulation.responses < limits.ordinary:
        return None
    if tabulation.sums:
        return next((table.totals[0] for table in audited.tables if table.noise and not table.by), None)
    return tabulation.responses


def _audited(
    activity: Activity, tabulation: Tabulation, limits: Thresholds, told: Told, depends: Sequence[Dependency]
) -> Audited:
    """What institutions sign off is attributable; what persons answer is always protected."""
    if not queries.persons(activity):
        return Audited(tabulation.tables, {}, UNTOLD, ())
    known = {variable.id: variable for variable in tabulation.variables}
    if tabulation.sums:
        return perturb(known, tabulation.tables, tabulation.sums, limits, told, depends)
    return protect(known, tabulation.tables, limits, told, depends)


def groupings(session: Session, process: Process, reader: Reader) -> dict[str, str]:
    """What results can be broken down by: concepts (else questions by id), with their labels."""
    found: dict[str, str] = {}
    for variable, activity in _asked(session, process):
        if variable.kind not in (Kind.MULTIPLE, Kind.TEXT):
            label = circumstance_label(variable.id, reader) or reader.text(variable.label, activity.locales[0])
            fixed = wording.question(variable, reader.words) if activity.kind != ActivityKind.QUESTIONNAIRE else ""
            found.setdefault(variable.concept or variable.id, label or fixed or variable.name)
    return found


def details(session: Session, process: Process, reader: Reader) -> dict[str, str]:
    """What a release can hold beside, where something of the kind was asked, with its name."""
    _ = reader.words
    kinds = {variable.kind for variable, _activity in _asked(session, process)}
    offered = {
        PLACES: (Kind.RANK in kinds, _("Every place of orders, with mean ranks")),
        WORDS: (Kind.TEXT in kinds, _("Answers in words, by language")),
        SET_APART: (
            any(activity.kind == ActivityKind.CONSULTATION for activity in process.activities),
            _("What was set apart in consultations, as possibly automated or passed on"),
        ),
    }
    return {name: label for name, (there, label) in offered.items() if there}


def _asked(session: Session, process: Process) -> Iterator[tuple[Variable, Activity]]:
    for activity in process.activities:
        if activity.kind == ActivityKind.EVENT:
            known = measuring(decided(session, activity), attending.offered(session, activity))
            yield from ((variable, activity) for variable in known)
            continue
        terms = terms_of(documents(session, activity.id))
        entries = (one for repeat in repeats.repeats(terms) for one in terms.variables(repeat.id))
        asked = measuring(decided(session, activity), (*terms.variables(), *entries))
        profile = contributions.PROFILE if activity.kind == ActivityKind.CONSULTATION else ()
        for variable in (*asked, *profile, *circumstances(terms)):
            yield variable, activity
