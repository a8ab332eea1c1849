"""What moderators decide: show, refuse, blacken parts, set apart.

Two moderators at once are settled by the database: a decision names the state that was seen, and of comments, whose
authors can change them, the revision that was read; it takes effect only where both are still the same. Each
leaves a `Decision` and an entry of the audit trail in its transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, insert, null, select, tuple_, update
from sqlalchemy.orm import Session

from consult.consultations import alike, analysing
from consult.consultations.models.contributed import Comment, CommentTranslation, State, Submission
from consult.consultations.models.moderated import Act, Decision, Reason
from consult.consultations.models.opinions import Statement
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.redaction import Span
from consult.participation.service import day
from consult.processes.models import Activity

Contribution = type[Comment] | type[Statement] | type[Submission]
KINDS: Final[Mapping[str, Contribution]] = MappingProxyType(
    {"comment": Comment, "statement": Statement, "submission": Submission}
)
MOVES: Final[Mapping[Act, tuple[State, frozenset[State]]]] = MappingProxyType(
    {
        Act.SHOW: (State.SHOWN, frozenset({State.WAITING, State.REFUSED, State.SET_APART})),
        Act.REFUSE: (State.REFUSED, frozenset({State.WAITING, State.SHOWN, State.SET_APART})),
        Act.SET_APART: (State.SET_APART, frozenset({State.WAITING, State.SHOWN})),
        Act.REDACT: (State.SHOWN, frozenset({State.WAITING, State.SHOWN})),
        Act.BRING_BACK: (State.WAITING, frozenset({State.SET_APART})),
        Act.CONCERN: (State.CONCERN, frozenset({State.WAITING, State.SHOWN, State.REFUSED, State.SET_APART})),
    }
)
"""Where an act takes a contribution, and from which states it can."""
SILENT: Final = frozenset({Act.CONCERN, Act.GIVE_BACK})
"""Acts of which the public log says nothing: who harms somebody must not learn that they asked for help."""
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Which:
    """The contributions that a decision is about: some by their ids, or all of a group of near-duplicates."""

    kind: str
    ids: Collection[uuid.UUID] = ()
    alike_id: uuid.UUID | None = None
    revisions: Mapping[uuid.UUID, int] | None = None
    """Of comments: the revision of each that was read. What was not read, or has changed since, is not meant."""

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which rows of its kind they are."""
        if self.alike_id is not None:
            return Comment.alike_id == self.alike_id
        if self.kind == "comment" and self.revisions is not None:
            read = [(one, self.revisions[one]) for one in self.ids if one in self.revisions]
            return tuple_(Comment.id, Comment.revision).in_(read)
        return KINDS[self.kind].id.in_(self.ids)

    @property
    def details(self) -> dict[str, object]:
        """How the trail names them."""
        named = {"group": str(self.alike_id)} if self.alike_id else {"ids": sorted(str(one) for one in self.ids)}
        return {"kind": self.kind, **named}


def acts(state: str, kind: str) -> list[Act]:
    """What a moderator can do with a contribution in a state; concerns and groups have pages of their own."""
    elsewhere = (Act.CONCERN, Act.BRING_BACK)
    possible = [act for act, (_to, start) in MOVES.items() if state in start and act not in elsewhere]
    return [act for act in possible if act is not Act.REDACT or kind != "statement"]


def decide(
    session: Session,
    activity: Activity,
    which: Which,
    act: Act,
    *,
    seen: State,
    reason: str = "",
    by: Actor,
    now: dt.datetime,
) -> int:
    """Show, refuse or set apart contributions that were seen in one state; what left it meanwhile stays as it is.

    Returns how many it took effect on. Refuses `consultations.moderate.act` where the act does not lead on from that
    state, `consultations.moderate.reason` where a refusal has none.
    """
    to, start = MOVES.get(act, ("", frozenset()))
    if seen not in start or act in (Act.REDACT, Act.CONCERN):
        raise Refused(Problem("consultations.moderate.act", place=Place(field="act")))
    reason = _reason(reason, needed=True) if act is Act.REFUSE else ""
    return move(session, activity, which, act, seen=seen, to=State(to), reason=reason, by=by, now=now)


def redact(
    session: Session,
    activity: Activity,
    kind: str,
    object_id: uuid.UUID,
    spans: Sequence[Span],
    *,
    seen: tuple[State, Sequence[Span]],
    revision: int | None = None,
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> None:
    """Show a comment or a submission without some of its words, or with all of them again.

    `seen` is its state and what was blackened when the moderator looked, `revision` that which they read. Translations
    of a comment were made from what was shown before, so they go. Refuses `consultations.moderate.act`,
    `consultations.moderate.reason`, `consultations.redact.same` and `consultations.moderate.moved`.
    """
    state, before = seen
    model = KINDS[kind]
    if state not in MOVES[Act.REDACT][1] or model is Statement:
        raise Refused(Problem("consultations.moderate.act", place=Place(field="act")))
    if list(map(list, spans)) == list(map(list, before)):
        raise Refused(Problem("consultations.redact.same", place=Place(field="marked")))
    reason = _reason(reason, needed=bool(spans))
    moved = move(
        session,
        activity,
        Which(kind, [object_id], revisions=None if revision is None else {object_id: revision}),
        Act.REDACT,
        seen=state,
        to=State.SHOWN,
        reason=reason,
        by=by,
        now=now,
        only=model.redacted == [list(span) for span in before],  # type: ignore[union-attr]  # not a statement
        values={"redacted": [list(span) for span in spans]},
    )
    if not moved:
        raise Refused.because("consultations.moderate.moved")
    made = CommentTranslation.activity_id == activity.id, CommentTranslation.comment_id == object_id
    session.execute(delete(CommentTranslation).where(*made))


def move(
    session: Session,
    activity: Activity,
    which: Which,
    act: Act,
    *,
    seen: State,
    to: State,
    reason: str = "",
    by: Actor,
    now: dt.datetime,
    only: ColumnElement[bool] | None = None,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Take contributions from one state to another, with the decision and the entry of the trail that belong to it.

    Nothing else in the slice changes the state of what somebody contributed but its author who withdraws it.
    """
    model = KINDS[which.kind]
    group = Comment.alike_id if model is Comment else null()
    session.flush()
    wanted = update(model).where(model.activity_id == activity.id, which.condition, model.state == seen)
    if only is not None:
        wanted = wanted.where(only)
    moved = session.execute(wanted.values(state=to, **values).returning(model.id, model.locale, group)).all()
    if not moved:
        return 0
    _settle(session, activity.id, {alike_id for _id, _locale, alike_id in moved if alike_id is not None})
    row = {
        "activity_id": activity.id,
        "object": which.kind,
        "act": act,
        "reason": reason,
        "current": act not in SILENT,
        "day": day(now, activity.time_zone),
        "by_id": by.id,
    }
    for start in range(0, len(moved), _BATCH):
        part = moved[start : start + _BATCH]
        if row["current"]:
            gone = Decision.object_id.in_([object_id for object_id, *_rest in part])
            session.execute(update(Decision).where(Decision.activity_id == activity.id, gone).values(current=False))
        session.execute(
            insert(Decision), [{**row, "object_id": object_id, "locale": locale} for object_id, locale, _group in part]
        )
    details = {**which.details, "count": len(moved), "from": seen, **({"reason": reason} if reason else {})}
    note(session, activity, act, details, by, now)
    if model is Statement:  # votes on those that are asked make the groups
        analysing.ask(session, activity.id, now=now)
    return len(moved)


def _settle(session: Session, activity_id: uuid.UUID, groups: Collection[uuid.UUID]) -> None:
    for group in sorted(groups):
        alike.settle(session, activity_id, group)


def standing(session: Session, activity_id: uuid.UUID, objects: Collection[uuid.UUID]) -> dict[uuid.UUID, Decision]:
    """What was decided last about each of some contributions: the reasons on their tombstones."""
    if not objects:
        return {}
    wanted = select(Decision).where(Decision.activity_id == activity_id, Decision.object_id.in_(objects))
    return {found.object_id: found for found in session.scalars(wanted.where(Decision.current))}


def _reason(given: str, *, needed: bool) -> str:
    if given in set(Reason):
        return given
    if needed:
        raise Refused(Problem("consultations.moderate.reason", place=Place(field="reason")))
    return ""
