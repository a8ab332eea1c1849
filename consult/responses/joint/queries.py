"""What institutions are asked to answer: for their hands, for those who name these, for those who ask."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from consult.accounts.models import Grant, Institution, Role, User
from consult.core.access import Scope
from consult.core.questionnaire import merging
from consult.core.questionnaire.answers import Answers, decode
from consult.core.text import LocalisedText
from consult.processes.models import Activity, Process
from consult.responses.joint.models import Change, Hand, Joint, Outcome, Remark, Signature


class Of(NamedTuple):
    """Whose response to what."""

    activity_id: uuid.UUID
    institution_id: uuid.UUID

    def own(self, model: type[Joint | Hand | Change | Remark | Signature]) -> ColumnElement[bool]:
        """What belongs to it."""
        return (model.activity_id == self.activity_id) & (model.institution_id == self.institution_id)


def of(joint: Joint) -> Of:
    """What everything that belongs to a response is found by."""
    return Of(joint.activity_id, joint.institution_id)


@dataclass(frozen=True, slots=True)
class State:
    """How a response stands."""

    state: str
    version: int
    edition: int | None
    context: Mapping[str, Any]
    answers: Answers


def state(session: Session, which: Of) -> State:
    """How a response stands at this moment, whatever the session has seen of it before."""
    columns = (Joint.state, Joint.version, Joint.edition, Joint.context, Joint.answers)
    row = session.execute(select(*columns).where(which.own(Joint))).one()
    return State(row.state, row.version, row.edition, row.context, decode(row.answers))


def since(session: Session, which: Of, version: int) -> Sequence[tuple[merging.Change, uuid.UUID]]:
    """The changes since a version, the latest first, each with who made it."""
    wanted = select(Change.key, Change.before, Change.after, Change.user_id)
    wanted = wanted.where(which.own(Change), Change.version > version, Change.outcome == Outcome.STORED)
    rows = session.execute(wanted.order_by(Change.version.desc(), Change.key))
    return [(merging.Change(key, decode(before), decode(after)), who) for key, before, after, who in rows]


def at(session: Session, which: Of, version: int) -> Answers:
    """The answers as they were at a version."""
    made = since(session, which, version)
    return merging.undone(state(session, which).answers, (change for change, _who in made))


# --- those who answer ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A response that an institution is asked for."""

    joint: Joint
    hand: Hand | None
    """Whether who looks is one of its hands."""
    signature: Signature | None
    """The latest."""


def asked(session: Session, scope: Scope) -> list[Asked]:
    """What the institutions of a scope are asked to answer."""
    wanted = _joints().where(Joint.institution_id.in_(scope.institutions)).order_by(Activity.slug, Joint.institution_id)
    return [_asked(session, joint, scope.actor.id) for joint in session.scalars(wanted)]


def asked_of(session: Session, scope: Scope, slug: str, institution_id: uuid.UUID) -> Asked | None:
    """One of them."""
    here = (Activity.slug == slug, Joint.institution_id == institution_id)
    joint = session.scalar(_joints().where(*here, Joint.institution_id.in_(scope.institutions)))
    return None if joint is None else _asked(session, joint, scope.actor.id)


def _asked(session: Session, joint: Joint, user_id: uuid.UUID) -> Asked:
    which = of(joint)
    return Asked(joint, session.get(Hand, (*which, user_id)), signature(session, which))


def _joints() -> Select[Joint]:
    process = joinedload(Joint.activity).joinedload(Activity.process).joinedload(Process.lead_institution)
    return select(Joint).join(Joint.activity).options(process, joinedload(Joint.institution))


@dataclass(frozen=True, slots=True)
class Named:
    """A hand as those who name them see it."""

    hand: Hand
    able: bool
    """Whether they can answer: not with a disabled account, nor after their institution took the role away."""


def hands(session: Session, which: Of) -> list[Named]:
    """The hands of a response, with their accounts."""
    role = exists().where(
        Grant.user_id == Hand.user_id, Grant.institution_id == Hand.institution_id, Grant.role == Role.RESPONDENT
    )
    wanted = select(Hand, role & User.disabled_at.is_(None)).join(Hand.user).where(which.own(Hand))
    found = session.execute(wanted.order_by(User.name, User.email).options(joinedload(Hand.user)))
    return [Named(hand, able) for hand, able in found]


# --- what was written ------------------------------------------------------------------------------------------------


def history(session: Session, which: Of, key: str = "", limit: int = 200) -> Sequence[Change]:
    """Who changed what, the latest first; of one question, or of all."""
    wanted = select(Change).where(which.own(Change))
    wanted = wanted if not key else wanted.where(Change.key == key)
    wanted = wanted.options(joinedload(Change.user), joinedload(Change.settler))
    return session.scalars(wanted.order_by(Change.version.desc(), Change.key).limit(limit)).all()


def held(session: Session, which: Of) -> Sequence[Change]:
    """The answers that were written while somebody else changed the same question, until a hand decides."""
    wanted = select(Change).where(which.own(Change), Change.outcome == Outcome.HELD)
    return session.scalars(wanted.options(joinedload(Change.user)).order_by(Change.version, Change.key)).all()


def latest(session: Session, which: Of) -> dict[str, Change]:
    """The last stored change of every question."""
    newest = (
        select(Change.key, func.max(Change.version).label("version"))
        .where(which.own(Change), Change.outcome == Outcome.STORED)
        .group_by(Change.key)
        .subquery()
    )
    wanted = select(Change).join(newest, (Change.key == newest.c.key) & (Change.version == newest.c.version))
    found = session.scalars(wanted.where(which.own(Change)).options(joinedload(Change.user)))
    return {change.key: change for change in found}


def remarks(session: Session, which: Of, key: str) -> Sequence[Remark]:
    """What hands said about a question, the oldest first."""
    wanted = select(Remark).where(which.own(Remark), Remark.key == key)
    return session.scalars(wanted.options(joinedload(Remark.user)).order_by(Remark.at, Remark.id)).all()


def remark_counts(session: Session, which: Of) -> dict[str, int]:
    """How many remarks there are, by question."""
    wanted = select(Remark.key, func.count()).where(which.own(Remark)).group_by(Remark.key)
    return dict(session.execute(wanted).all())


# --- what was signed -------------------------------------------------------------------------------------------------


def signature(session: Session, which: Of) -> Signature | None:
    """The latest signature; none where nothing was signed yet."""
    wanted = select(Signature).where(which.own(Signature)).order_by(Signature.number.desc()).limit(1)
    return session.scalar(wanted)


def signatures(session: Session, which: Of) -> Sequence[Signature]:
    """All signatures, the latest first."""
    return session.scalars(select(Signature).where(which.own(Signature)).order_by(Signature.number.desc())).all()


def signatories(session: Session, activity_id: uuid.UUID) -> dict[uuid.UUID, tuple[str, LocalisedText]]:
    """By response: the institution that signed it, and what it was called then."""
    wanted = select(Signature.response_id, Signature.institution_id, Signature.institution_name)
    rows = session.execute(wanted.where(Signature.activity_id == activity_id))
    return {response: (str(institution), name) for response, institution, name in rows}


# --- those who ask ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invited:
    """An institution as those see it who asked: how far it is, and not a single answer."""

    joint: Joint
    hands: int
    signature: Signature | None

    def standing(self, now: dt.datetime) -> str:
        """See `standing`."""
        return standing(self.joint, self.signature, now)


def standing(joint: Joint, signature: Signature | None, now: dt.datetime) -> str:
    """`signed`, `reopened` (what was signed before counts), `unsigned` (closed without), `invited` (nobody has begun),
    `begun` or `complete`."""
    if joint.state == "signed":
        return "signed"
    if signature is not None:
        return "reopened"
    if joint.activity.state(now) == "closed":
        return "unsigned"
    return "invited" if joint.version == 0 else "complete" if joint.complete else "begun"


def invited(session: Session, activity_id: uuid.UUID) -> list[Invited]:
    """The institutions that are asked to answer an activity."""
    joints = session.scalars(_joints().where(Joint.activity_id == activity_id)).all()
    counted = select(Hand.institution_id, func.count()).where(Hand.activity_id == activity_id)
    counts = dict(session.execute(counted.group_by(Hand.institution_id)).all())
    return [Invited(joint, counts.get(joint.institution_id, 0), signature(session, of(joint))) for joint in joints]


def uninvited(session: Session, activity_id: uuid.UUID) -> Sequence[Institution]:
    """The institutions that can still be asked."""
    there = select(Joint.institution_id).where(Joint.activity_id == activity_id)
    return session.scalars(select(Institution).where(Institution.id.not_in(there))).all()


def files(session: Session, activity_id: uuid.UUID) -> list[str]:
    """Documents of all that institutions have written, for whoever looks for the files in them."""
    found: list[str] = []
    for column in (Joint.answers, Change.before, Change.after, Signature.answers):
        mine = column.class_.activity_id == activity_id
        found += session.scalars(select(column).where(mine, column.contains('"file":"'))).all()
    return found
