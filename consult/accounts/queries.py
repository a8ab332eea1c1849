"""Who is who: accounts, what they hold, and what an administrator may see."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, union
from sqlalchemy.orm import Session, selectinload

from consult.accounts.models import Grant, Institution, RecoveryCode, Role, SignIn, User
from consult.audit.models import Entry
from consult.core.access import Actor, Scope
from consult.core.text import LocalisedText

Seats = Callable[[Session, uuid.UUID, dt.date], Mapping[uuid.UUID, str]]
Led = Callable[[Session, Scope], Mapping[uuid.UUID, LocalisedText]]
Seated = Select[uuid.UUID, uuid.UUID]
"""Who sits in a core group for which institution: told by processes."""

SECOND_STEP_ROLES = frozenset({Role.ADMINISTRATOR, Role.STEWARD})
"""Roles that rest until the person has set up the second step."""


def actor(session: Session, token: bytes, *, now: dt.datetime, seats: Seats = lambda *_: {}) -> Actor | None:
    """Who has signed in with a token (HMAC), and what they hold at this moment; `seats` are told by processes."""
    user = session.scalar(
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token == token, SignIn.expires_at > now, User.disabled_at.is_(None))
        .options(selectinload(User.grants).joinedload(Grant.institution))
    )
    if user is None:
        return None
    roles: dict[uuid.UUID, set[str]] = defaultdict(set)
    operator = False
    for grant in user.grants:
        if grant.role in SECOND_STEP_ROLES and user.totp_secret is None:
            continue
        roles[grant.institution_id].add(grant.role)
        operator = operator or (grant.role == Role.ADMINISTRATOR and grant.institution.operates)
    held = {place: frozenset(names) for place, names in roles.items()}
    return Actor(user.id, user.name, user.locale, held, seats(session, user.id, now.date()), operator)


def by_email(session: Session, email: str) -> User | None:
    """The account of an address in its stored form."""
    return session.scalar(select(User).where(User.email == email))


def user(session: Session, user_id: uuid.UUID) -> User | None:
    """An account that is not disabled, with its roles."""
    wanted = select(User).where(User.id == user_id, User.disabled_at.is_(None))
    return session.scalar(wanted.options(selectinload(User.grants).joinedload(Grant.institution)))


def needs_second_step(person: User) -> bool:
    """Whether roles of this person rest because the second step is not set up."""
    return person.totp_secret is None and any(grant.role in SECOND_STEP_ROLES for grant in person.grants)


def sign_ins(session: Session, user_id: uuid.UUID, *, now: dt.datetime) -> Sequence[SignIn]:
    """A person's signed-in browsers, the latest first."""
    wanted = select(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at > now)
    return session.scalars(wanted.order_by(SignIn.created_at.desc())).all()


def recovery_codes_left(session: Session, user_id: uuid.UUID) -> int:
    """How many recovery codes a person has not used yet."""
    return session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def institutions(session: Session, scope: Scope) -> Sequence[Institution]:
    """The institutions whose people an actor manages: their own as administrator, all of them as operator."""
    found = session.scalars(select(Institution).order_by(Institution.country, Institution.id)).all()
    return [place for place in found if scope.actor.operator or place.id in scope.institutions]


def institution(session: Session, scope: Scope, institution_id: uuid.UUID) -> Institution | None:
    """One of the institutions whose people an actor manages."""
    if not (scope.actor.operator or institution_id in scope.institutions):
        return None
    return session.get(Institution, institution_id)


def people(session: Session, institution_id: uuid.UUID, seated: Seated) -> Sequence[User]:
    """Everybody who works for an institution, with all their roles."""
    return session.scalars(_people(institution_id, seated).order_by(User.name, User.email)).all()


def person(session: Session, institution_id: uuid.UUID, user_id: uuid.UUID, seated: Seated) -> User | None:
    """One person who works for an institution, with all their roles."""
    return session.scalar(_people(institution_id, seated).where(User.id == user_id))


def places(session: Session, user_id: uuid.UUID, seated: Seated) -> frozenset[uuid.UUID]:
    """The institutions that a person works for."""
    work = _work(seated)
    return frozenset(session.scalars(select(work.c.institution_id).where(work.c.user_id == user_id)))


def _people(institution_id: uuid.UUID, seated: Seated) -> Select[User]:
    work = _work(seated)
    here = select(work.c.user_id).where(work.c.institution_id == institution_id)
    return select(User).where(User.id.in_(here)).options(selectinload(User.grants))


def _work(seated: Seated) -> Subquery:
    """Who works for which institution: by a role, or by a seat in a core group."""
    return union(select(Grant.user_id, Grant.institution_id), seated).subquery()


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What of the trail to show: from a position on, of a process, of one kind of act."""

    before: tuple[dt.datetime, uuid.UUID] | None = None
    process_id: uuid.UUID | None = None
    action: str = ""


def trail(
    session: Session, scope: Scope, led: Collection[uuid.UUID], wanted: TrailFilter, *, limit: int
) -> Sequence[Entry]:
    """Acts that concern the scope's institutions, the latest first: of their people, in the processes they lead.

    `led` are those processes. What concerns no institution at all (the command line, jobs) is for operators.
    """
    query = select(Entry).where(_visible(scope, led)).order_by(Entry.at.desc(), Entry.id.desc()).limit(limit)
    if wanted.process_id:
        query = query.where(Entry.process_id == wanted.process_id)
    if wanted.action:
        query = query.where(Entry.action == wanted.action)
    if wanted.before:
        at, entry_id = wanted.before
        query = query.where(or_(Entry.at < at, (Entry.at == at) & (Entry.id < entry_id)))
    return session.scalars(query).all()


def trail_actions(session: Session, scope: Scope, led: Collection[uuid.UUID]) -> Sequence[str]:
    """The kinds of acts that there are in what `trail` shows."""
    return session.scalars(select(Entry.action).where(_visible(scope, led)).distinct().order_by(Entry.action)).all()


def _visible(scope: Scope, led: Collection[uuid.UUID]) -> ColumnElement[bool]:
    # What their people did elsewhere, in processes or at institutions of others, stays with those others.
    theirs = select(Grant.user_id).where(Grant.institution_id.in_(scope.institutions))
    nowhere = Entry.process_id.is_(None) & Entry.institution_id.is_(None)
    return or_(
        Entry.institution_id.in_(scope.institutions),
        Entry.process_id.in_(led),
        nowhere if scope.actor.operator else nowhere & Entry.actor_id.in_(theirs),
    )
