"""What one process of the server remembers of activities: doors for a second, editions and pages for long."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consult.core.questionnaire.steps import Compiled
from consult.participation.queries import Door
from consult.web.holes import Part
from consult.web.ready import Ready

FRESH: Final = dt.timedelta(seconds=1)
"""How long a door is trusted. Closing does not depend on it: every write asks the database."""
_EDITIONS: Final = 200
_DOORS: Final = 1_000


@dataclass(slots=True)
class Entry:
    """A door, and the pages that were rendered behind it as long as it looked the same."""

    door: Door
    fetched: dt.datetime
    languages: object = None
    """What `web.locale.stamp` said when it was made."""
    ready: dict[tuple[str, str], Ready] = field(default_factory=dict)
    """Pages that are the same for everybody, by kind and locale."""
    parts: dict[tuple[object, ...], tuple[Part, ...]] = field(default_factory=dict)
    """Pages with holes, by kind, locale, edition and page."""
    addresses: dict[tuple[object, ...], str] = field(default_factory=dict)
    """Addresses of pages, by page and locale."""


class Shelf:
    """The memory of one process. It holds nothing of any participant."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._editions: dict[tuple[uuid.UUID, int], Compiled] = {}

    def entry(
        self, slug: str, now: dt.datetime, look_up: Callable[[], Door | None], languages: object = None
    ) -> Entry | None:
        """The door of an activity as it was less than a second ago, and the languages of the interface as they are."""
        known = self._entries.get(slug)
        if known is not None and known.languages is not languages:
            known = None
        if known is not None and known.fetched <= now < known.fetched + FRESH:
            return known
        door = look_up()
        if door is None:
            self._entries.pop(slug, None)
            return None
        if known is not None and known.door == door:
            known.fetched = now
            return known
        if len(self._entries) >= _DOORS:
            self._entries.clear()
        entry = self._entries[slug] = Entry(door, now, languages)
        return entry

    def edition(self, activity_id: uuid.UUID, number: int, load: Callable[[], Compiled | None]) -> Compiled | None:
        """An edition compiled; it never changes."""
        key = (activity_id, number)
        known = self._editions.get(key)
        if known is None and (known := load()) is not None:
            if len(self._editions) >= _EDITIONS:
                self._editions.clear()
            self._editions[key] = known
        return known
