"""Official answers: drafted by several institutions, approved by the lead, published together.

Every change makes an answer a draft again and counts its revisions up, so that nobody approves of what they have not
read; what is published never changes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from consult.consultations.models.answered import AnswerTo, OfficialAnswer, Outcome
from consult.consultations.models.contributed import Comment, State, Submission
from consult.consultations.parts import WHOLE
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.text import LocalisedText
from consult.db.insert import insert
from consult.processes.models import Activity

MOST = 5_000
"""Comments that are added to an answer at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an answer says, and to which themes and paragraphs."""

    said: LocalisedText
    did: LocalisedText
    outcome: str
    institutions: Sequence[str]
    themes: Sequence[str] = ()
    parts: Sequence[str] = ()


def write(
    session: Session,
    activity: Activity,
    wording: Wording,
    among: Collection[str],
    *,
    answer: OfficialAnswer | None = None,
    seen: int = 0,
    by: Actor | None,
    now: dt.datetime,
) -> OfficialAnswer:
    """Draft an answer, or change one that was `seen` in a revision. `among`: ids of the institutions of the core group.

    Refuses `consultations.answer.said` (nothing in the source locale), `.institutions` (none, or one from elsewhere),
    and `.moved` where somebody else changed or published it meanwhile.
    """
    found = []
    if wording.said.missing(activity.locales[:1]):
        found.append(Problem("consultations.answer.said", place=Place(field="said")))
    if not wording.institutions or not set(wording.institutions) <= set(among):
        found.append(Problem("consultations.answer.institutions", place=Place(field="institutions")))
    refuse_if_any(found)
    values = {
        "said": wording.said,
        "did": wording.did,
        "outcome": Outcome(wording.outcome) if wording.outcome else "",
        "institutions": sorted(wording.institutions),
    }
    if answer is None:
        answer = OfficialAnswer(activity_id=activity.id, drafted_by=by.id if by else None, **values)
        session.add(answer)
        session.flush()
    else:
        _change(session, answer, seen, by, **values)
    own = (AnswerTo.answer_id == answer.id, AnswerTo.kind.in_(("theme", "part")))
    session.execute(delete(AnswerTo).where(*own))
    _target(session, answer, "theme", wording.themes)
    _target(session, answer, "part", wording.parts)
    note(session, activity, "write_answer", {"answer": str(answer.id), "revision": answer.revision}, by, now)
    return answer


def _change(session: Session, answer: OfficialAnswer, seen: int, by: Actor | None, **values: object) -> None:
    """Change what was seen and is not published; it has to be approved of anew."""
    same = (OfficialAnswer.id == answer.id, OfficialAnswer.revision == seen, OfficialAnswer.state != "published")
    anew = {"state": "draft", "revision": seen + 1, "drafted_by": by.id if by else None, "approved_by": None}
    changed = session.execute(update(OfficialAnswer).where(*same).values(**values, **anew).returning(OfficialAnswer.id))
    if changed.first() is None:
        raise Refused.because("consultations.answer.moved")
    session.refresh(answer)


def _target(session: Session, answer: OfficialAnswer, kind: str, targets: Iterable[str]) -> None:
    rows = [{"answer_id": answer.id, "kind": kind, "target": target} for target in sorted(set(targets))]
    if rows:
        session.execute(insert(session, AnswerTo).on_conflict_do_nothing(), rows)


def answer_to(
    session: Session,
    activity: Activity,
    answer: OfficialAnswer,
    kind: str,
    targets: Collection[uuid.UUID],
    *,
    gone: Collection[uuid.UUID] = (),
    seen: int,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Have an answer answer comments (each with those that say nearly the same) or submissions; no more those `gone`.

    Only what is shown in this consultation is answered. Refuses `consultations.answer.moved`.
    """
    _change(session, answer, seen, by)
    model = Comment if kind == "comment" else Submission
    shown = select(model.id).where(model.activity_id == activity.id, model.state == State.SHOWN, model.id.in_(targets))
    session.execute(
        delete(AnswerTo).where(
            AnswerTo.answer_id == answer.id, AnswerTo.kind == kind, AnswerTo.target.in_([str(one) for one in gone])
        )
    )
    _target(session, answer, kind, [str(one) for one in session.scalars(shown)])
    details = {"answer": str(answer.id), "kind": kind, "count": len(targets)}
    note(session, activity, "answer_to", details, by, now)


def leaders(session: Session, activity_id: uuid.UUID, part: str | None, stance: str) -> Sequence[uuid.UUID]:
    """The comments that stand for all which say nearly the same: on a part (none: everywhere), with a stance, at most
    `MOST`."""
    return session.scalars(select(Comment.id).where(*standing(activity_id, part, stance)).limit(MOST)).all()


def standing(activity_id: uuid.UUID, part: str | None, stance: str) -> list[ColumnElement[bool]]:
    """What `leaders` looks for, as conditions."""
    found = [
        Comment.activity_id == activity_id,
        Comment.state == State.SHOWN,
        Comment.parent_id.is_(None),
        (Comment.alike_id.is_(None)) | (Comment.alike_id == Comment.id),
    ]
    if part is not None:
        found.append(Comment.part == ("" if part == WHOLE else part))
    if stance:
        found.append(Comment.stance == stance)
    return found


def approve(
    session: Session,
    activity: Activity,
    answer: OfficialAnswer,
    *,
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> None:
    """The lead approves of an answer as they read it.

    Refuses `consultations.answer.own` (who changed it last cannot), `.incomplete` (a text in an offered locale),
    `.outcome`, `.targets`, and `.moved` where it was changed meanwhile.
    """
    found = [
        Problem("consultations.answer.incomplete", {"locale": locale})
        for locale in activity.locales
        if answer.said.missing([locale]) or answer.did.missing([locale])
    ]
    if answer.drafted_by == by.id:
        found.append(Problem("consultations.answer.own"))
    if not answer.outcome:
        found.append(Problem("consultations.answer.outcome"))
    if session.scalar(select(AnswerTo.kind).where(AnswerTo.answer_id == answer.id).limit(1)) is None:
        found.append(Problem("consultations.answer.targets"))
    refuse_if_any(found)
    same = (OfficialAnswer.id == answer.id, OfficialAnswer.revision == seen, OfficialAnswer.state == "draft")
    other = OfficialAnswer.drafted_by.is_(None) | (OfficialAnswer.drafted_by != by.id)
    done = update(OfficialAnswer).where(*same, other).values(state="approved", approved_by=by.id)
    if session.execute(done.returning(OfficialAnswer.id)).first() is None:
        raise Refused.because("consultations.answer.moved")
    session.refresh(answer)
    note(session, activity, "approve_answer", {"answer": str(answer.id), "revision": seen}, by, now)


def discard(
    session: Session, activity: Activity, answer: OfficialAnswer, *, seen: int, by: Actor | None, now: dt.datetime
) -> None:
    """Delete a draft. Refuses `consultations.answer.moved` where it was changed, approved or published meanwhile."""
    same = (OfficialAnswer.id == answer.id, OfficialAnswer.revision == seen, OfficialAnswer.state == "draft")
    if session.execute(delete(OfficialAnswer).where(*same).returning(OfficialAnswer.id)).first() is None:
        raise Refused.because("consultations.answer.moved")
    session.expunge(answer)
    note(session, activity, "discard_answer", {"answer": str(answer.id)}, by, now)


def publish(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> int:
    """Publish everything that is approved, in one act; how many answers. Refuses `consultations.answer.none`."""
    approved = (OfficialAnswer.activity_id == activity.id, OfficialAnswer.state == "approved")
    done = update(OfficialAnswer).where(*approved).values(state="published", published_at=now)
    ids = sorted(str(row.id) for row in session.execute(done.returning(OfficialAnswer.id)))
    if not ids:
        raise Refused.because("consultations.answer.none")
    note(session, activity, "publish_answers", {"answers": ids}, by, now)
    return len(ids)


def answer(session: Session, activity_id: uuid.UUID, answer_id: uuid.UUID) -> OfficialAnswer | None:
    """One answer of a consultation."""
    wanted = select(OfficialAnswer).where(OfficialAnswer.activity_id == activity_id, OfficialAnswer.id == answer_id)
    return session.scalar(wanted)


def listed(session: Session, activity_id: uuid.UUID, *states: str) -> Sequence[OfficialAnswer]:
    """The answers of a consultation in some states, in the order of their keys."""
    wanted = select(OfficialAnswer).where(OfficialAnswer.activity_id == activity_id, OfficialAnswer.state.in_(states))
    return session.scalars(wanted.order_by(OfficialAnswer.id)).all()


def targets(session: Session, answers: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[str, list[str]]]:
    """To what answers answer: by answer and kind."""
    found: dict[uuid.UUID, dict[str, list[str]]] = {one: {} for one in answers}
    rows = select(AnswerTo).where(AnswerTo.answer_id.in_(answers)).order_by(AnswerTo.kind, AnswerTo.target)
    for row in session.scalars(rows):
        found[row.answer_id].setdefault(row.kind, []).append(row.target)
    return found


def published_places(session: Session, activity_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[str, list[str]]]:
    """The published answers by their ids, with the themes and paragraphs that they answer: what puts them in order,
    without their words and without the many comments that they may answer."""
    placed = (AnswerTo.answer_id == OfficialAnswer.id) & AnswerTo.kind.in_(("theme", "part"))
    wanted = select(OfficialAnswer.id, AnswerTo.kind, AnswerTo.target).outerjoin(AnswerTo, placed)
    wanted = wanted.where(OfficialAnswer.activity_id == activity_id, OfficialAnswer.state == "published")
    found: dict[uuid.UUID, dict[str, list[str]]] = {}
    for one, kind, target in session.execute(wanted.order_by(OfficialAnswer.id, AnswerTo.kind, AnswerTo.target)):
        places = found.setdefault(one, {})
        if kind is not None:
            places.setdefault(kind, []).append(target)
    return found


def among(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Sequence[OfficialAnswer]:
    """The answers of a consultation that have some ids, in the order of these."""
    wanted = select(OfficialAnswer).where(OfficialAnswer.activity_id == activity_id, OfficialAnswer.id.in_(ids))
    found = {one.id: one for one in session.scalars(wanted)}
    return [found[one] for one in ids if one in found]


def kinds(session: Session, answers: Collection[uuid.UUID]) -> Mapping[uuid.UUID, set[str]]:
    """What kinds of things some answers answer, however many there are of each."""
    found: dict[uuid.UUID, set[str]] = {one: set() for one in answers}
    wanted = select(AnswerTo.answer_id, AnswerTo.kind).where(AnswerTo.answer_id.in_(answers)).distinct()
    for one, kind in session.execute(wanted):
        found[one].add(kind)
    return found
