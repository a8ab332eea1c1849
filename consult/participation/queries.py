"""What the door of an activity must know of it, in one statement; who enters answers of others there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, and_, exists, false, func, select, text
from sqlalchemy.orm import Session, joinedload

from consult.accounts.models import Grant, Institution, Role, User
from consult.core.access import Scope
from consult.core.text import LocalisedText
from consult.participation.guard import USUAL, Guard
from consult.participation.models import DRAFT_DAYS, DRAFTS, WAITING, Entrance, Intake, Interviewer, Measures, Quota
from consult.privacy.models import Period
from consult.processes.models import Activity, Kind, Process, Unit
from consult.questionnaires.models import Edition, Trial


@dataclass(frozen=True, slots=True)
class Lead:
    """The institution that asks."""

    name: LocalisedText


@dataclass(frozen=True, slots=True)
class Host:
    """The policy process that listens, as far as participants see it."""

    slug: str
    title: LocalisedText
    locales: tuple[str, ...]
    contact: str
    synthetic: bool
    lead_institution: Lead
    threshold: int
    """Below how many nothing is told of persons."""


@dataclass(frozen=True, slots=True)
class Door:
    """An activity as participants meet it. Equal doors look the same."""

    activity_id: uuid.UUID
    slug: str
    title: LocalisedText
    locales: tuple[str, ...]
    time_zone: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    edition: int
    """Number of the edition that new participants answer; 0 where there is none."""
    process: Host
    draft_days: int
    """How long a draft is kept after it was last saved."""
    open_link: bool = True
    """Whether anybody may take part,"""
    invited: bool = False
    """and whether those may who have an invitation."""
    full: frozenset[str] = frozenset()
    """The channels whose quota is full."""
    guard: Guard = USUAL
    trial: bytes | None = None
    """HMAC of the code of the link by which it can be tried before it opens."""

    def state(self, now: dt.datetime) -> str:
        """`scheduled`, `open` or `closed` at a moment."""
        if self.opens_at is None or now < self.opens_at:
            return "scheduled"
        return "closed" if self.closes_at is not None and self.closes_at <= now else "open"


_NEWEST = select(func.max(Edition.number)).where(Edition.activity_id == Activity.id).scalar_subquery()
_ACTIVITIES = (
    select(Activity, Process, Institution.name, _NEWEST, func.coalesce(Period.length, DRAFT_DAYS))
    .join(Process, Activity.process_id == Process.id)
    .join(Institution, Process.lead_institution_id == Institution.id)
    .outerjoin(Period, and_(Period.activity_id == Activity.id, Period.kind == DRAFTS))
)
_DOORS = (
    _ACTIVITIES.add_columns(
        func.coalesce(Entrance.open_link, Activity.unit != Unit.INSTITUTION),
        func.coalesce(Entrance.invited, false()),
        Measures,
    )
    .outerjoin(Entrance, Entrance.activity_id == Activity.id)
    .outerjoin(Measures, Measures.activity_id == Activity.id)
    .where(Process.public, Activity.opens_at.is_not(None))
)
_WAITING = (
    select(func.count())
    .where(
        Intake.activity_id == Quota.activity_id,
        Intake.channel == Quota.channel,
        text(f"{Intake.__tablename__}.{WAITING}"),
        Intake.corrects.is_(False),
    )
    .scalar_subquery()
)
_TRIALS = _ACTIVITIES.add_columns(Trial.secret).outerjoin(Trial, Trial.activity_id == Activity.id)


def door(session: Session, slug: str, kind: Kind = Kind.QUESTIONNAIRE) -> Door | None:
    """The door of an activity of a public process; none while it is a draft: those are nobody's business."""
    found = session.execute(_DOORS.where(Activity.slug == slug, Activity.kind == kind)).one_or_none()
    if found is None or (found[3] is None and kind is Kind.QUESTIONNAIRE):
        return None
    *parts, open_link, invited, measures = found
    known = _door(*parts)
    filled = full(session, known.activity_id)
    return replace(known, open_link=open_link, invited=invited, full=filled, guard=guard_of(measures))


def full(session: Session, activity_id: uuid.UUID) -> frozenset[str]:
    """The channels whose quota is full, by what was mixed and what waits for that.

    Doors ask, about once a second: those who send need not take turns at a counter.
    """
    wanted = select(Quota.channel).where(Quota.activity_id == activity_id, Quota.profile == "")
    return frozenset(session.scalars(wanted.where(Quota.taken + _WAITING >= Quota.most)))


def trial_door(session: Session, slug: str) -> Door | None:
    """The door of an activity that has a trial, or of one that has opened, so that those who tried it can be told."""
    found = session.execute(_TRIALS.where(Activity.slug == slug, Activity.kind == Kind.QUESTIONNAIRE)).one_or_none()
    if found is None or found[3] is None:
        return None
    *parts, secret = found
    return replace(_door(*parts), trial=secret)


def _door(
    activity: Activity, process: Process, institution: LocalisedText, edition: int | None, draft_days: int
) -> Door:
    return Door(
        activity_id=activity.id,
        slug=activity.slug,
        title=activity.title,
        locales=tuple(activity.locales),
        time_zone=activity.time_zone,
        opens_at=activity.opens_at,
        closes_at=activity.closes_at,
        edition=edition or 0,
        process=Host(
            process.slug,
            process.title,
            tuple(process.locales),
            process.contact,
            process.synthetic,
            Lead(institution),
            process.threshold,
        ),
        draft_days=draft_days,
    )


def guard(session: Session, activity_id: uuid.UUID) -> Guard:
    """The bot measures of an activity."""
    return guard_of(session.get(Measures, activity_id))


def guard_of(measures: Measures | None) -> Guard:
    """What officers decided, or what holds where they decided nothing."""
    return USUAL if measures is None else Guard(measures.seconds, measures.hourly, measures.counted, measures.work)


@dataclass(frozen=True, slots=True)
class Named:
    """An interviewer of an activity as its officers see them."""

    interviewer: Interviewer
    able: bool
    """Whether they can interview: not with a disabled account, nor after their institution took the role away."""


def interviewers(session: Session, activity_id: uuid.UUID) -> list[Named]:
    """The interviewers of an activity, with users and institutions."""
    role = exists().where(
        Grant.user_id == Interviewer.user_id,
        Grant.institution_id == Interviewer.institution_id,
        Grant.role == Role.INTERVIEWER,
    )
    wanted = select(Interviewer, role & User.disabled_at.is_(None)).join(Interviewer.user)
    wanted = wanted.where(Interviewer.activity_id == activity_id).order_by(User.name, User.email)
    found = session.execute(wanted.options(joinedload(Interviewer.user), joinedload(Interviewer.institution)))
    return [Named(interviewer, able) for interviewer, able in found]


def interviews(session: Session, scope: Scope) -> Sequence[Activity]:
    """The activities in which an actor may enter answers of others, with their processes."""
    return session.scalars(_interviews(scope).order_by(Activity.slug)).all()


def interview(session: Session, scope: Scope, slug: str) -> Activity | None:
    """One of them."""
    return session.scalar(_interviews(scope).where(Activity.slug == slug))


def _interviews(scope: Scope) -> Select[Activity]:
    named = exists().where(
        Interviewer.activity_id == Activity.id,
        Interviewer.user_id == scope.actor.id,
        Interviewer.institution_id.in_(scope.institutions),
    )
    # Of what else there is nobody is interviewed, though questions may be published for it.
    wanted = select(Activity).where(named, Activity.kind == Kind.QUESTIONNAIRE)
    return wanted.options(joinedload(Activity.process).joinedload(Process.lead_institution))
