"""A consultation as the tables of a release are made of it: what the column store is for responses.

It is read from the database when a release is computed, and no copy stays: there is nothing to mix, to merge or to
sweep, and what was withdrawn is in no later release. A release names what it read by its hash.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.aggregation import contributions
from consult.core.aggregation.contributions import PARTICIPANTS
from consult.core.aggregation.readings import AS_IT_IS
from consult.core.aggregation.tables import SKIPPED, Contributions, Variable
from consult.core.aggregation.tabulate import Source
from consult.core.errors import Refused
from consult.core.opinion import analysis
from consult.core.opinion.analysis import NOBODY, Analysis
from consult.core.opinion.votes import AGREE, DISAGREE, PASS, UNSEEN
from consult.processes.models import Activity
from consult.results import contributed, engines, letters, segments, sources
from consult.results.columns import Held
from consult.results.content import RestrictedDataset
from consult.results.contributed import Came, Entry
from consult.results.letters import Letters

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends import BaseBackend

_GRAIN: Final = 10
_VOTES: Final = {
    AGREE: contributions.AGREE,
    DISAGREE: contributions.DISAGREE,
    PASS: contributions.PASS,
    UNSEEN: SKIPPED,
}


@dataclass(frozen=True, slots=True)
class Consulted(Held):
    """What is held of a consultation."""

    about: Contributions


class Read(NamedTuple):
    """What a release is made of."""

    came: Came
    letters: Letters
    """Of opinion groups, as they were before."""


def read(session: Session, activity: Activity, key: bytes, *, apart: bool) -> Read:
    """What there is by now, with the letters of the last published release. `key`, `apart`: as `contributed.read`."""
    return Read(
        contributed.read(session, activity, key, apart=apart), letters.last(session, activity.process_id, activity.id)
    )


def again(session: Session, activity: Activity, part: RestrictedDataset, key: bytes, *, apart: bool) -> Read:
    """What there is by now, with the letters that stand in a release; `part`: that of the participants."""
    return Read(contributed.read(session, activity, key, apart=apart), letters.of(part))


@contextmanager
def held(activity: Activity, known: Read, *, threshold: int, engine: BaseBackend) -> Iterator[Consulted]:
    """What came to a consultation, for the engine. `threshold`: the size of the smallest opinion group."""
    came = known.came
    found = _analysed(came, threshold)
    names = letters.given(found, known.letters) if found else ()
    asked = contributions.questionnaire(came.asked, sorted(names))
    with ExitStack() as stack:
        people = stack.enter_context(engines.lent(engine, _people(came, found, names)))
        tables = {
            of: stack.enter_context(engines.lent(engine, _entries(some, came, of)))
            for of, some in came.entries.items()
            if some
        }

        def of_entries(repeat: str, groups: Sequence[Variable]) -> list[Source]:
            if repeat not in tables:
                return []
            return [sources.of_entries(people, tables[repeat], repeat, asked, AS_IT_IS, groups)]

        yield Consulted(
            segments=[sources.read_as(activity.id, came)],
            terms=sources.terms(activity.id, asked),
            sources=[sources.responses(people, asked, AS_IT_IS)],
            entries=of_entries,
            about=_about(came, found),
        )


def _about(came: Came, found: Analysis | None) -> Contributions:
    stable = found.stability if found else None
    return Contributions(
        of=PARTICIPANTS,
        apart=came.apart - came.apart % _GRAIN,
        stability=(round(stable.mean, 2), round(stable.low, 2)) if stable else None,
    )


def _analysed(came: Came, threshold: int) -> Analysis | None:
    """The opinion groups of the votes that are counted."""
    try:
        return analysis.analyse(came.votes, threshold=threshold)
    except Refused:  # nobody has voted on anything that is asked
        return None


# --- as tables ---


def _people(came: Came, found: Analysis | None, names: Sequence[str]) -> pa.Table:
    import numpy as np  # noqa: PLC0415  # heavy, and only aggregation needs it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    people = came.people
    columns = {
        **sources.of_people(people),
        segments.CHANNEL: sources.codes([one.channel for one in people]),
        contributions.STAKEHOLDER: sources.codes([one.stakeholder or SKIPPED for one in people]),
        contributions.COUNTRY: sources.codes([one.country or SKIPPED for one in people]),
    }
    if found is not None and names:
        group = [SKIPPED] * len(people)
        for place, label in zip(came.voters, found.labels.tolist(), strict=True):
            group[place] = SKIPPED if label == NOBODY else names[label]
        columns[contributions.GROUP] = sources.codes(group)
    values, ways = list(_VOTES), pa.array(list(_VOTES.values()), pa.string())
    which = np.zeros(max(values) - min(values) + 1, dtype=np.int8)
    which[np.asarray(values) - min(values)] = range(len(values))
    for at, name in enumerate(came.votes.statements):
        cast = np.full(len(people), UNSEEN, dtype=np.int8)
        cast[np.asarray(came.voters, dtype=np.int64)] = came.votes.cells[:, at]
        places = pa.array(which[cast - min(values)], pa.int8())
        columns[contributions.statement(uuid.UUID(name).hex)] = pa.DictionaryArray.from_arrays(places, ways)
    return pa.table(columns)


def _entries(some: Sequence[Entry], came: Came, of: str) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    columns = {segments.KEY: pa.array([one.person for one in some], pa.int64())}
    for name in dict.fromkeys(name for one in some for name in one.values):
        columns[name] = sources.codes([one.values[name] for one in some])
    return pa.table(columns)
