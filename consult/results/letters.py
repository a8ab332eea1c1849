"""The letters of opinion groups: from one release to the next they stay with those who vote alike, however many.

Groups are matched by the shares of their votes that agree and disagree (`core.opinion.matching`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from sqlalchemy.orm import Session

from consult.consultations.picture import letter
from consult.core.aggregation import contributions, joint
from consult.core.aggregation.contributions import AGREE, DISAGREE, GROUP, PASS
from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import STATUSES, Dataset, Table, Variable
from consult.core.aggregation.translate import Translation
from consult.core.opinion.analysis import Analysis, Tally
from consult.core.opinion.matching import Shares, matchings, share
from consult.results import queries
from consult.results.content import RestrictedDataset, content_of

Letters = Mapping[str, Shares]
"""By letter how its group votes."""


def of(participants: Dataset | RestrictedDataset) -> Letters:
    """The groups of a release, with the shares that it shows; under seal, all shares."""
    codes = next((one.codes() for one in participants.variables if one.id == GROUP), ())
    found: dict[str, dict[str, tuple[float, float]]] = {code: {} for code in codes if code not in STATUSES}
    for table in participants.tables:
        if contributions.is_statement(table.variable) and table.by == GROUP:
            for place, name in enumerate(table.groups):
                if name in found and (votes := _votes(table, place)):
                    found[name][table.variable] = share(votes)
    return found


def _votes(table: Table, place: int) -> Tally | None:
    """The votes of a group on a statement, where all their counts are shown and there are any."""
    rows = [table.row(code) for code in (AGREE, DISAGREE, PASS)]
    counts = [row.counts[place] for row in rows if row]
    shown = [number for number in counts if number is not None]
    return Tally(*shown) if len(shown) == len(rows) and any(shown) else None


def last(session: Session, process_id: uuid.UUID, activity_id: uuid.UUID) -> Letters:
    """Those of the last published release that has groups of a consultation; none before the first."""
    for release in reversed(queries.all_published(session, process_id)):
        for dataset in content_of(release.content).datasets:
            if dataset.activity == str(activity_id) and (found := of(dataset)):
                return found
    return {}


def given(found: Analysis, before: Letters) -> tuple[str, ...]:
    """The letters of groups in their order: that of the group of before that votes most alike, else the first that
    none of them has."""
    now = {
        letter(group.number): {
            contributions.statement(uuid.UUID(one.id).hex): share(votes)
            for one in found.statements
            if (votes := one.groups[at]).seen
        }
        for at, group in enumerate(found.groups)
    }
    nearest = matchings(before, now)[0]
    kept = {own: one for one, own in nearest.pairs.items()}
    free = (one for one in map(letter, count()) if one not in before)
    return tuple(kept.get(own) or next(free) for own in now)


def translation(variables: Iterable[Variable], before: Letters, pairs: Mapping[str, str]) -> Translation:
    """What a release says of groups, by the letters that these have in another one. `variables`: those of the release.

    Who is no group any more has a letter that nobody has.
    """
    now = {one: pairs.get(one, f"{one}-") for one in before}
    codes: dict[str, dict[str, tuple[str, ...]]] = {}
    for variable in variables:
        if variable.id == GROUP:
            codes[GROUP] = {one: (now[one],) for one in variable.codes() if one in now}
        elif GROUP in variable.parts:
            at = variable.parts.index(GROUP)
            codes[variable.id] = {one.code: (joint.code_of(_with(one.parts, at, now)),) for one in variable.categories}
    return Translation(Reading(codes=codes), {name: tuple(found) for name, found in codes.items()})


def _with(parts: Sequence[str], at: int, now: Mapping[str, str]) -> list[str]:
    return [*parts[:at], now.get(parts[at], parts[at]), *parts[at + 1 :]]
