"""What marks a group, and what all share.

Representativeness and majority are those of Polis (C. Small and others, Recerca 26, 2021): shares and tests with one
vote added on each side, so that few votes say little.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from consult.core.opinion.votes import Counts, Floats, Whole

Side = Literal["agree", "disagree"]
_SIDES: Final[tuple[Side, Side]] = ("agree", "disagree")
Z_90: Final = 1.2816
"""Above this, a test is significant at 90 %, one-sided."""
_FIVE: Final = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement that a group holds in particular, or a majority of everybody."""

    statement: str
    side: Side
    votes: int
    """Votes of the group for this side, n."""
    seen: int
    """All votes of the group on it, those who passed included, S."""
    share: float
    """p = (n + 1) / (S + 2)."""
    share_test: float
    """pt: how far the share is above one half, in standard errors."""
    ratio: float = 1.0
    """r: p over that of everybody in other groups; 1 for a majority."""
    ratio_test: float = 0.0
    """rt: how far the share is above theirs, in standard errors; 0 for a majority."""


def share(votes: Whole, seen: Whole) -> Floats:
    """p = (n + 1) / (S + 2)."""
    return (votes + 1) / (seen + 2)


def share_test(votes: Whole, seen: Whole) -> Floats:
    """pt = 2 · √(S + 1) · ((n + 1) / (S + 1) − ½)."""
    return 2 * (seen + 1) ** 0.5 * ((votes + 1) / (seen + 1) - 0.5)


def ratio_test(votes: Whole, seen: Whole, other_votes: Whole, other_seen: Whole) -> Floats:
    """rt = (π₁ − π₂) / √(π (1 − π) (1 / (S_in + 1) + 1 / (S_out + 1))), 0 when π = 1.

    π₁ = (n_in + 1) / (S_in + 1), π₂ likewise of the others, π = (n_in + n_out + 2) / (S_in + S_out + 2).
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    apart = (votes + 1) / (seen + 1) - (other_votes + 1) / (other_seen + 1)
    pooled = (votes + other_votes + 2) / (seen + other_seen + 2)
    spread = pooled * (1 - pooled) * (1 / (seen + 1) + 1 / (other_seen + 1))
    found: Floats = np.where(spread > 0, apart / np.sqrt(np.where(spread > 0, spread, 1)), 0.0)
    return found


def representative(
    statements: Sequence[str], inside: Counts, outside: Counts, out: Collection[str] = ()
) -> tuple[Mark, ...]:
    """What a group holds in particular: rt > 1.2816 and pt > 1.2816, the five with the greatest r · rt · p · pt.

    `outside`: the votes of everybody in another group; `out`: statements that mark nothing.
    """
    found = [
        mark
        for side in _SIDES
        for mark in _marks(statements, inside, outside, side)
        if mark.ratio_test > Z_90 and mark.share_test > Z_90 and mark.statement not in out
    ]
    return _first_five(found, lambda mark: mark.ratio * mark.ratio_test * mark.share * mark.share_test)


def _marks(statements: Sequence[str], inside: Counts, outside: Counts, side: Side) -> Iterator[Mark]:
    votes, other = getattr(inside, side), getattr(outside, side)
    p, pt = share(votes, inside.seen), share_test(votes, inside.seen)
    r = p / share(other, outside.seen)
    rt = ratio_test(votes, inside.seen, other, outside.seen)
    for at, statement in enumerate(statements):
        tests = (float(figure[at]) for figure in (p, pt, r, rt))
        yield Mark(statement, side, int(votes[at]), int(inside.seen[at]), *tests)


def majority(statements: Sequence[str], everyone: Counts, out: Collection[str] = ()) -> tuple[Mark, ...]:
    """What most of all participants hold: p > 0.5 and pt > 1.2816, for each side the five with the greatest p · pt."""
    found: list[Mark] = []
    for side in _SIDES:
        votes = getattr(everyone, side)
        p, pt = share(votes, everyone.seen), share_test(votes, everyone.seen)
        held = [
            Mark(statement, side, int(votes[at]), int(everyone.seen[at]), float(p[at]), float(pt[at]))
            for at, statement in enumerate(statements)
            if p[at] > 0.5 and pt[at] > Z_90 and statement not in out
        ]
        found.extend(_first_five(held, lambda mark: mark.share * mark.share_test))
    return tuple(found)


def _first_five(marks: Sequence[Mark], weight: Callable[[Mark], float]) -> tuple[Mark, ...]:
    """The five of the greatest weight; of equal ones the first."""
    return tuple(sorted(marks, key=weight, reverse=True)[:_FIVE])


def consensus(groups: Sequence[Counts]) -> Floats:
    """Group-informed consensus by statement: Π over groups of (A + 1) / (S + 2), A = agrees, S = votes of the group."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    found: Floats = np.prod([share(counts.agree, counts.seen) for counts in groups], axis=0)
    return found
