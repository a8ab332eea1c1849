"""In which order people speak at a hearing: by lot, and where it is wished so that classes of people take turns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

_NOBODY: Final[Mapping[str, str]] = {}


def drawn(tickets: Iterable[str], number: str, classes: Mapping[str, str] = _NOBODY) -> list[str]:
    """The order that follows from a number which everybody can see.

    The lot of a ticket is the SHA-256 of the number, a line feed and the ticket; the lowest comes first. `classes`, by
    ticket, take turns: the class of the lowest lot begins, and one that has nobody left is passed over.
    """
    queues: dict[str, list[str]] = {}
    for ticket in sorted(tickets, key=lambda ticket: hashlib.sha256(f"{number}\n{ticket}".encode()).digest()):
        queues.setdefault(classes.get(ticket, ""), []).append(ticket)
    return [ticket for turn in zip_longest(*queues.values()) for ticket in turn if ticket is not None]


def moved(order: Sequence[str], ticket: str, step: int) -> list[str]:
    """The same order with one ticket `step` places later (before, where it is negative), as far as there are places."""
    place = order.index(ticket)
    others = [other for other in order if other != ticket]
    others.insert(max(place + step, 0), ticket)
    return others
