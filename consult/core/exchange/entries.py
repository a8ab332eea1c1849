"""What a file of translations carries, whatever its format: texts with their source, and how each was exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from consult.core.errors import NOWHERE, Place, Problem, Refused, refuse_if_any
from consult.core.translation import State, fingerprint

LARGEST: Final = 10_000_000
"""Bytes of a file in a format of text."""
MOST: Final = 20_000
"""Texts that a file may have."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text in a file."""

    key: str
    """Which text it is."""
    source: str
    target: str
    state: State
    base: str = ""
    """Fingerprint of the translation as it was exported; empty where the file lost it."""
    note: str = ""
    """What a translator should know: what it belongs to."""
    before: str = ""
    """Of a stale translation, the source that it was made from."""
    place: Place = NOWHERE
    """Where it stands in the file: the sheet's cell, the line, the unit."""

    @property
    def exported(self) -> str:
        """The fingerprint that goes into a file."""
        return self.base or fingerprint(self.target)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A file: its two locales and its texts."""

    source: str
    target: str
    entries: tuple[Entry, ...]
    name: str = ""
    """What the texts are of: the address of an activity or process."""


def exchange(source: str, target: str, entries: Iterable[Entry], name: str = "") -> Exchange:
    """What was read of a file; refuses `exchange.twice` for texts that stand in it more than once, `exchange.many`."""
    found = tuple(entries)
    if len(found) > MOST:
        raise Refused.because("exchange.many", limit=MOST)
    refuse_if_any(_twice(found))
    return Exchange(source, target, found, name)


def _twice(entries: tuple[Entry, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry in entries:
        if entry.key in seen:
            yield Problem("exchange.twice", {"key": entry.key}, entry.place)
        seen.add(entry.key)


def expect_size(data: bytes) -> None:
    """Refuse an empty file (`exchange.empty`) and one that is too large (`exchange.large`)."""
    if not data.strip():
        raise Refused.because("exchange.empty")
    if len(data) > LARGEST:
        raise Refused.because("exchange.large", megabytes=LARGEST // 1_000_000)
