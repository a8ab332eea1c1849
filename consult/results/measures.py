"""Which concept each question measures, and which of its codes each category is, when a release is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from sqlalchemy.orm import Session

from consult.core.aggregation.tables import Dataset, Kind, Variable, code
from consult.core.concepts import bounds_read
from consult.processes.concepts import code_lists
from consult.processes.models import Activity
from consult.questionnaires import mapping
from consult.results import queries
from consult.results.content import content_of


class Meaning(NamedTuple):
    """What a question measures."""

    concept: str | None
    """None: what the questionnaire says."""
    bounds: tuple[float, ...] = ()
    """Of a number, or of the years of a date: where its bins begin; none: its answers say."""


Meanings = Mapping[str, Meaning]
"""By id of the question; of others the questionnaire says what they measure."""


def decided(session: Session, activity: Activity) -> Meanings:
    """What officers have decided about the questions of an activity."""
    rows = mapping.decided(session, activity.id)
    return {name: Meaning(row.concept, tuple(bounds_read(row.codes))) for name, row in rows.items()}


def intended(session: Session, activity: Activity) -> Meanings:
    """What the questions of an activity, and of its repeats, measure in its next release.

    Where nobody has decided on the bins of a number or a date they stay as in the last published release that has any,
    so that nothing can be told from the difference.
    """
    found, kept = dict(decided(session, activity)), dict[str, tuple[float, ...]]()
    for release in queries.all_published(session, activity.process_id):
        for dataset in content_of(release.content).datasets:
            if dataset.activity.startswith(str(activity.id)):
                cut = (variable for variable in dataset.variables if variable.kind in (Kind.NUMBER, Kind.DATE))
                edges = (
                    (one.id, tuple(each.lower for each in one.categories if each.lower is not None)) for one in cut
                )
                kept |= {name: bounds for name, bounds in edges if bounds}
    for name, bounds in kept.items():
        meaning = found.get(name, Meaning(None))
        found[name] = meaning if meaning.bounds else meaning._replace(bounds=bounds)
    return found


def frozen(datasets: Iterable[Dataset]) -> Meanings:
    """What the questions measured when a release was made of these."""
    return {
        variable.id: Meaning(variable.concept, variable.bounds)
        for dataset in datasets
        for variable in dataset.variables
    }


def measuring(meanings: Meanings, variables: Iterable[Variable]) -> Iterator[Variable]:
    """The variables with what they measure."""
    for variable in variables:
        found = meanings.get(variable.id)
        if found is None:
            yield variable
        else:
            bounds = found.bounds if variable.kind in (Kind.NUMBER, Kind.DATE) else ()
            concept = variable.concept if found.concept is None else found.concept
            yield msgspec.structs.replace(variable, concept=concept, bounds=bounds)


def measures(session: Session, activity: Activity, variables: Iterable[Variable]) -> dict[str, dict[str, str]]:
    """By variable, the codes of its concept that its categories are."""
    rows, lists = mapping.decided(session, activity.id), code_lists(session, activity.process_id)
    found: dict[str, dict[str, str]] = {}
    for variable in variables:
        row = rows.get(variable.id)
        if variable.concept not in lists:
            continue
        if variable.kind is Kind.NUMBER and row is not None:
            bins = zip(variable.categories[1:], bounds_read(row.codes).values(), strict=False)
            codes = {each.code: target for each, target in bins if target}
        elif variable.kind not in (Kind.SINGLE, Kind.MULTIPLE):
            continue
        elif row is None:
            codes = mapping.by_itself(variable.concept, variable.codes(), lists)
        else:
            codes = {code(choice): target for choice, target in row.codes.items()}
        if codes:
            found[variable.id] = codes
    return found
