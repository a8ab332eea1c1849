"""Names and lists of choices: LimeSurvey's codes where they can be names here, else what is nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from consult.core.questionnaire.definition import Choice, ChoiceList
from consult.core.text import LocalisedText

_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_OTHERS: Final = re.compile(r"[^\w.\-]+")
_LENGTH: Final = 100


@dataclass(slots=True)
class Names:
    """Names that are taken; a name is used once in a questionnaire."""

    taken: set[str] = field(default_factory=set)

    def give(self, wanted: str, kind: str = "q") -> str:
        """A name that is valid and free, as near as can be to the one that is wanted."""
        name = _OTHERS.sub("_", wanted.strip())[:_LENGTH].strip("_") or kind
        if not _NAME.fullmatch(name):
            name = f"{kind}_{name}"
        free, number = name, 2
        while free in self.taken:
            free, number = f"{name}_{number}", number + 1
        self.taken.add(free)
        return free


@dataclass(slots=True)
class Lists:
    """The lists of choices; equal ones are one."""

    _names: Names = field(default_factory=Names)
    _lists: dict[tuple[tuple[str, LocalisedText], ...], tuple[str, tuple[Choice, ...]]] = field(default_factory=dict)

    def add(self, wanted: str, choices: Iterable[Choice]) -> str:
        """The name of the list with these choices."""
        found = tuple(choices)
        key = tuple((choice.name, choice.label) for choice in found)
        if key not in self._lists:
            self._lists[key] = self._names.give(wanted, "list"), found
        return self._lists[key][0]

    def lists(self) -> tuple[ChoiceList, ...]:
        """All lists, in order of appearance."""
        return tuple(ChoiceList(name=name, choices=choices) for name, choices in self._lists.values())
