"""An event as the tables of a release are made of it: what the column store is for responses.

Who signed up is counted and protected as respondents are. Notes are records of staff, and positions of institutions are
attributable: of both there are datasets of their own, as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from consult.core.aggregation import signups
from consult.core.aggregation.contributions import NOTES
from consult.core.aggregation.readings import AS_IT_IS
from consult.core.aggregation.signups import NOTE_CODES, NOTE_OCCASION, NOTE_THEME, POSITIONS, SIGN_UPS, Said
from consult.core.aggregation.tables import Contributions, Dataset, Matrix, Signed, Variable
from consult.core.aggregation.tabulate import Source, Tabulation, tabulate
from consult.core.aggregation.variables import LOCALE, variables
from consult.core.text import LocalisedText
from consult.events.models.held import View
from consult.processes.models import Activity, Unit
from consult.results import attended, engines, sources, wording
from consult.results.attended import Came, Person
from consult.results.columns import Held
from consult.results.content import RestrictedDataset
from consult.results.repeats import named, titled
from consult.results.terms import Terms, circumstances

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends import BaseBackend


class Read(NamedTuple):
    """What a release is made of."""

    came: Came


def read(session: Session, activity: Activity) -> Read:
    """What there is by now."""
    return Read(attended.read(session, activity))


@contextmanager
def held(activity: Activity, came: Came, *, engine: BaseBackend) -> Iterator[Held]:
    """Who signed up for an event, for the engine."""
    asked = signups.questionnaire(came.asked)
    with engines.lent(engine, _people(came.people, [one.id for one in asked.questions()])) as people:
        yield Held(
            segments=[sources.read_as(activity.id, came)],
            terms=sources.terms(activity.id, asked),
            sources=[sources.responses(people, asked, AS_IT_IS)],
            entries=lambda _repeat, _groups: [],
        )


def about(came: Came) -> Contributions:
    """What is said of those who are counted."""
    return Contributions(of=SIGN_UPS, selection=came.selection)


def known(terms: Terms) -> tuple[Variable, ...]:
    """What sign-ups are counted by: there is no channel, which `way` stands for."""
    return (*terms.variables(), *(one for one in circumstances(terms) if one.id == LOCALE))


def offered(session: Session, activity: Activity) -> tuple[Variable, ...]:
    """What a plan can break an event down by."""
    asked = signups.Asked(
        title=activity.title,
        locales=tuple(activity.locales),
        occasions=(),
        ways=(),
        profile=attended.profile(session, activity),
    )
    found = variables([signups.questionnaire(asked)])
    return tuple(one for one in found if one.id != signups.ATTENDED)  # by which it is broken down anyway


def _people(people: Sequence[Person], names: Sequence[str]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    answers = {name: sources.codes([one.answers[name] for one in people]) for name in names}
    return pa.table({**sources.of_people(people), **answers})


# --- notes and positions ---


def records(
    activity: Activity, came: Came, signed: Dataset, sealed: RestrictedDataset, engine: BaseBackend
) -> Iterator[tuple[Dataset, RestrictedDataset]]:
    """The datasets of notes and of positions, where there are any; `signed`, `sealed`: those of who signed up."""
    if came.notes:
        said = signups.notes(came.asked.occasions, came.themes, came.codes, came.notes)
        by = [(NOTE_THEME, NOTE_OCCASION), (NOTE_CODES, NOTE_THEME), (NOTE_CODES, NOTE_OCCASION)]
        names = {one.variable.id for one in said}
        found = _tabulated(said, [pair for pair in by if names.issuperset(pair)], engine)
        label = wording.named(NOTES)
        dataset = msgspec.structs.replace(
            _dataset(NOTES, found, activity, signed),
            unit=Unit.EVENT,
            entries=label,
            tables=tuple(msgspec.structs.replace(table, entries=True) for table in found.tables),
        )
        yield dataset, _restricted(NOTES, found, sealed)
    if said := signups.positions(list(View), came.themes, [one.views for one in came.positions]):
        found = _tabulated(said, [], engine)
        dataset = msgspec.structs.replace(
            _dataset(POSITIONS, found, activity, signed), unit=Unit.INSTITUTION, matrix=_matrix(came, signed.source)
        )
        yield dataset, _restricted(POSITIONS, found, sealed)


def _tabulated(said: Sequence[Said], pairs: Sequence[tuple[str, str]], engine: BaseBackend) -> Tabulation:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    columns = pa.table({one.variable.id: sources.codes(one.codes) for one in said})
    with engines.lent(engine, columns) as table:
        source = Source(table, {one.variable.id: one.variable.kind for one in said})
        return tabulate([source], [one.variable for one in said], pairs, 1)


def _dataset(of: str, found: Tabulation, activity: Activity, signed: Dataset) -> Dataset:
    """As they are: there is nobody to protect."""
    return msgspec.structs.replace(
        signed,
        activity=named(signed.activity, of),
        slug=named(signed.slug, of),
        title=titled(activity, wording.named(of)),
        responses=found.responses,
        variables=found.variables,
        tables=found.tables,
        previous=named(signed.previous, of) if signed.previous else "",
        measures={},
        contributions=Contributions(of=of),
    )


def _restricted(of: str, found: Tabulation, sealed: RestrictedDataset) -> RestrictedDataset:
    return RestrictedDataset(
        activity=named(sealed.activity, of), segments=sealed.segments, variables=found.variables, tables=found.tables
    )


def _matrix(came: Came, source: str) -> Matrix:
    """Which institution stands for what; as they were called by who wrote it down."""
    known = {theme.code for theme in came.themes}
    rows = [
        Signed(institution=one.institution, answers={signups.position(theme): (view,) for theme, view in said.items()})
        for one in came.positions
        if (said := {theme: view for theme, view in one.views.items() if theme in known})
    ]
    return Matrix(
        by="", rows=tuple(rows), names={one.institution: LocalisedText({source: one.institution}) for one in rows}
    )
