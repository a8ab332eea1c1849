"""The texts of processes and activities in all their kinds, and the versions of their translations.

Whoever writes such a text (a form, an import) says so with `renew`, so that no translation is lost and those whose
source changed become stale; `core.translation` says how states follow.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.text import LocalisedText
from consult.core.translation import Text, Version, fingerprint, renewed
from consult.languages import service as languages
from consult.languages.models import Language
from consult.processes.models import Activity, Process, Theme, Wording

Owner = Process | Activity | Language
Written = Mapping[str, LocalisedText]
"""Texts by their paths."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A kind of authored texts: how they are read of an object and written back."""

    kind: str
    of: type[Owner]
    read: Callable[[Session, Owner], Sequence[Text]]
    write: Callable[[Session, Owner, Written, Actor | None, dt.datetime], None]
    live: bool = True
    """Whether the public sees what is written at once: then only what is reviewed is."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who writes, and when."""

    by: Actor | None
    now: dt.datetime


def process_of(owner: Owner) -> Process | None:
    """The process itself, or that of an activity; a language belongs to none."""
    if isinstance(owner, Language):
        return None
    return owner if isinstance(owner, Process) else owner.process


def _process_id(owner: Owner) -> uuid.UUID | None:
    process = process_of(owner)
    return process.id if process else None


def history(
    session: Session, kind: str, object_id: uuid.UUID, locale: str | None = None
) -> dict[str, dict[str, list[Version]]]:
    """The versions of translations by locale and path, the oldest first; of one locale or of all."""
    wanted = select(Wording).where(Wording.kind == kind, Wording.object_id == object_id).order_by(Wording.number)
    if locale is not None:
        wanted = wanted.where(Wording.locale == locale)
    found: dict[str, dict[str, list[Version]]] = defaultdict(lambda: defaultdict(list))
    for row in session.scalars(wanted):
        version = Version(row.source, row.text, row.reviewed, row.translated)
        found[row.locale][row.path].append(version)
    return found


def add(
    session: Session,
    owner: Owner,
    kind: str,
    locale: str,
    versions: Iterable[tuple[str, Version]],
    known: Mapping[str, Sequence[Version]],
    stamp: Stamp,
) -> None:
    """Write versions down, each after those that its path has already; the caller holds the owner's lock."""
    number = {path: len(found) for path, found in known.items()}
    for path, version in versions:
        number[path] = number.get(path, 0) + 1
        session.add(
            Wording(
                process_id=_process_id(owner),
                kind=kind,
                object_id=owner.id,
                path=path,
                locale=locale,
                number=number[path],
                source=version.source,
                source_hash=fingerprint(version.source),
                text=version.text,
                reviewed=version.reviewed,
                translated=version.translated,
                at=stamp.now,
                by_id=stamp.by.id if stamp.by else None,
            )
        )
    session.flush()


def renew(
    session: Session,
    owner: Owner,
    kind: str,
    texts: tuple[Iterable[Text], Iterable[Text]],
    source: str,
    stamp: Stamp,
    recalled: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Keep what there was of translations when texts were written anew. `texts`: before and after.

    `recalled`: by locale, the paths that were filled from memory and not by whoever wrote.
    """
    before, after = ({text.path: text for text in found} for found in texts)
    if before == after:
        return
    versions = history(session, kind, owner.id)
    locales = {locale for text in (*before.values(), *after.values()) for locale in text.words} - {source}
    for locale in sorted(locales):
        filled = (recalled or {}).get(locale, ())
        found = renewed(before, after, locale, source, versions[locale], filled)
        add(session, owner, kind, locale, list(found), versions[locale], stamp)


def take_over(session: Session, owner: Owner, earlier: Owner, kind: str, now: dt.datetime) -> None:
    """Give an object the history that another has, of which it is a copy."""
    for locale, versions in history(session, kind, earlier.id).items():
        found = [(path, version) for path, known in versions.items() for version in known]
        add(session, owner, kind, locale, found, {}, Stamp(None, now))


def memory(session: Session, owner: Owner, locale: str, sources: Iterable[str]) -> dict[str, str]:
    """Reviewed translations of equal sources in its process, the latest of each, by the source's fingerprint."""
    wanted = select(Wording.source_hash, Wording.text).where(
        Wording.process_id == _process_id(owner),
        Wording.locale == locale,
        Wording.reviewed,
        Wording.text != "",
        Wording.source_hash.in_({fingerprint(source) for source in sources}),
    )
    return dict(session.execute(wanted.order_by(Wording.at, Wording.number)).all())


def attributes(names: Mapping[str, int], row: object) -> list[Text]:
    """The texts that are attributes of a row. `names`: with the characters that each may have."""
    return [Text(name, name, getattr(row, name), longest=longest) for name, longest in names.items()]


PROCESS = {"title": 200, "mandate": 5000, "public_name": 200}
TITLE = {"title": 200}


def theme_texts(themes: Iterable[Theme]) -> list[Text]:
    """The names of themes."""
    return [Text(f"{theme.id}/label", "theme", theme.label, theme.code, longest=200) for theme in themes]


def set_attributes(session: Session, row: object, words: Written) -> None:
    """Write texts that are attributes of a row."""
    for name, text in words.items():
        setattr(row, name, text)
    session.flush()


def _write_row(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    set_attributes(session, owner, words)


def _write_themes(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    assert isinstance(owner, Process)
    for theme in owner.themes:
        if (path := f"{theme.id}/label") in words:
            theme.label = words[path]
    session.flush()


def _themes(_session: Session, owner: Owner) -> list[Text]:
    assert isinstance(owner, Process)
    return theme_texts(owner.themes)


def _words(_session: Session, owner: Owner) -> list[Text]:
    assert isinstance(owner, Language)
    return languages.texts(owner)


def _write_words(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    assert isinstance(owner, Language)
    languages.write(session, owner, words)


KINDS = (
    Texts("words", Language, _words, _write_words),
    Texts("process", Process, lambda _session, owner: attributes(PROCESS, owner), _write_row),
    Texts("themes", Process, _themes, _write_themes),
    Texts("title", Activity, lambda _session, owner: attributes(TITLE, owner), _write_row),
)
