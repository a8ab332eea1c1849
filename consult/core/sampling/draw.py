"""The draw: places to classes by the integer programme, places to tickets by lot; and whether a record is of one."""

from __future__ import annotations

from dataclasses import fields

from consult.core.sampling.allocation import allocate
from consult.core.sampling.lottery import lottery
from consult.core.sampling.record import VERSION, Entries, Record, Violation, commitment
from consult.core.sampling.targets import grid


def draw(entries: Entries, seed: str) -> Record:
    """The one draw of these entries that a seed gives. Within a class every ticket has the same chance."""
    allocation = allocate(entries.classes, entries.candidates, entries.targets, entries.capacity, seed)
    winners, waiting = lottery(entries.tickets, allocation, seed)
    standings = grid(entries.targets, [*zip(entries.classes, allocation, strict=True)])
    return Record(
        version=VERSION,
        entries=entries,
        commitment=commitment(entries),
        seed=seed,
        allocation=allocation,
        winners=winners,
        waiting=waiting,
        violations=tuple(Violation(one.short, one.over) for one in standings),
    )


def verify(record: Record) -> tuple[str, ...]:
    """Names of the parts of a record that are not what its entries and its seed give; none if all is right.

    Whether the entries are those that were announced is for the reader to see: by the commitment.
    """
    again = draw(record.entries, record.seed)
    differing = [part.name for part in fields(Record) if getattr(record, part.name) != getattr(again, part.name)]
    return (*differing, "threshold") if record.entries.too_small else tuple(differing)
