"""The merge of a file of translations with what became of them since it was exported.

Of each text there are three: as it was exported (its fingerprint is in the file), as it is here, as it is in the file.
Where one side changed it, that side has it; where both did and not alike, somebody has to say. An empty
translation in a file says nothing: no file takes one away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.core.exchange.entries import Entry, Exchange
from consult.core.translation import State, Translation, fingerprint, tidy


@dataclass(frozen=True, slots=True)
class Change:
    """A text that a file has otherwise than it is here."""

    entry: Entry
    here: Translation


@dataclass(slots=True)
class Merged:
    """What a file comes to."""

    taken: list[Change] = field(default_factory=list)
    """Changed in the file alone, or only reviewed there."""
    asked: list[Change] = field(default_factory=list)
    """Changed on both sides."""
    kept: list[Change] = field(default_factory=list)
    """Changed here alone."""
    gone: list[Entry] = field(default_factory=list)
    """Texts that are no longer here."""
    same: int = 0
    """How many are alike on both sides."""


def merge(here: Mapping[str, Translation], theirs: Exchange, *, reviews: bool = False) -> Merged:
    """Lay a file beside what is here. `reviews`: that the file marks a text as reviewed counts as well."""
    found = Merged()
    for entry in theirs.entries:
        mine = here.get(entry.key)
        if mine is None:
            found.gone.append(entry)
            continue
        change = Change(entry, mine)
        match side(mine.text, entry.target, entry.base):
            case "same" if reviews and entry.state is State.REVIEWED and mine.state is State.DRAFT:
                found.taken.append(change)
            case "same":
                found.same += 1
            case "here":
                found.kept.append(change)
            case "there":
                found.taken.append(change)
            case _:
                found.asked.append(change)
    return found


def side(here: str, there: str, base: str) -> str:
    """Who changed a text that had this fingerprint: `same` (nobody, or alike), `here`, `there`, `both`.

    Without a fingerprint both may have, unless there is nothing here.
    """
    mine, theirs = tidy(here), tidy(there)
    if mine == theirs:
        return "same"
    if not theirs or fingerprint(theirs) == base:
        return "here"
    if fingerprint(mine) == base or (not base and not mine):
        return "there"
    return "both"
