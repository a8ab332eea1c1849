"""The theme tree of a process: two levels, in an order that the officers choose."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.policy.themes import StarterSet
from consult.core.text import LocalisedText
from consult.processes import wordings
from consult.processes.addresses import slug
from consult.processes.models import Process, Theme
from consult.processes.service import lock
from consult.processes.wordings import Stamp

Way = Literal["up", "down"]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_TARGET = re.compile(r"(1[0-7]|[1-9])\.([1-9][0-9]?|[a-d])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What officers say about a theme. An empty code is made from the label."""

    label: LocalisedText
    code: str = ""
    parent_id: uuid.UUID | None = None
    objectives: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()


def tree(themes: Sequence[Theme]) -> list[tuple[Theme, int]]:
    """The themes of a process in reading order, each with its depth (0 or 1)."""
    found = []
    for top in (theme for theme in themes if theme.parent_id is None):
        found.append((top, 0))
        found += [(theme, 1) for theme in themes if theme.parent_id == top.id]
    return found


def add(session: Session, process: Process, outline: Outline, *, by: Actor | None, now: dt.datetime) -> Theme:
    """A new theme, the last among its siblings. Refuses as `revise` does."""
    theme = Theme(process_id=process.id, position=_end(session, process, outline.parent_id))
    _write(session, process, theme, outline)
    _record(session, process, "add_theme", theme.code, by, now)
    return theme


def revise(
    session: Session, process: Process, theme: Theme, outline: Outline, *, by: Actor | None, now: dt.datetime
) -> None:
    """Change a theme.

    Refuses `processes.theme.label` (none in the source locale), `processes.theme.code` (unreadable),
    `processes.theme.code_taken`, `processes.theme.parent` (not a top-level theme of this process, or it has themes of
    its own), `processes.theme.target` (no target of the Sustainable Development Goals).
    """
    lock(session, process)
    if theme.parent_id != outline.parent_id:
        theme.position = _end(session, process, outline.parent_id)
    before = wordings.theme_texts([theme])
    _write(session, process, theme, outline)
    texts = before, wordings.theme_texts([theme])
    wordings.renew(session, process, "themes", texts, process.locales[0], Stamp(by, now))
    _record(session, process, "revise_theme", theme.code, by, now)


def move(
    session: Session,
    process: Process,
    theme: Theme,
    way: Way,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Change places with the sibling before or after; the first and the last stay where they are."""
    siblings = _siblings(session, process, theme.parent_id)
    here = siblings.index(theme)
    there = here + (1 if way == "down" else -1)
    if not 0 <= there < len(siblings):
        return
    siblings[here], siblings[there] = siblings[there], siblings[here]
    for position, sibling in enumerate(siblings):
        sibling.position = position
    session.flush()
    _record(session, process, "move_theme", theme.code, by, now)


def remove(session: Session, process: Process, theme: Theme, *, by: Actor | None, now: dt.datetime) -> None:
    """Delete a theme and those under it."""
    lock(session, process)
    below = _siblings(session, process, theme.id)
    texts = wordings.theme_texts([theme, *below]), ()
    wordings.renew(session, process, "themes", texts, process.locales[0], Stamp(by, now))
    for child in below:
        session.delete(child)
    session.flush()
    session.delete(theme)
    session.flush()
    _record(session, process, "remove_theme", theme.code, by, now)


def adopt(session: Session, process: Process, starter: StarterSet, *, by: Actor | None, now: dt.datetime) -> int:
    """Add those themes of a starter set whose codes the process does not have; how many there were."""
    taken = set(session.scalars(select(Theme.code).where(Theme.process_id == process.id)))
    first = _end(session, process, None)
    wanted = [theme for theme in starter.themes if theme.code not in taken]
    session.add_all(
        Theme(
            process_id=process.id,
            code=theme.code,
            label=theme.label,
            objectives=list(theme.objectives),
            targets=[],
            position=first + offset,
        )
        for offset, theme in enumerate(wanted)
    )
    session.flush()
    _record(session, process, "adopt_themes", starter.code, by, now)
    return len(wanted)


def _siblings(session: Session, process: Process, parent_id: uuid.UUID | None) -> list[Theme]:
    wanted = select(Theme).where(Theme.process_id == process.id, Theme.parent_id == parent_id)
    return list(session.scalars(wanted.order_by(Theme.position, Theme.code)))


def _end(session: Session, process: Process, parent_id: uuid.UUID | None) -> int:
    wanted = select(func.max(Theme.position)).where(Theme.process_id == process.id, Theme.parent_id == parent_id)
    last = session.scalar(wanted)
    return 0 if last is None else last + 1


def _write(session: Session, process: Process, theme: Theme, outline: Outline) -> None:
    source = outline.label.resolve(process.locales[0], process.locales[0]).text
    code = outline.code or slug(source, "theme")
    refuse_if_any(_problems(session, process, theme, outline, code))
    try:
        with session.begin_nested():
            theme.code, theme.label, theme.parent_id = code, outline.label, outline.parent_id
            theme.objectives, theme.targets = list(outline.objectives), list(outline.targets)
            session.add(theme)
    except IntegrityError as error:
        raise Refused(Problem("processes.theme.code_taken", {"code": code}, Place(field="code"))) from error


def _problems(session: Session, process: Process, theme: Theme, outline: Outline, code: str) -> list[Problem]:
    found = []
    if outline.label.missing(process.locales[:1]):
        found.append(Problem("processes.theme.label", place=Place(field="label")))
    if not _CODE.fullmatch(code):
        found.append(Problem("processes.theme.code", place=Place(field="code")))
    if outline.parent_id is not None:
        parent = session.get(Theme, outline.parent_id)
        has_own = theme.id is not None and bool(_siblings(session, process, theme.id))
        fits = parent is not None and parent.process_id == process.id and parent.parent_id is None and parent != theme
        if has_own or not fits:
            found.append(Problem("processes.theme.parent", place=Place(field="parent_id")))
    found += [
        Problem("processes.theme.target", {"target": target}, Place(field="targets"))
        for target in outline.targets
        if not _TARGET.fullmatch(target)
    ]
    return found


def _record(session: Session, process: Process, verb: str, subject: str, by: Actor | None, now: dt.datetime) -> None:
    record(session, actor=by, action=f"processes.{verb}", subject=subject, now=now, process_id=process.id)
