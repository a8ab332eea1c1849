"""The lottery: an order that nobody could know before the seed, and anybody can work out after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence


def lot(seed: str, name: str) -> bytes:
    """What is drawn for a name: SHA-256 of the seed, a zero byte and the name (32 bytes)."""
    return hashlib.sha256(seed.encode() + b"\0" + name.encode()).digest()


def lottery(
    tickets: Mapping[str, int], allocation: Sequence[int], seed: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Winners and waiting list, both by lot: of each class (its number by ticket) the first get what it has."""
    left = [*allocation]
    winners, waiting = [], []
    for ticket in sorted(tickets, key=lambda one: (lot(seed, one), one)):
        if left[tickets[ticket]]:
            left[tickets[ticket]] -= 1
            winners.append(ticket)
        else:
            waiting.append(ticket)
    return tuple(winners), tuple(waiting)
