"""The whole analysis of a conversation in statements: `analyse`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from consult.core.errors import Refused
from consult.core.opinion import marks
from consult.core.opinion.groups import Grouping, choose
from consult.core.opinion.marks import Mark
from consult.core.opinion.priority import priority
from consult.core.opinion.projection import Axes, axes, deal, extremities, positions
from consult.core.opinion.stability import RUNS, Stability, bootstrap
from consult.core.opinion.votes import Counts, Treatment, Votes, by_votes, count, treated

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from consult.core.opinion.votes import Floats, Whole

VERSION: Final = "opinion-1"
"""Of the method: it changes when the same votes may come to other groups."""
SEED: Final = 6
IN_CONVERSATION: Final = 7
"""Votes that whoever is clustered has cast, or as many as there are statements."""
NOBODY: Final = -1
"""Group of whoever is in none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes on a statement."""

    agree: int
    disagree: int
    passed: int

    @property
    def seen(self) -> int:
        """All of them."""
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True)
class Group:
    """An opinion group and what marks it."""

    number: int
    size: int
    represents: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What became of a statement."""

    id: str
    everyone: Tally
    groups: tuple[Tally, ...]
    """In the order of groups."""
    consensus: float | None
    """Group-informed; none where there are no groups."""
    priority: float | None
    """None where it was moderated out: it is not asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything that document and pages say of a conversation."""

    version: str
    participants: tuple[str, ...]
    axes: Axes
    """Of the statements that were analysed, in their order."""
    positions: Floats
    """Participants × 2; 0 where somebody has no vote."""
    labels: Whole
    """Group by participant, or `NOBODY`."""
    groups: tuple[Group, ...]
    """None where there are no distinct groups."""
    silhouette: float | None
    statements: tuple[Statement, ...]
    majority: tuple[Mark, ...]
    stability: Stability | None
    """None where groups were given, or there are none."""


def analyse(
    votes: Votes,
    *,
    threshold: int,
    k: int | None = None,
    given: Mapping[str, int] | None = None,
    out: Collection[str] = (),
    treatment: Treatment = "exclude",
    seed: int = SEED,
    runs: int = RUNS,
) -> Analysis:
    """Positions, groups, what marks them, common ground, priorities and stability, from nothing but the votes.

    `threshold`: the smallest size of a group; `k`: that many groups, otherwise the number with the largest silhouette;
    `given`: the grouping as it is, by participant, with no threshold; `out`: statements moderated out, and what becomes
    of them (`treatment`). The same on every run and machine and in any order of rows. Refuses with `opinion.empty`.
    """
    analysed = treated(votes, out, treatment)
    if not analysed.statements or not analysed.cast().any():
        raise Refused.because("opinion.empty")
    order = by_votes(analysed.cells)
    dealt = deal(analysed.cells[order])
    found = axes(dealt.sum(axis=0))
    placed = positions(analysed.cells, found)
    stability = silhouette = None
    if given is None:
        clustered = order[_in_conversation(votes, analysed, treatment)[order]]
        grouping = choose(placed[clustered], threshold=threshold, k=k, seed=seed)
        labels = _labels(len(placed), clustered, grouping)
        if grouping is not None:
            silhouette = grouping.silhouette
            number = len(grouping.sizes)
            stability = bootstrap(dealt, analysed.cells[order], labels[order], k=number, seed=seed, runs=runs)
    else:
        labels = _given(votes.participants, given)
    numbers = tuple(sorted({*labels.tolist()} - {NOBODY}))
    counted = [count(votes.cells[labels == number]) for number in numbers]
    reach = dict(zip(analysed.statements, extremities(found), strict=True))
    return Analysis(
        version=VERSION,
        participants=votes.participants,
        axes=found,
        positions=placed,
        labels=labels,
        groups=tuple(_groups(votes, labels, numbers, counted, out)),
        silhouette=silhouette,
        statements=tuple(_statements(votes, counted, reach, out)),
        majority=marks.majority(votes.statements, count(votes.cells), out),
        stability=stability,
    )


def _in_conversation(votes: Votes, analysed: Votes, treatment: Treatment) -> npt.NDArray[np.bool_]:
    """Who has cast votes enough to be clustered; passes that stand for moderated statements are not cast."""
    enough: npt.NDArray[np.bool_] = (votes if treatment == "zero" else analysed).cast() >= min(
        IN_CONVERSATION, len(analysed.statements)
    )
    return enough


def _labels(participants: int, clustered: Whole, grouping: Grouping | None) -> Whole:
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    labels = np.full(participants, NOBODY, dtype=np.int64)
    if grouping is not None:
        labels[clustered] = grouping.labels
    return labels


def _given(participants: Sequence[str], given: Mapping[str, int]) -> Whole:
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    return np.asarray([given.get(participant, NOBODY) for participant in participants], dtype=np.int64)


def _groups(
    votes: Votes, labels: Whole, numbers: Sequence[int], counted: Sequence[Counts], out: Collection[str]
) -> Iterator[Group]:
    """The groups with their marks, each held against everybody in the others."""
    for number, inside in zip(numbers, counted, strict=True):
        others = count(votes.cells[(labels != number) & (labels != NOBODY)])
        size = int((labels == number).sum())
        yield Group(number, size, marks.representative(votes.statements, inside, others, out))


def _statements(
    votes: Votes, counted: Sequence[Counts], extremity: Mapping[str, float], out: Collection[str]
) -> Iterator[Statement]:
    everyone = count(votes.cells)
    shared = marks.consensus(counted) if counted else None
    for at, statement in enumerate(votes.statements):
        tally = _tally(everyone, at)
        worth = None
        if statement not in out:
            far = float(extremity[statement])
            worth = priority(agree=tally.agree, passed=tally.passed, seen=tally.seen, extremity=far)
        groups = tuple(_tally(counts, at) for counts in counted)
        yield Statement(statement, tally, groups, None if shared is None else float(shared[at]), worth)


def _tally(counts: Counts, at: int) -> Tally:
    return Tally(int(counts.agree[at]), int(counts.disagree[at]), int(counts.passed[at]))
