"""Statements: those of officers, those that people propose, and what becomes of them.

What a statement says in the language in which it was written never changes: people have voted on it. Translations and
the theme can be mended.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations import moderating
from consult.consultations.models.contributed import State
from consult.consultations.models.moderated import Act
from consult.consultations.models.opinions import Statement
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.alike import likeness, plain, shingles
from consult.core.errors import Place, Problem, Refused
from consult.core.text import LocalisedText, clean
from consult.db.insert import insert
from consult.participation.models import Channel
from consult.participation.service import day
from consult.processes.models import Activity

Labelled = tuple[LocalisedText, str]
"""What a statement says, and the code of its theme (may be empty)."""
LONGEST: Final = 140
"""Characters of what people propose: a statement holds one thought,"""
_LONGEST: Final = 200
"""and of what officers and translators write."""
EACH: Final = 10
"""Statements that one person may propose."""
_OFFICERS: Final = "staff"
_NEAR: Final = 0.4
"""How alike (`core.alike`) statements are that are shown before one is proposed: somebody looks, so less is enough."""


def listed(
    session: Session, activity_id: uuid.UUID, *, states: Collection[State], after: uuid.UUID | None, limit: int
) -> Sequence[Statement]:
    """Statements in some states, in the order of their random ids."""
    wanted = select(Statement).where(Statement.activity_id == activity_id, Statement.state.in_(states))
    if after is not None:
        wanted = wanted.where(Statement.id > after)
    return session.scalars(wanted.order_by(Statement.id).limit(limit)).all()


def by_state(session: Session, activity_id: uuid.UUID, states: Collection[State]) -> dict[str, int]:
    """How many statements are in each of some states."""
    mine = Statement.activity_id == activity_id, Statement.state.in_(states)
    wanted = select(Statement.state, func.count()).where(*mine)
    return dict(session.execute(wanted.group_by(Statement.state)).all())


def statement(session: Session, activity_id: uuid.UUID, statement_id: uuid.UUID) -> Statement | None:
    """One of them in any state."""
    return session.get(Statement, (activity_id, statement_id))


def add(session: Session, activity: Activity, labels: Sequence[Labelled], *, by: Actor | None, now: dt.datetime) -> int:
    """Officers ask these statements from now on, but for those that are asked already; how many were new.

    Refuses `consultations.statement.missing` (no text in the source locale), `.long`, and `.theme` of no theme of the
    process; `row` is the place in the list, from 1.
    """
    source = activity.locales[0]
    themes = {theme.code for theme in activity.process.themes}
    problems = [problem for row, each in enumerate(labels, 1) for problem in _problems(each, source, themes, row)]
    if problems:
        raise Refused(*problems)
    known = {plain(label.get(source, "")) for label in _labels(session, activity.id)}
    added = 0
    for label, theme in labels:
        if plain(label[source]) in known:
            continue
        known.add(plain(label[source]))
        row = _row(uuid.uuid4(), activity.id, label, source, State.SHOWN, day(now, activity.time_zone), _OFFICERS)
        session.add(Statement(**row, theme=theme))
        added += 1
    note(session, activity, "add_statements", {"count": added}, by, now)
    return added


def _problems(labelled: Labelled, source: str, themes: set[str], row: int) -> Sequence[Problem]:
    label, theme = labelled
    found = []
    if source not in label:
        found.append(Problem("consultations.statement.missing", {"row": row}, Place(row=row, field=f"label-{source}")))
    for locale, text in label.items():
        if len(text) > _LONGEST:
            place = Place(row=row, field=f"label-{locale}")
            found.append(Problem("consultations.statement.long", {"row": row, "limit": _LONGEST}, place))
    if theme and theme not in themes:
        found.append(Problem("consultations.statement.theme", {"row": row, "theme": theme}, Place(row=row)))
    return found


def revise(
    session: Session,
    activity: Activity,
    kept: Statement,
    label: LocalisedText,
    theme: str,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Mend translations and theme; what it says in its own language stays. Refuses as `add` does."""
    label = label.with_text(kept.locale, kept.label[kept.locale])
    themes = {each.code for each in activity.process.themes}
    problems = _problems((label, theme), kept.locale, themes, 1)
    if problems:
        raise Refused(*problems)
    kept.label, kept.theme = label, theme
    note(session, activity, "revise_statement", {"statement": str(kept.id), "locales": sorted(label)}, by, now)


def decide(
    session: Session,
    activity: Activity,
    statement_id: uuid.UUID,
    act: Act,
    *,
    seen: State,
    reason: str = "",
    by: Actor,
    now: dt.datetime,
) -> None:
    """Decide about one that was seen in a state: what is refused is no longer asked, and its votes are in no group.

    Refuses as `moderating.decide` does, and `consultations.statement.decided` where somebody else was faster.
    """
    which = moderating.Which("statement", [statement_id])
    if not moderating.decide(session, activity, which, act, seen=seen, reason=reason, by=by, now=now):
        raise Refused.because("consultations.statement.decided")


def worded(typed: str) -> str:
    """What somebody proposes as it is kept: one line, cleaned.

    Refuses `consultations.proposal.empty .long`.
    """
    text = " ".join(clean(typed).split())
    if not text:
        raise Refused(Problem("consultations.proposal.empty", place=Place(field="statement")))
    if len(text) > LONGEST:
        raise Refused(Problem("consultations.proposal.long", {"limit": LONGEST}, Place(field="statement")))
    return text


def propose(
    session: Session,
    activity_id: uuid.UUID,
    code: bytes,
    text: str,
    *,
    locale: str,
    channel: Channel,
    before: bool,
    today: dt.date,
) -> State:
    """Keep what a participant proposes; what becomes of it first. Twice the same is once.

    `before`: whether it waits for a moderator. What bot measures suspect is set apart. Refuses
    `consultations.proposal.many`.
    """
    mine = (Statement.activity_id == activity_id, Statement.code == code)
    proposed = session.scalars(select(Statement).where(*mine)).all()
    for kept in proposed:
        if plain(kept.label[kept.locale]) == plain(text):
            return State(kept.state)
    if len(proposed) >= EACH:
        raise Refused(Problem("consultations.proposal.many", {"limit": EACH}, Place(field="statement")))
    state = State.SET_APART if channel == Channel.SUSPECT else State.WAITING if before else State.SHOWN
    # The same key for the same words of the same person: of a form sent twice at once one row comes.
    key = uuid.UUID(bytes=hashlib.sha256(code + plain(text).encode()).digest()[:16], version=4)
    row = _row(key, activity_id, LocalisedText({locale: text}), locale, state, today, channel)
    session.execute(insert(session, Statement).values(**row, code=code, theme="").on_conflict_do_nothing())
    return state


def alike(session: Session, activity_id: uuid.UUID, text: str) -> Sequence[Statement]:
    """Statements that are asked and say nearly the same in any language, the nearest first; five at most."""
    wanted = select(Statement).where(Statement.activity_id == activity_id, Statement.state == State.SHOWN)
    own = shingles(text)
    near = [
        (max(likeness(own, shingles(other)) for other in kept.label.values()), kept) for kept in session.scalars(wanted)
    ]
    found = sorted((pair for pair in near if pair[0] >= _NEAR), key=lambda pair: (-pair[0], pair[1].id))
    return [kept for _, kept in found[:5]]


def _labels(session: Session, activity_id: uuid.UUID) -> Sequence[LocalisedText]:
    asked = (Statement.activity_id == activity_id, Statement.state == State.SHOWN)
    return session.scalars(select(Statement.label).where(*asked)).all()


def _row(
    key: uuid.UUID,
    activity_id: uuid.UUID,
    label: LocalisedText,
    locale: str,
    state: State,
    today: dt.date,
    channel: str,
) -> dict[str, Any]:
    row = {"id": key, "activity_id": activity_id, "label": label, "locale": locale}
    return {**row, "state": state, "day": today, "channel": channel}
