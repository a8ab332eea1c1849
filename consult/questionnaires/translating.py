"""Translating: what there is of an object's texts in a locale, writing it, reviewing it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.codes import LANGUAGES
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.questionnaire import document
from consult.core.translation import (
    Count,
    State,
    Text,
    Translation,
    Version,
    check,
    count,
    current,
    fingerprint,
    odd_length,
    tidy,
)
from consult.languages import queries as languages
from consult.languages.models import Language
from consult.processes import wordings
from consult.processes.models import Activity, Process
from consult.processes.service import lock
from consult.processes.wordings import Owner, Stamp, Texts, process_of
from consult.questionnaires import queries
from consult.questionnaires.wordings import KINDS

_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SLICES: Final[Mapping[type[Owner], str]] = {
    Process: "processes",
    Activity: "questionnaires",
    Language: "languages",
}
REMEMBERED: Final = 3
"""Earlier translations of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text to translate, as it stands in a locale."""

    key: str
    """Kind and path: `questionnaire:q123/label`."""
    kind: Texts
    text: Text
    source: str
    here: Translation
    public: str
    """The translation that the object holds; another than `here` where that is a draft."""
    versions: Sequence[Version]

    @property
    def mark(self) -> str:
        """Fingerprint of the translation, by which a form says what it was filled with."""
        return fingerprint(self.here.text)

    @property
    def earlier(self) -> list[str]:
        """What it was translated as before, the latest first."""
        texts = dict.fromkeys(version.text for version in reversed(self.versions))
        return [text for text in texts if text and text != self.here.text][:REMEMBERED]

    @property
    def odd_length(self) -> bool:
        """Whether it is so much longer or shorter than its source that somebody should look."""
        return odd_length(self.source, self.here.text)


@dataclass(frozen=True, slots=True)
class Typed:
    """A translation that somebody hands in."""

    key: str
    text: str
    reviewed: bool
    mark: str = ""
    """Fingerprint of the translation that they saw; empty: whatever there is."""
    source: str | None = None
    """What they translated, where it may be another than the source is now."""


def source_of(session: Session, owner: Owner) -> str:
    """The locale that an object is translated from."""
    draft = queries.draft(session, owner.id) if isinstance(owner, Activity) else None
    return document.decode(draft.document).source if draft else owner.locales[0]


def locales_of(session: Session, owner: Owner) -> list[str]:
    """The locales that an object is, or is to be, translated into: its own and those of its process."""
    source = source_of(session, owner)
    draft = queries.draft(session, owner.id) if isinstance(owner, Activity) else None
    own = document.decode(draft.document).locales if draft else owner.locales
    process = process_of(owner)
    return [code for code in dict.fromkeys((*own, *(process.locales if process else ()))) if code != source]


def into(session: Session, owner: Owner, locale: str) -> bool:
    """Whether an object can be translated into a locale: into every language but its own."""
    if locale == source_of(session, owner):
        return False
    if isinstance(owner, Language):
        return locale == owner.code
    if locale in locales_of(session, owner) or languages.language(session, locale) is not None:
        return True
    return bool(_TAG.fullmatch(locale)) and locale.split("-")[0] in LANGUAGES


def items(session: Session, owner: Owner, locale: str, kinds: Iterable[Texts] = KINDS) -> list[Item]:
    """Every text of an object that has a source, with its translation, in reading order."""
    source = source_of(session, owner)
    found: list[Item] = []
    for kind in kinds:
        if isinstance(owner, kind.of):
            versions = wordings.history(session, kind.kind, owner.id, locale)[locale]
            texts = [text for text in kind.read(session, owner) if text.words.get(source)]
            found += (_item(kind, text, locale, source, versions.get(text.path, ())) for text in texts)
    return found


def _item(kind: Texts, text: Text, locale: str, source: str, versions: Sequence[Version]) -> Item:
    return Item(
        key=f"{kind.kind}:{text.path}",
        kind=kind,
        text=text,
        source=text.words[source],
        here=current(text, locale, source, versions),
        public=text.words.get(locale, ""),
        versions=versions,
    )


def counts(session: Session, owner: Owner) -> list[Count]:
    """How far the translation into each locale is."""
    return [
        count(locale, (item.here.state for item in items(session, owner, locale)))
        for locale in locales_of(session, owner)
    ]


def save(
    session: Session, owner: Owner, locale: str, typed: Iterable[Typed], *, by: Actor | None, now: dt.datetime
) -> int:
    """Write translations down; how many were new or are reviewed now.

    What is reviewed is in the object from now on; a draft is, where the public does not see it at once. Refuses all
    where one is wrong (`core.translation.check`) or was changed by somebody else after it was looked at
    (`translation.changed`), each at the field that is its key.
    """
    lock(session, owner)
    found = {item.key: item for item in items(session, owner, locale)}
    wanted = [(found[one.key], one) for one in typed if one.key in found]
    refuse_if_any(problem for item, one in wanted for problem in problems(item, one))
    changed = [(item, one) for item, one in wanted if _changes(item, one)]
    by_kind: dict[str, list[tuple[Item, Typed]]] = defaultdict(list)
    for item, one in changed:
        by_kind[item.kind.kind].append((item, one))
    stamp = Stamp(by, now)
    for pairs in by_kind.values():
        _write(session, owner, locale, pairs, stamp)
    if changed:
        reviewed = sum(one.reviewed for _item, one in changed)
        _record(session, owner, "translate", {"locale": locale, "texts": len(changed), "reviewed": reviewed}, stamp)
    return len(changed)


def problems(item: Item, one: Typed) -> Iterator[Problem]:
    """What stands against a translation that was handed in."""
    text = tidy(one.text)
    if text:
        for problem in check(item.source if one.source is None else one.source, text, item.text):
            yield Problem(problem.code, problem.params, Place(field=item.key))
    touched = one.reviewed or fingerprint(text) != one.mark
    if one.mark and one.mark != item.mark and touched and text != tidy(item.here.text):
        yield Problem("translation.changed", {"text": item.here.text}, Place(field=item.key))


def _changes(item: Item, one: Typed) -> bool:
    text, state = tidy(one.text), item.here.state
    if text != tidy(item.here.text):
        return not one.mark or fingerprint(text) != one.mark
    if one.reviewed:
        return bool(text) and state is not State.REVIEWED
    return state is State.REVIEWED and bool(one.mark)


def _write(session: Session, owner: Owner, locale: str, pairs: Sequence[tuple[Item, Typed]], stamp: Stamp) -> None:
    """Add to the history and, where it may be seen, write into the object. A draft of what the public sees, and what
    would not fit the source as it is now, stands in the history alone."""
    kind = pairs[0][0].kind
    before = {item.text.path: item.versions for item, _one in pairs}
    added: list[tuple[str, Version]] = []
    words = {}
    for item, one in pairs:
        path = item.text.path
        text = item.here.text if tidy(one.text) == tidy(item.here.text) else tidy(one.text)
        same = one.source is None or tidy(one.source) == tidy(item.source)
        fits = not any(check(item.source, text, item.text))
        if item.public and all(version.text != item.public for version in item.versions):
            added.append((path, Version(item.source, item.public, reviewed=True)))
        version = Version(item.source if same else str(one.source), text, one.reviewed and fits, translated=True)
        added.append((path, version))
        if text != item.public and ((version.reviewed and text) if kind.live else (fits or not text)):
            words[path] = item.text.words.with_text(locale, text)
    wordings.add(session, owner, kind.kind, locale, added, before, stamp)
    if words:
        kind.write(session, owner, words, stamp.by, stamp.now)


def review(session: Session, owner: Owner, locale: str, *, by: Actor | None, now: dt.datetime) -> int:
    """Mark every translation into a locale as reviewed, the stale ones too; how many were not."""
    found = items(session, owner, locale)
    open_ones = [item for item in found if item.here.state in (State.DRAFT, State.STALE)]
    wrong = [problem for item in open_ones for problem in problems(item, _reviewed(item))]
    if wrong:
        raise Refused.because("translation.review.wrong", count=len(wrong))
    done = save(session, owner, locale, map(_reviewed, open_ones), by=by, now=now)
    _record(session, owner, "review", {"locale": locale, "texts": done}, Stamp(by, now))
    return done


def _reviewed(item: Item) -> Typed:
    return Typed(item.key, item.here.text, reviewed=True)


def suggestions(session: Session, owner: Owner, locale: str, shown: Iterable[Item]) -> Mapping[str, str]:
    """What a text that is missing was translated as elsewhere in the process, by key."""
    missing = [item for item in shown if item.here.state is State.MISSING]
    known = wordings.memory(session, owner, locale, (item.source for item in missing))
    return {item.key: known[mark] for item in missing if (mark := fingerprint(item.source)) in known}


def _record(session: Session, owner: Owner, verb: str, details: Mapping[str, object], stamp: Stamp) -> None:
    process = process_of(owner)
    record(
        session,
        actor=stamp.by,
        action=f"{_SLICES[type(owner)]}.{verb}",
        subject=owner.slug,
        now=stamp.now,
        process_id=process.id if process else None,
        details=details,
    )
