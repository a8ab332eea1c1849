"""The public record of a draw: what was fixed before the seed was known, the seed, and what came of it.

It names tickets and merged classes alone. Canonical JSON: keys sorted, no space; the same record, the same characters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from consult.core.errors import Refused
from consult.core.sampling.classes import Candidate, Class, classify
from consult.core.sampling.targets import Target

VERSION: Final = 1

Number = Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class Entries:
    """All that is decided before the seed is known."""

    threshold: Number
    """Candidates that a class has at least."""
    capacity: Number
    """Places, for one person each."""
    targets: tuple[Target, ...]
    classes: tuple[Class, ...]
    tickets: Mapping[str, Number]
    """By ticket which of the classes it is in, from 0."""

    def __post_init__(self) -> None:
        if {*self.tickets.values()} != {*range(len(self.classes))}:
            raise ValueError("no such class, or nobody in it")
        if any(min(one.sizes, default=0) < 1 for one in self.classes):
            raise ValueError("nobody comes on a ticket")

    @property
    def candidates(self) -> tuple[int, ...]:
        """How many tickets each class has."""
        found = [0] * len(self.classes)
        for place in self.tickets.values():
            found[place] += 1
        return tuple(found)

    @property
    def too_small(self) -> bool:
        """Whether a class is below the threshold beside others."""
        return len(self.classes) > 1 and min(self.candidates) < self.threshold


@dataclass(frozen=True, slots=True)
class Violation:
    """By how many people a target is not met."""

    short: int
    over: int


@dataclass(frozen=True, slots=True)
class Record:
    """A draw."""

    version: int
    entries: Entries
    commitment: str
    """SHA-256 of the entries: to be announced when sign-up has closed, before the seed is known."""
    seed: str
    allocation: tuple[int, ...]
    """Tickets of each class that get a place."""
    winners: tuple[str, ...]
    """By lot."""
    waiting: tuple[str, ...]
    """By lot."""
    violations: tuple[Violation, ...]
    """Of each target."""


_READ: Final = msgspec.json.Decoder(Record)


def enter(candidates: Iterable[Candidate], targets: Iterable[Target], *, capacity: int, threshold: int) -> Entries:
    """What a draw among these candidates starts from. Raises what `classify` raises."""
    wanted = tuple(targets)
    classes, tickets = classify(candidates, threshold, [target.cell for target in wanted])
    return Entries(threshold, capacity, wanted, classes, tickets)


def commitment(entries: Entries) -> str:
    """SHA-256 of the entries in hexadecimal digits."""
    return _digest(msgspec.json.encode(entries, order="sorted"))


def encode(record: Record) -> str:
    """Canonical JSON of a record."""
    return msgspec.json.encode(record, order="sorted").decode()


def decode(document: str) -> Record:
    """The record of a document. Raises `Refused` with `document.malformed` or `document.version`."""
    try:
        found = _READ.decode(document)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Refused.because("document.malformed") from error
    if found.version != VERSION:
        raise Refused.because("document.version", version=found.version, known=VERSION)
    return found


def digest(record: Record) -> str:
    """SHA-256 of a record's document in hexadecimal digits."""
    return _digest(encode(record).encode())


def _digest(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
