"""Tables of the entries of repeats, such as the people in households: how many there are, not how many responded.

Each repeat is a dataset of its own beside its activity's. Its entries are broken down by one another's answers and by
answers of their response. What a table of respondents hides, none of entries shows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import msgspec

from consult.core.aggregation import joint
from consult.core.aggregation.attack import ContradictionError
from consult.core.aggregation.audit import Audited, exposed, protect
from consult.core.aggregation.cells import Sum, cells
from consult.core.aggregation.contributions import with_themes as codes_with_themes
from consult.core.aggregation.dependencies import Dependency, depended_on, dependencies
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.entries import Doubts, contributions, counted_by, doubt, everybody, fit, without_dominated
from consult.core.aggregation.entrycounts import UnaccountableError, counting
from consult.core.aggregation.tables import (
    UNKNOWN,
    UNTOLD,
    Contributions,
    Coordinate,
    Dataset,
    Key,
    Kind,
    Span,
    Table,
    Told,
    Variable,
)
from consult.core.aggregation.tabulate import Tabulation, tabulate
from consult.core.aggregation.variables import entries
from consult.core.questionnaire.definition import Questionnaire, Repeat
from consult.core.text import LocalisedText
from consult.processes.models import Activity
from consult.results import queries, wording
from consult.results.columns import Held
from consult.results.content import RestrictedDataset
from consult.results.crossings import DETAILS, crossings
from consult.results.measures import Meanings, measuring
from consult.results.terms import Terms

_OF: Final = "."
"""Between the name of an activity and that of a repeat: in neither of them there is one."""


class Counted(NamedTuple):
    """What was read of a repeat."""

    repeat: Repeat
    tabulation: Tabulation
    doubts: Doubts
    fit: dict[int, frozenset[Key]]
    depends: tuple[Dependency, ...]


class Responses(NamedTuple):
    """The tables of the responses beside which entries are shown."""

    terms: Terms
    variables: Sequence[Variable]
    shown: Audited
    depends: Sequence[Dependency]


class Protected(NamedTuple):
    """Tables of a repeat, fit to be shown."""

    counted: Counted
    audited: Audited


def count(
    held: Held,
    meanings: Meanings,
    known: Sequence[Variable],
    wanted: Sequence[str],
    thresholds: Thresholds,
    *,
    may: Callable[[str, str], bool] = lambda variable, by: True,
) -> Iterator[Counted]:
    """Count the entries of every repeat of which there are any of enough respondents.

    `known`: variables of responses, by some of which entries are broken down; `wanted`: by what, as in a plan;
    `may`: which variable may be by which.
    """
    groups = [one for one in known if one.kind is Kind.SINGLE and not one.until]
    names = [name for name in wanted if name not in DETAILS and joint.BY not in name]
    for repeat in repeats(held.terms):
        sources = held.entries(repeat.id, groups)
        sizes = everybody(sources)
        needed = Doubts(*(doubt(sizes, k) for k in (thresholds.ordinary, thresholds.sensitive)))
        if not needed.ordinary:
            continue
        # Enough respondents for other questions need not be enough for sensitive ones
        own, others = (
            tuple(one for one in some if needed.sensitive or not one.sensitive)
            for some in (measuring(meanings, held.terms.variables(repeat.id)), groups)
        )
        decisive = depended_on(held.terms.questionnaires, (*own, *others), held.terms.readings)
        beside = others if len(sizes) > 1 else ()  # where all have as many, entries would tell respondents
        pairs = [pair for pair in crossings((*own, *beside), names, own).pairs if may(*pair)]
        used = {by for _, by in pairs} | decisive
        variables = (*own, *(one for one in others if one.id in used))
        least = max(needed.ordinary, -(-needed.sensitive // 2))
        tabulation = without_dominated(sources, tabulate(sources, variables, pairs, least))
        found = contributions(sources, tabulation)
        fits = {needed.ordinary: fit(found, thresholds.ordinary), needed.sensitive: fit(found, thresholds.sensitive)}
        yield Counted(repeat, tabulation, needed, fits, tuple(_depends(held.terms, tabulation)))


def repeats(terms: Terms) -> Iterable[Repeat]:
    """The repeats of all editions whose entries can be tabulated, as the newest edition has them."""
    found: dict[str, Repeat] = {}
    for questionnaire in reversed(terms.questionnaires):
        asking = entries(questionnaire)
        for node, _ in questionnaire.walk():
            if isinstance(node, Repeat) and node.id in asking:
                found.setdefault(node.id, node)
    return found.values()


def _depends(terms: Terms, tabulation: Tabulation) -> Iterator[Dependency]:
    numbers = [edition.number for edition in terms.editions]
    yield from dependencies(terms.questionnaires, tabulation.variables, tabulation.tables, terms.readings, numbers)


def protected(activity: Activity, counted: Iterable[Counted], responses: Responses) -> Iterator[Protected]:
    """Protect tables of entries beside those of responses, which are protected.

    Where entries would tell something that these hide, they are not broken down by the answers that would tell it; a
    repeat is left out where that is not enough.
    """
    hidden, bare = _hidden(responses.shown.tables)
    for one in counted:
        if not queries.persons(activity):
            yield Protected(one, Audited(one.tabulation.tables, {}, UNTOLD, ()))
        elif found := _beside(responses, _without(one, bare), hidden):
            yield found
            more, further = _hidden(found.audited.tables)
            hidden, bare = hidden | more, bare | further  # two repeats can have the same entries


def _beside(responses: Responses, counted: Counted, hidden: set[Coordinate]) -> Protected | None:
    known = {variable.id: variable for variable in counted.tabulation.variables}
    audited = protect(
        known, counted.tabulation.tables, counted.doubts, UNTOLD, counted.depends, also=hidden, fit=counted.fit
    )
    telling = _telling(responses, counted, audited)
    if telling is None:
        return Protected(counted, audited)
    return _beside(responses, _without(counted, telling), hidden) if telling else None


def _hidden(tables: Iterable[Table]) -> tuple[set[Coordinate], set[str]]:
    """The cells that one-way tables hide, and the variables whose tables are withheld."""
    one_way = [table for table in tables if not table.by]
    return (
        {cell[0] for table in one_way for cell, number in cells(table) if number is None and cell},
        {table.variable for table in one_way if table.withheld},
    )


def _without(counted: Counted, names: set[str]) -> Counted:
    """The same without variables."""
    found = counted.tabulation
    variables = tuple(one for one in found.variables if one.id not in names)
    tables = tuple(one for one in found.tables if names.isdisjoint((one.variable, one.by)))
    depends = tuple(one for one in counted.depends if names.isdisjoint((one.fine.split("/")[0], one.coarse)))
    return counted._replace(tabulation=replace(found, variables=variables, tables=tables), depends=depends)


def with_themes(counted: Counted, asked: Questionnaire) -> Counted:
    """The same with the themes of codes. `asked`: a consultation as a questionnaire."""
    named = codes_with_themes(counted.tabulation.variables, asked)
    return counted._replace(tabulation=replace(counted.tabulation, variables=named))


def _telling(responses: Responses, counted: Counted, audited: Audited) -> set[str] | None:
    """The groups by which entries tell what tables of responses hide, none of them if there is more to it.

    None where these keep their secrets.
    """
    terms, shown = responses.terms, responses.shown
    try:
        found = counting(counted.repeat.id, terms.questionnaires, terms.readings, responses.variables)
        if found is None:
            return None
        links, spans = counted_by(found.variable, found.each, shown.tables, audited.tables)
        weak = exposed(shown.tables, shown.needs, {**shown.told, **spans}, responses.depends, links)
    except (UnaccountableError, ContradictionError):
        return set()
    if not weak:
        return None
    decisive = {one.coarse for one in counted.depends}
    names = {variable.id for variable in counted.tabulation.variables} - decisive
    return {place[0] for cell in weak for place in cell.key} & names


def said_across(
    repeat: str,
    terms: Terms,
    variables: Iterable[Sequence[Variable]],
    respondents: Sequence[Table],
    entries: Iterable[Sequence[Table]],
) -> tuple[list[Sum], Told]:
    """What the entries of a repeat say of respondents, who and which may be counted in different releases.

    `variables`, `entries`: those of each release. Raises `UnaccountableError`.
    """
    counts = [counting(repeat, terms.questionnaires, terms.readings, known) for known in variables]
    shown = list(entries)
    links: dict[Sum, None] = {}
    told: dict[Key, Span] = {}
    for count in filter(None, counts):
        for tables in shown:
            more, spans = counted_by(count.variable, count.each, respondents, tables)
            links |= dict.fromkeys(more)
            told |= {cell: span.narrowed(told.get(cell, UNKNOWN)) for cell, span in spans.items()}
    return list(links), told


# --- as a dataset ---


def named(whole: str, repeat: str) -> str:
    """What a dataset of entries is called in addresses and among activities: the activity's own, and the repeat."""
    return f"{whole}{_OF}{repeat}"


def repeat_of(dataset: str) -> str:
    """The repeat whose entries a dataset counts; empty for one of responses."""
    return dataset.partition(_OF)[2]


def activity_of(dataset: str) -> uuid.UUID:
    """The activity of a dataset, or of the responses whose entries a dataset counts."""
    return uuid.UUID(dataset.partition(_OF)[0])


def dataset(activity: Activity, found: Protected, responses: Dataset) -> Dataset:
    """What everybody is to see of a repeat; `responses`: the dataset of its activity."""
    repeat, tabulation, doubts = found.counted.repeat, found.counted.tabulation, found.counted.doubts
    # Without a table the audit did not reckon with their number, which tables of respondents could be solved by
    shown = any(not table.by and not table.withheld for table in found.audited.tables)
    few = queries.persons(activity) and (tabulation.responses < doubts.ordinary or not shown)

    about = responses.contributions
    own = wording.named(repeat.id) if about else repeat.label
    label = own or LocalisedText({responses.source: repeat.name})
    return msgspec.structs.replace(
        responses,
        activity=named(responses.activity, repeat.id),
        slug=named(responses.slug, repeat.name),
        title=titled(activity, label),
        responses=None if few else tabulation.responses,
        variables=tabulation.variables,
        tables=tuple(msgspec.structs.replace(table, entries=True) for table in found.audited.tables),
        previous=named(responses.previous, repeat.id) if responses.previous else "",
        matrix=None,
        measures={},
        weighting=msgspec.UNSET,
        codebook=msgspec.UNSET,
        entries=label,
        contributions=Contributions(of=repeat.id) if about else about,
    )


def titled(activity: Activity, label: LocalisedText) -> LocalisedText:
    """The title of an activity with what is counted of it."""
    source = activity.locales[0]

    def in_locale(locale: str) -> str:
        return " – ".join(text.resolve(locale, source).text for text in (activity.title, label))

    return LocalisedText({locale: in_locale(locale) for locale in activity.locales})


def restricted(found: Protected, responses: RestrictedDataset) -> RestrictedDataset:
    """What only the steward may see of it."""
    tabulation, audited = found.counted.tabulation, found.audited
    return RestrictedDataset(
        activity=named(responses.activity, found.counted.repeat.id),
        segments=responses.segments,
        variables=tabulation.variables,
        tables=tabulation.tables,
        needs=tuple(sorted(audited.needs.items())),
        depends=found.counted.depends,
        withheld=audited.withheld,
    )
