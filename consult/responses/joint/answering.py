"""Several hands write one response: each change on top of the latest state, settled by the number of that state."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, exists, or_, update
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.questionnaire import merging
from consult.core.questionnaire.answers import Answers, decode, encode
from consult.core.questionnaire.instances import key as key_of
from consult.core.questionnaire.routing import Sheet
from consult.processes.models import Activity
from consult.responses.joint.asking import note
from consult.responses.joint.models import Change, Joint, Outcome, Remark
from consult.responses.joint.queries import Of, State, of, since, state

TRIES: Final = 20
"""How often a change is put on top of what others have just stored."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a hand makes of a response."""

    answers: Answers
    edition: int
    context: Mapping[str, Any]
    clashes: tuple[merging.Change, ...] = ()
    """What they wrote that somebody else's change stands against."""


Write = Callable[[State], Written]
"""Whatever a hand does, on top of a state; done anew where somebody else was faster."""


def write(
    session: Session,
    joint: Joint,
    wanted: Write,
    *,
    complete: Callable[[Written], bool],
    by: Actor,
    now: dt.datetime,
) -> Written | None:
    """Store what a hand does; none where the response was signed or the activity is not open any more.

    Every word is kept: what is stored and what clashes with it becomes part of the history.
    """
    which = of(joint)
    for _attempt in range(TRIES):
        known = state(session, which)
        written = wanted(known)
        if _stored(session, which, known, written, complete(written), now):
            _remember(session, which, known, written, by, now)
            details = {"version": known.version + 1, "clashes": len(written.clashes)}
            note(session, joint.activity, which, "write_jointly", by, now, inside=True, **details)
            return written
        if state(session, which).version == known.version:
            return None
    raise Refused.because("responses.joint.busy")


def _stored(session: Session, which: Of, known: State, written: Written, complete: bool, now: dt.datetime) -> bool:
    done = session.execute(
        update(Joint)
        .where(which.own(Joint), Joint.version == known.version, Joint.state == "open", open_at(which, now))
        .values(
            version=known.version + 1,
            edition=written.edition,
            context=dict(written.context),
            answers=encode(written.answers),
            complete=complete,
        )
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[tuple[()]], done).rowcount == 1


def open_at(which: Of, now: dt.datetime) -> ColumnElement[bool]:
    """Whether the activity takes answers, decided inside the statement that stores them."""
    not_over = or_(Activity.closes_at.is_(None), Activity.closes_at > now)
    return exists().where(Activity.id == which.activity_id, Activity.opens_at <= now, not_over)


def _remember(session: Session, which: Of, known: State, written: Written, by: Actor, now: dt.datetime) -> None:
    made = [(one, Outcome.STORED) for one in merging.changes(known.answers, written.answers) if one.says_something]
    made += [(clash, Outcome.HELD) for clash in written.clashes]
    for clash in written.clashes:
        _supersede(session, which, clash.key, by, now)
    session.add_all(
        Change(
            **which._asdict(),
            version=known.version + 1,
            key=change.key,
            before=encode(change.before),
            after=encode(change.after),
            user_id=by.id,
            at=now,
            outcome=outcome,
        )
        for change, outcome in made
    )
    session.flush()


def _supersede(session: Session, which: Of, key: str, by: Actor, now: dt.datetime) -> None:
    """What the same hand wrote before, and was held, is replaced by what they write now."""
    earlier = (which.own(Change), Change.key == key, Change.user_id == by.id, Change.outcome == Outcome.HELD)
    session.execute(update(Change).where(*earlier).values(outcome=Outcome.DROPPED, settled_at=now, settled_by=by.id))


@dataclass(frozen=True, slots=True)
class Page:
    """What a hand made of a page."""

    sheet: Sheet
    seen: int
    """The version that they saw."""
    base: Answers
    """The answers at that version."""
    mine: Answers
    edition: int
    context: Mapping[str, Any]


def put(session: Session, which: Of, page: Page, by: Actor) -> Write:
    """A page that was sent, merged question by question with what others have changed since it was seen."""

    def wanted(known: State) -> Written:
        made = since(session, which, page.seen)
        others = {change.key for change, who in made if who != by.id}
        own: Collection[str] = {change.key for change, _who in made} - others
        # Under another edition keys mean other questions, too.
        moved = known.edition not in (None, page.edition) or any(_fewer(change, page.sheet) for change, _who in made)
        merged = merging.merge(page.base, page.mine, known.answers, own=own, moved=moved)
        once = {**page.context["once"], **known.context.get("once", {})}
        context = {**page.context, **known.context, "once": once}
        return Written(merged.answers, known.edition or page.edition, context, merged.clashes)

    return wanted


def _fewer(change: merging.Change, sheet: Sheet) -> bool:
    """Whether a change took an instance out of a repeat around a page."""
    page, path = sheet
    around = {key_of(repeat, path[:depth]) for depth, repeat in enumerate(page.chain)}
    if change.key not in around:
        return False
    before, after = (parts.get(change.key) for parts in (change.before, change.after))
    return isinstance(before, int) and (after is None or (isinstance(after, int) and after < before))


def settle(
    session: Session,
    joint: Joint,
    place: tuple[int, str],
    *,
    take: bool,
    seen: int,
    complete: Callable[[Written], bool],
    by: Actor,
    now: dt.datetime,
) -> bool:
    """Decide between two answers to one question (`place`: version and key of the one that is held): take that one, or
    leave what stands. False where somebody else has decided or has changed the answer since `seen`, or all is over.
    """
    which, (version, key) = of(joint), place
    held = session.get(Change, (*which, version, key))
    if held is None or any(change.key == key for change, _who in since(session, which, seen)):
        return False
    outcome = Outcome.TAKEN if take else Outcome.DROPPED
    mine = (which.own(Change), Change.version == version, Change.key == key, Change.outcome == Outcome.HELD)
    done = session.execute(update(Change).where(*mine).values(outcome=outcome, settled_at=now, settled_by=by.id))
    if not cast(CursorResult[tuple[()]], done).rowcount:
        return False

    def wanted(known: State) -> Written:
        assert known.edition is not None, "what is held was written"
        answers = merging.put(known.answers, key, decode(held.after)) if take else known.answers
        return Written(answers, known.edition, known.context)

    return write(session, joint, wanted, complete=complete, by=by, now=now) is not None


def remark(session: Session, joint: Joint, key: str, text: str, *, by: Actor, now: dt.datetime) -> None:
    """Say something to the other hands about a question."""
    session.add(Remark(id=uuid.uuid4(), **of(joint)._asdict(), key=key, text=text, user_id=by.id, at=now))
    note(session, joint.activity, of(joint), "remark", by, now, inside=True, question=key)
