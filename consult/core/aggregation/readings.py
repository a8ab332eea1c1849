"""How the answers to each edition are read in the terms of the newest one: answer maps, composed.

A segment keeps the codes of its own edition for ever. What they count as follows from the maps of all editions after
it. A code that is kept apart is called `code@2` after the last edition that offered it, a question `id@2`: neither can
be the code or id of anything else, so answers that mean different things never stand in one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from consult.core.aggregation.tables import Kind, code, kept_apart, made_from
from consult.core.questionnaire.maps import UNCHANGED, AnswerMap

Kept = Mapping[str, tuple[Kind, tuple[str, ...]]]
"""By id of a question: how its answers are kept, and the codes that can stand there."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the answers to one edition, or what a release says of them, are read in later terms."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Ids of questions whose answers are kept apart, with the variables that they are."""
    codes: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """By id of the question: codes that count as others, with those."""

    def variable(self, question: str) -> str:
        """The variable that the answers to a question are."""
        name, added = made_from(question)
        return self.names.get(name, name) + added

    def question(self, variable: str) -> str | None:
        """The question whose answers are a variable, or of whose answers it is made; none where they are another."""
        asked, _added = made_from(variable)
        found = next((question for question, name in self.names.items() if name == asked), None)
        return found or (None if asked in self.names else asked)

    def counts_as(self, question: str, found: str) -> tuple[str, ...]:
        """The codes that a code counts as."""
        return self.codes.get(question, {}).get(found, (found,))

    def counted_as(self, question: str, wanted: str) -> tuple[str, ...]:
        """The codes that count as a code, itself last."""
        others = self.codes.get(question, {})
        found = tuple(one for one, counts in others.items() if wanted in counts and one != wanted)
        itself = wanted not in others or wanted in others[wanted]
        return (*found, wanted) if itself else found


AS_IT_IS: Final = Reading()


def readings(editions: Mapping[int, Kept], maps: Mapping[int, AnswerMap]) -> dict[int, Reading]:
    """The reading of each edition in the terms of the newest of them; `maps` by the number of their edition."""
    return {number: read_on(number, editions[number], editions, maps) for number in editions}


def read_on(start: int, kept: Kept, editions: Mapping[int, Kept], maps: Mapping[int, AnswerMap]) -> Reading:
    """How variables and codes in the terms of one edition are read in those of the newest."""
    names: dict[str, str] = {}
    codes: dict[str, dict[str, tuple[str, ...]]] = {}
    later = sorted(number for number in editions if number > start)
    for question, (kind, offered) in kept.items():
        counts: dict[str, tuple[str, ...]] = {found: (found,) for found in offered}
        for number in later:
            answer_map = maps.get(number, UNCHANGED)
            # Editions without a map of their own, from before there were maps, can still have another type.
            other = editions[number].get(question, (kind, ()))[0]
            if question in answer_map.apart or other is not kind:
                names[question] = kept_apart(question, number - 1)
                break
            if question in answer_map.codes:
                step = _step(answer_map.codes[question], number)
                counts = {found: _followed(now, step) for found, now in counts.items()}
        others = {found: now for found, now in counts.items() if now != (found,)}
        if others:
            codes[question] = others
    return Reading(names, codes)


def _step(codes: Mapping[str, Iterable[str]], number: int) -> dict[str, tuple[str, ...]]:
    """One edition's map in terms of codes as they are kept."""
    return {
        code(found): tuple(map(code, targets)) or (kept_apart(code(found), number - 1),)
        for found, targets in codes.items()
    }


def _followed(codes: tuple[str, ...], step: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(target for found in codes for target in step.get(found, (found,))))
