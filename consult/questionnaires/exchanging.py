"""Translations as files that go out to translators and come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Problem, Refused, refuse_if_any
from consult.core.exchange import po, sheets, xliff
from consult.core.exchange.entries import Entry, Exchange
from consult.core.exchange.merging import Change, Merged, merge
from consult.core.translation import State, fingerprint, tidy
from consult.processes.wordings import Owner
from consult.questionnaires import translating
from consult.questionnaires.translating import Item, Typed, source_of

HERE: Final = "here"
FILE: Final = "file"


class Format(NamedTuple):
    """A format of files."""

    media_type: str
    write: Callable[[Exchange], bytes]
    read: Callable[[bytes, str], Exchange]


FORMATS: Final[Mapping[str, Format]] = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheets.write, sheets.read),
    "xlf": Format("application/xliff+xml", xliff.write, xliff.read),
    "po": Format("text/x-gettext-translation", po.write, po.read),
}
"""By the ending of a file's name."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file laid beside what is here."""

    merged: Merged
    source: str
    target: str


def export(
    session: Session, owner: Owner, locale: str, form: str, note: Callable[[Item], str] = lambda item: item.text.name
) -> bytes:
    """Every text of an object with its translation as a file. `note`: what translators should know of a text."""
    entries = (
        Entry(
            key=item.key,
            source=item.source,
            target=item.here.text,
            state=item.here.state,
            note=note(item),
            before=item.here.before,
        )
        for item in translating.items(session, owner, locale)
    )
    return FORMATS[form].write(Exchange(source_of(session, owner), locale, tuple(entries), owner.slug))


def read(data: bytes, name: str) -> Exchange:
    """The texts of a file, by the ending of its name. Refuses `exchange.format`, and what the format's reader does."""
    form = {"xliff": "xlf"}.get(ending := name.rpartition(".")[2].lower(), ending)
    if form not in FORMATS:
        raise Refused.because("exchange.format")
    return FORMATS[form].read(data, name)


def compare(session: Session, owner: Owner, locale: str, found: Exchange, *, reviews: bool) -> Merged:
    """Lay a file beside what is here.

    Refuses `exchange.locale` (it is of other languages), and with its place in the file every translation that
    `core.translation.check` finds wrong: nothing of such a file is taken.
    """
    here = {item.key: item for item in translating.items(session, owner, locale)}
    source = source_of(session, owner)
    if found.target != locale or (found.source and found.source != source):
        raise Refused.because("exchange.locale", source=source, target=locale)
    merged = merge({key: item.here for key, item in here.items()}, found, reviews=reviews)
    refuse_if_any(_wrong(here, [*merged.taken, *merged.asked]))
    return merged


def _wrong(here: Mapping[str, Item], changes: list[Change]) -> Iterator[Problem]:
    for change in changes:
        for problem in translating.problems(here[change.entry.key], _typed(change.entry, reviews=False)):
            yield replace(problem, place=change.entry.place)


def take(
    session: Session,
    owner: Owner,
    locale: str,
    found: Exchange,
    choices: Mapping[str, str],
    *,
    reviews: bool,
    by: Actor | None,
    now: dt.datetime,
) -> int:
    """Write a file's translations down; how many.

    `choices`: by key, for each text that changed on both sides `here:` or `file:` and the fingerprint of the
    translation here that was seen. Refuses what `compare` does, and `exchange.undecided` at each text that nothing is
    said of, or not of what is here now.
    """
    merged = compare(session, owner, locale, found, reviews=reviews)
    open_ones = [change for change in merged.asked if said(choices, change) == ""]
    refuse_if_any(
        Problem("exchange.undecided", {}, replace(change.entry.place, field=change.entry.key)) for change in open_ones
    )
    wanted = [*merged.taken, *(change for change in merged.asked if said(choices, change) == FILE)]
    return translating.save(
        session, owner, locale, (_typed(change.entry, reviews=reviews) for change in wanted), by=by, now=now
    )


def said(choices: Mapping[str, str], change: Change) -> str:
    """What was chosen for a text: `here`, `file`, or nothing (of what is here now)."""
    side, _, mark = choices.get(change.entry.key, "").partition(":")
    return side if side in (HERE, FILE) and mark == fingerprint(change.here.text) else ""


def _typed(entry: Entry, *, reviews: bool) -> Typed:
    source = tidy(entry.source)
    return Typed(entry.key, entry.target, reviews and entry.state is State.REVIEWED, source=source or None)
