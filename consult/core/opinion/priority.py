"""Which statement is asked next: those that say much and of which little is known, by lot."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping
from itertools import accumulate


def priority(*, agree: int, passed: int, seen: int, extremity: float) -> float:
    """How much it is worth to ask a statement, from the votes it has had.

    importance = (1 − (Pa + 1) / (S + 2)) · (E + 1) · (A + 1) / (S + 2); priority = (importance · (1 + 8 · 2^(−S/5)))²,
    with Pa = passes, A = agrees, S = votes, E = extremity (`projection.extremities`).
    """
    importance = (1 - (passed + 1) / (seen + 2)) * (extremity + 1) * (agree + 1) / (seen + 2)
    # A square, written as one: a power may differ in the last digit from machine to machine.
    worth: float = importance * (1 + 8 * math.exp2(-seen / 5))
    return worth * worth


def draw(priorities: Mapping[str, float], seen: Collection[str], seed: str) -> str | None:
    """The next statement for somebody, drawn with probability proportional to priority among those not `seen`.

    The same for the same person (`seed`), priorities and votes; none where all have been seen.
    """
    left = sorted(statement for statement in priorities if statement not in seen)
    if not left:
        return None
    sums = list(accumulate(priorities[statement] for statement in left))
    chance = random.Random(f"{seed}/{len(seen)}").random() * sums[-1]  # noqa: S311  # a fair turn, no secret
    return next((statement for statement, upto in zip(left, sums, strict=True) if chance < upto), left[-1])
