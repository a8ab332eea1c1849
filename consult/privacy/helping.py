"""Where participants find help and can complain: written by those who run a process."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.codes import COUNTRIES
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire.internet import read_url
from consult.core.text import LocalisedText
from consult.core.translation import Text
from consult.privacy import queries
from consult.privacy.models import Helpline
from consult.processes import wordings
from consult.processes.models import Process
from consult.processes.service import lock
from consult.processes.wordings import Owner, Stamp, Written

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./*#-]{1,38}")
LONGEST_URL: Final = 300
COMPLAINT: Final = {"complaint": 1000}
TEXTS: Final = {"name": 200, "words": 500}
"""Texts of a helpline, with the characters that each may have."""
_KIND: Final = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is said of a helpline; the fields are those of `models.Helpline`."""

    country: str
    name: LocalisedText
    phone: str
    url: str
    words: LocalisedText


def describe(
    session: Session, process: Process, complaint: LocalisedText, *, by: Actor | None, now: dt.datetime
) -> None:
    """Say how people can complain."""
    lock(session, process)
    before = wordings.attributes(COMPLAINT, process)
    process.complaint = complaint
    session.flush()
    _renew(session, process, before, wordings.attributes(COMPLAINT, process), Stamp(by, now))
    _note(session, process, "describe_complaints", "", by, now)


def put(
    session: Session, process: Process, helpline: Helpline | None, line: Line, *, by: Actor | None, now: dt.datetime
) -> Helpline:
    """Add a helpline, or change one.

    Refuses `privacy.helpline.name` (none in the process's first language), `.country`, `.way` (neither telephone nor
    web page), `.phone` and `.url` (unreadable).
    """
    url = read_url(line.url) if line.url else ""
    found = []
    if line.name.missing(process.locales[:1]):
        found.append(Problem("privacy.helpline.name", place=Place(field="name")))
    if line.country and line.country not in COUNTRIES:
        found.append(Problem("privacy.helpline.country", place=Place(field="country")))
    if not line.phone and not line.url:
        found.append(Problem("privacy.helpline.way", place=Place(field="phone")))
    if line.phone and not _PHONE.fullmatch(line.phone):
        found.append(Problem("privacy.helpline.phone", place=Place(field="phone")))
    if url is None or len(url) > LONGEST_URL:
        found.append(Problem("privacy.helpline.url", place=Place(field="url")))
    refuse_if_any(found)
    lock(session, process)
    verb = "add_helpline" if helpline is None else "change_helpline"
    before = _texts([helpline] if helpline else [])
    helpline = helpline or Helpline(process_id=process.id)
    helpline.country, helpline.name, helpline.words = line.country, line.name, line.words
    helpline.phone, helpline.url = line.phone, url or ""
    session.add(helpline)
    session.flush()
    _renew(session, process, before, _texts([helpline]), Stamp(by, now))
    _note(session, process, verb, line.country, by, now)
    return helpline


def remove(session: Session, process: Process, helpline: Helpline, *, by: Actor | None, now: dt.datetime) -> None:
    """Take a helpline away."""
    lock(session, process)
    _renew(session, process, _texts([helpline]), (), Stamp(by, now))
    session.delete(helpline)
    session.flush()
    _note(session, process, "remove_helpline", helpline.country, by, now)


def _texts(helplines: Iterable[Helpline]) -> list[Text]:
    return [
        Text(f"{helpline.id}/{name}", name, getattr(helpline, name), helpline.country, longest=longest)
        for helpline in helplines
        for name, longest in TEXTS.items()
    ]


def _renew(session: Session, process: Process, before: Iterable[Text], after: Iterable[Text], stamp: Stamp) -> None:
    wordings.renew(session, process, _KIND, (before, after), process.locales[0], stamp)


def _read(session: Session, owner: Owner) -> Sequence[Text]:
    return [*wordings.attributes(COMPLAINT, owner), *_texts(queries.helplines(session, owner.id))]


def _write(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    wordings.set_attributes(session, owner, {path: text for path, text in words.items() if path in COMPLAINT})
    for helpline in queries.helplines(session, owner.id):
        own = {name: words[path] for name in TEXTS if (path := f"{helpline.id}/{name}") in words}
        wordings.set_attributes(session, helpline, own)


KINDS: Final = (wordings.Texts(_KIND, Process, _read, _write),)


def _note(session: Session, process: Process, verb: str, country: str, by: Actor | None, now: dt.datetime) -> None:
    details = {"country": country} if country else {}
    record(
        session,
        actor=by,
        action=f"privacy.{verb}",
        subject=process.slug,
        now=now,
        process_id=process.id,
        details=details,
    )
