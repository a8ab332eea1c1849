"""What of processes can be seen: staff within their scope, everybody what is public."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from consult.accounts.models import Grant, Institution, Role, User
from consult.core.access import Scope
from consult.processes.models import Activity, Member, Process, Seat, Theme


def seats(session: Session, user_id: uuid.UUID, today: dt.date) -> dict[uuid.UUID, str]:
    """A person's unexpired seats in core groups, by process; a seat still holds on the day on which it expires."""
    unexpired = or_(Member.expires_on.is_(None), Member.expires_on >= today)
    rows = session.execute(select(Member.process_id, Member.seat).where(Member.user_id == user_id, unexpired))
    return dict(rows.all())


def seated() -> Select[uuid.UUID, uuid.UUID]:
    """Who sits in a core group for which institution; expired seats too, because they can be renewed."""
    return select(Member.user_id, Member.institution_id)


def _reachable(scope: Scope) -> ColumnElement[bool]:
    return or_(Process.lead_institution_id.in_(scope.institutions), Process.id.in_(scope.processes))


def processes(session: Session, scope: Scope) -> Sequence[Process]:
    """The processes within a scope, with their lead institutions and activities."""
    wanted = select(Process).where(_reachable(scope)).order_by(Process.slug)
    return session.scalars(wanted.options(joinedload(Process.lead_institution), selectinload(Process.activities))).all()


def process(session: Session, scope: Scope, slug: str) -> Process | None:
    """One process within a scope."""
    wanted = select(Process).where(_reachable(scope), Process.slug == slug)
    return session.scalar(wanted.options(joinedload(Process.lead_institution)))


def process_by_slug(session: Session, slug: str) -> Process | None:
    """One process, whoever asks: for the command line and for jobs."""
    return session.scalar(select(Process).where(Process.slug == slug))


def activity(session: Session, scope: Scope, slug: str) -> Activity | None:
    """One activity of a process within a scope."""
    wanted = select(Activity).join(Activity.process).where(_reachable(scope), Activity.slug == slug)
    return session.scalar(wanted.options(joinedload(Activity.process)))


def activity_of(session: Session, process_slug: str, slug: str) -> Activity | None:
    """One activity of a process by both addresses: for the command line, which nobody has signed in to."""
    wanted = select(Activity).join(Activity.process).where(Process.slug == process_slug, Activity.slug == slug)
    return session.scalar(wanted.options(joinedload(Activity.process)))


def activity_named(session: Session, slug: str) -> Activity | None:
    """An activity by its address, for who works on the machine itself."""
    return session.scalar(select(Activity).where(Activity.slug == slug))


def theme(session: Session, process_id: uuid.UUID, theme_id: uuid.UUID) -> Theme | None:
    """One theme of a process."""
    return session.scalar(select(Theme).where(Theme.process_id == process_id, Theme.id == theme_id))


def members(session: Session, process_id: uuid.UUID) -> Sequence[Member]:
    """The core group of a process, with users and institutions; expired seats too, so that they can be renewed."""
    wanted = select(Member).where(Member.process_id == process_id)
    return session.scalars(wanted.options(joinedload(Member.user), joinedload(Member.institution))).all()


def running(session: Session, process: Process, today: dt.date) -> Sequence[User]:
    """Who runs a process: officers and administrators of its lead institution, leads of its core group."""
    roles = Grant.role.in_((Role.OFFICER, Role.ADMINISTRATOR))
    officers = select(Grant.user_id).where(Grant.institution_id == process.lead_institution_id, roles)
    unexpired = or_(Member.expires_on.is_(None), Member.expires_on >= today)
    leads = select(Member.user_id).where(Member.process_id == process.id, Member.seat == Seat.LEAD, unexpired)
    wanted = select(User).where(User.disabled_at.is_(None), or_(User.id.in_(officers), User.id.in_(leads)))
    return session.scalars(wanted.order_by(User.email)).all()


def names(session: Session, users: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What people are called."""
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(users))).all())


def institutions(session: Session, among: Collection[uuid.UUID] | None = None) -> Sequence[Institution]:
    """Institutions, all of them or those among some."""
    wanted = select(Institution)
    return session.scalars(wanted if among is None else wanted.where(Institution.id.in_(among))).all()


def public_processes(session: Session) -> Sequence[Process]:
    """The processes shown to everybody, with their activities."""
    wanted = select(Process).where(Process.public).order_by(Process.slug)
    return session.scalars(wanted.options(joinedload(Process.lead_institution), selectinload(Process.activities))).all()


def public_process(session: Session, slug: str) -> Process | None:
    """One process shown to everybody."""
    wanted = select(Process).where(Process.public, Process.slug == slug)
    return session.scalar(wanted.options(joinedload(Process.lead_institution)))


def public_activity(session: Session, slug: str) -> Activity | None:
    """One activity of a public process that is, was or is going to be open; drafts are nobody's business."""
    wanted = select(Activity).join(Activity.process)
    wanted = wanted.where(Process.public, Activity.slug == slug, Activity.opens_at.is_not(None))
    return session.scalar(wanted.options(joinedload(Activity.process).joinedload(Process.lead_institution)))
