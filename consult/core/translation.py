"""Translations of what authors write: the state of each, and how none is lost when its source changes.

What an object holds (a question, a title) is *stored*. Beside it stands its history: the versions of each translation
with the source that they were made from, of which none is ever deleted. States follow from the two; what has no version
counts as reviewed, for whoever wrote the source wrote it as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from consult.core.errors import Problem
from consult.core.text import LocalisedText, clean

_NOTHING: Final = LocalisedText()
_LONG: Final = 2.0
_SLACK: Final = 20


@dataclass(frozen=True, slots=True)
class Syntax:
    """How texts name what is put into them."""

    pattern: re.Pattern[str]
    shape: str
    escaped: str = ""
    """What stands for the sign that begins one; alone, that sign is a broken one."""


ANSWERS: Final = Syntax(re.compile(r"\$\{\s*([^{}\s]*)\s*\}"), "${%s}")
"""Authored texts: `${name}` is the answer to a question."""
VALUES: Final = Syntax(re.compile(r"%\((\w+)\)s"), "%%(%s)s", "%%")
"""Words of the interface: `%(name)s` is a value, `%%` a per cent sign."""


class State(StrEnum):
    """States of a translation."""

    MISSING = "missing"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    STALE = "stale"
    """The source changed after it was made."""


class Gate(StrEnum):
    """When a locale is offered to the public. The source locale always is."""

    REVIEWED = "reviewed"
    """Every text is there and reviewed, none is stale."""
    COMPLETE = "complete"
    """Every text is there."""
    BEGUN = "begun"
    """Always: what is missing stands in the source locale."""

    def lets_through(self, states: Iterable[State]) -> bool:
        """Whether a locale with texts in these states is offered."""
        found = set(states)
        if self is Gate.BEGUN:
            return True
        return State.MISSING not in found if self is Gate.COMPLETE else found <= {State.REVIEWED}


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an object in all its locales."""

    path: str
    """Which text of the object it is: stable as long as its question keeps its id."""
    field: str
    """What it is: `label`, `hint`, `title`, …"""
    words: LocalisedText
    name: str = ""
    """What it belongs to, in the author's terms: a question's name, a choice's code."""
    within: LocalisedText = _NOTHING
    """Title of the group, or label of the question, that it stands in."""
    longest: int = 5000
    """Characters that it may have."""
    syntax: Syntax = ANSWERS
    optional: frozenset[str] = frozenset()
    """Placeholders that a translation may leave out: it says the number as a word."""


@dataclass(frozen=True, slots=True)
class Version:
    """A translation as it was once written."""

    source: str
    """What it is a translation of."""
    text: str
    """Empty where somebody took the translation away."""
    reviewed: bool
    translated: bool = False
    """Whether a translator wrote it; else it came with the source."""


History = Mapping[str, Sequence[Version]]
"""Versions in one locale by path, the oldest first."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in a locale as it stands now."""

    text: str
    state: State
    before: str = ""
    """Of a stale one, the source that it was made from."""


def tidy(text: str) -> str:
    """A text as translations are compared: clean, without space around it."""
    return clean(text).strip()


def fingerprint(text: str) -> str:
    """A short name of a text (16 hexadecimal digits), by which a file says what it was exported with."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:16]


def stored(text: Text, locale: str, source: str, versions: Sequence[Version]) -> Translation:
    """A translation as its object holds it, which is what the public sees."""
    words, origin = text.words.get(locale, ""), text.words.get(source, "")
    if not words:
        return Translation("", State.MISSING)
    known = next((version for version in reversed(versions) if version.text == words), None)
    if known is None:
        return Translation(words, State.REVIEWED)
    return _judged(known, origin)


def current(text: Text, locale: str, source: str, versions: Sequence[Version]) -> Translation:
    """A translation as translators see it: a draft goes before what the object holds."""
    if versions and versions[-1].text and not versions[-1].reviewed:
        return _judged(versions[-1], text.words.get(source, ""))
    return stored(text, locale, source, versions)


def _judged(version: Version, origin: str) -> Translation:
    if version.source != origin:
        return Translation(version.text, State.STALE, version.source)
    return Translation(version.text, State.REVIEWED if version.reviewed else State.DRAFT)


def check(source: str, text: str, of: Text) -> Iterator[Problem]:
    """What is wrong with a translation: placeholders that it lacks, makes up or has broken, and its length."""
    wanted, found = placeholders(source, of.syntax), placeholders(text, of.syntax)
    for name in wanted:
        if name not in found and name not in of.optional:
            yield Problem("translation.placeholder.missing", {"name": of.syntax.shape % name})
    for name in found:
        if name not in wanted:
            yield Problem("translation.placeholder.unknown", {"name": of.syntax.shape % name})
    if (sign := of.syntax.escaped) and sign[0] in of.syntax.pattern.sub("", text).replace(sign, ""):
        yield Problem("translation.percent")
    if len(text) > of.longest:
        yield Problem("translation.long", {"longest": of.longest})


def placeholders(text: str, syntax: Syntax = ANSWERS) -> tuple[str, ...]:
    """The names in a text's placeholders, each once."""
    return tuple(dict.fromkeys(syntax.pattern.findall(text)))


def odd_length(source: str, text: str) -> bool:
    """Whether a translation is so much longer or shorter than its source that somebody should look."""
    if not text:
        return False
    return len(text) > _LONG * len(source) + _SLACK or _LONG * len(text) + _SLACK < len(source)


def renewed(
    before: Mapping[str, Text],
    after: Mapping[str, Text],
    locale: str,
    source: str,
    history: History,
    recalled: Collection[str] = (),
) -> Iterator[tuple[str, Version]]:
    """What has to be added to the history when an object is written anew, so that states stay true and nothing is lost.

    A translation that loses its source, or its place, is kept as it was with the source that it had. One that is new is
    reviewed, but for one that only moved: it keeps its state. `recalled`: paths that `remembered` filled.
    """
    for path, text in before.items():
        words, origin = text.words.get(locale, ""), text.words.get(source, "")
        now = after[path].words if path in after else _NOTHING
        changed = (now.get(source, ""), now.get(locale, "")) != (origin, words)
        if words and changed and all(version.text != words for version in history.get(path, ())):
            yield path, Version(origin, words, reviewed=True)
    known = _known(before, locale, source, history)
    for path, text in after.items():
        words, origin = text.words.get(locale, ""), text.words.get(source, "")
        there = path in before or bool(history.get(path))
        if not words or (path in before and words == before[path].words.get(locale)) or (path in recalled and there):
            continue
        moved = known.get((origin, words))
        if moved is not None and not there:
            yield path, moved
        elif there:
            yield path, Version(origin, words, reviewed=True)


def _known(before: Mapping[str, Text], locale: str, source: str, history: History) -> dict[tuple[str, str], Version]:
    """By a source and its translation, the version in which they belong together."""
    found = {(version.source, version.text): version for versions in history.values() for version in versions}
    for path, text in before.items():
        words, origin = text.words.get(locale, ""), text.words.get(source, "")
        version = next((one for one in reversed(history.get(path, ())) if one.text == words), None)
        if words and version is not None:
            found[origin, words] = version
    return found


def remembered(
    before: Mapping[str, Text], after: Mapping[str, Text], locale: str, source: str, history: History
) -> dict[str, str]:
    """The translations, by path, that an imported object should have besides what its file brings.

    Where the file has none: what there was at the same path, else of the same source elsewhere in the object. Where it
    has one that is older than a translator's: the translator's. What names answers that the source no longer names
    stays in the history.
    """
    alike = _by_source(before, locale, source, history)
    found: dict[str, str] = {}
    for path, text in after.items():
        words, origin = text.words.get(locale, ""), text.words.get(source, "")
        versions = history.get(path, ())
        had = before[path].words.get(locale, "") if path in before else ""
        if words:
            older = {version.text for version in versions[:-1]}
            if versions and versions[-1].translated and had and words != had and words in older:
                found[path] = had
        elif had:
            found[path] = had
        elif versions:
            found[path] = versions[-1].text
        elif origin in alike:
            found[path] = alike[origin]
    return {path: words for path, words in found.items() if words and _fits(after[path], source, words)}


def _fits(text: Text, source: str, words: str) -> bool:
    """Whether a translation names nothing that its source does not: it could not be published."""
    return set(placeholders(words)) <= set(placeholders(text.words.get(source, "")))


def _by_source(before: Mapping[str, Text], locale: str, source: str, history: History) -> dict[str, str]:
    known = {versions[-1].source: versions[-1].text for versions in history.values() if versions}
    known |= {
        text.words.get(source, ""): text.words.get(locale, "") for text in before.values() if locale in text.words
    }
    return {origin: words for origin, words in known.items() if origin and words}


@dataclass(frozen=True, slots=True)
class Count:
    """How many texts of a locale are in each state."""

    locale: str
    states: Mapping[State, int]

    @property
    def total(self) -> int:
        """How many texts there are to translate."""
        return sum(self.states.values())

    @property
    def share(self) -> float:
        """The share of 1 that is reviewed; rounded down, so that only all is all."""
        return int(100 * self.states[State.REVIEWED] / self.total) / 100 if self.total else 1.0


def count(locale: str, states: Iterable[State]) -> Count:
    """Count them."""
    found = dict.fromkeys(State, 0)
    for state in states:
        found[state] += 1
    return Count(locale, found)
