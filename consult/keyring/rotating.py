"""Rotating the contact keys, so that no process meets a value that it cannot open.

A new key first only opens: once every process has been started again and knows it, it seals, and everything sealed
before is sealed anew. An old key goes when nothing is left under it.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from consult.config import Keys
from consult.db.installation import Installation
from consult.db.sealed import Sealed, reseal, under

Passing = Callable[[Installation], Iterable[str]]
"""The ids of keys under which something is sealed that goes by itself within a day, once for each."""


class KeyringError(ValueError):
    """Something that would lose a value or confuse keys; the message says what."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Everything that is sealed under contact keys."""

    sealed: Sequence[Sealed]
    passing: Sequence[Passing]

    def used(self, installation: Installation) -> Counter[str]:
        """How much is sealed under each key that there is."""
        found = Counter(dict.fromkeys(installation.keys.contact, 0))
        with installation.database.reading() as session:
            for key in installation.keys.contact:
                found[key] += sum(under(session, one, key) for one in self.sealed)
        found.update(key for passing in self.passing for key in passing(installation))
        return found

    def reseal(self, installation: Installation) -> tuple[int, int]:
        """Seal everything anew under the last key; how much that was, and how much could not be opened."""
        counts = [reseal(installation.database, installation.keys.contact, one) for one in self.sealed]
        return sum(done for done, _ in counts), sum(unopened for _, unopened in counts)


def added(keys: Keys) -> Keys:
    """Keys with a further contact key, which opens and does not seal yet. Raises KeyringError where there is such
    a one already."""
    if _newest(keys) != list(keys.contact)[-1]:
        raise KeyringError(f"key {_newest(keys)} was added and does not seal yet: first rotate to it")
    name = str(max((int(known) for known in keys.contact if known.isdecimal()), default=0) + 1)
    *older, last = keys.contact.items()
    return replace(keys, contact=dict([*older, (name, secrets.token_bytes(32)), last]))


def promoted(keys: Keys) -> Keys:
    """Keys of which the newest contact key seals."""
    newest = _newest(keys)
    others = {name: key for name, key in keys.contact.items() if name != newest}
    return replace(keys, contact={**others, newest: keys.contact[newest]})


def dropped(keys: Keys, name: str) -> Keys:
    """Keys without a contact key. Raises KeyringError where there is none of that name, or it seals."""
    if name not in keys.contact:
        raise KeyringError(f"there is no contact key {name}")
    if name == list(keys.contact)[-1]:
        raise KeyringError(f"key {name} is the one that seals")
    return replace(keys, contact={other: key for other, key in keys.contact.items() if other != name})


def _newest(keys: Keys) -> str:
    return max(keys.contact, key=lambda name: (int(name) if name.isdecimal() else -1, name))
