"""Institutions and the people who work for them: inviting, roles, disabling."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import Grant, Institution, Link, Role, User
from consult.accounts.service import signins
from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.insert import insert


def normal_email(typed: str) -> str:
    """An address as it is stored and looked up."""
    return unicodedata.normalize("NFC", typed.strip()).lower()


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """What is said of an institution."""

    name: LocalisedText
    kind: str
    country: str
    """ISO 3166-1 alpha-2."""


def create_institution(
    session: Session, facts: InstitutionFacts, *, by: Actor | None, now: dt.datetime, operates: bool = False
) -> Institution:
    """Add an institution; `operates` marks the one that runs the installation."""
    institution = Institution(name=facts.name, kind=facts.kind, country=facts.country, operates=operates)
    session.add(institution)
    session.flush()
    _note(session, by, "accounts.create_institution", institution.id, now, str(institution.id))
    return institution


def edit_institution(
    session: Session, institution: Institution, facts: InstitutionFacts, *, by: Actor, now: dt.datetime
) -> None:
    """Change what is said of an institution."""
    institution.name, institution.kind, institution.country = facts.name, facts.kind, facts.country
    _note(session, by, "accounts.edit_institution", institution.id, now, str(institution.id))


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to invite, and what they will do."""

    email: str
    name: str
    locale: str
    roles: frozenset[str]


def invite(session: Session, institution: Institution, invitee: Invitee, *, by: Actor | None, now: dt.datetime) -> User:
    """Give a person roles at an institution; makes the account where the address has none.

    An existing account keeps its name and its other roles.
    """
    email = normal_email(invitee.email)
    session.execute(
        insert(session, User)
        .values(id=uuid.uuid4(), email=email, name=invitee.name, locale=invitee.locale, password="", totp_step=0)
        .on_conflict_do_nothing(index_elements=["email"])
    )
    user = session.scalars(select(User).where(User.email == email)).one()
    for role in sorted(invitee.roles):
        session.execute(
            insert(session, Grant)
            .values(user_id=user.id, institution_id=institution.id, role=role)
            .on_conflict_do_nothing()
        )
    _note(session, by, "accounts.invite", institution.id, now, str(user.id), roles=sorted(invitee.roles))
    return user


def describe(session: Session, user_id: uuid.UUID, name: str, locale: str, *, by: Actor, now: dt.datetime) -> None:
    """Change a person's name and the language of mails to them."""
    session.execute(update(User).where(User.id == user_id).values(name=name, locale=locale))
    record(session, actor=by, action="accounts.describe", subject=str(user_id), now=now)


def set_roles(
    session: Session,
    institution: Institution,
    user: User,
    roles: Collection[str],
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    """Change what a person may do at an institution; none left: they no longer work for it.

    Refuses with `accounts.administrator.last` to take away the last administrator.
    """
    # Locking the institution's row makes changes of its people wait for each other.
    session.execute(select(Institution.id).where(Institution.id == institution.id).with_for_update())
    here = (Grant.institution_id == institution.id, Grant.user_id == user.id)
    session.execute(delete(Grant).where(*here, Grant.role.not_in(roles)))
    for role in sorted(roles):
        session.execute(
            insert(session, Grant)
            .values(user_id=user.id, institution_id=institution.id, role=role)
            .on_conflict_do_nothing()
        )
    _keep_an_administrator(session, institution.id)
    _note(session, by, "accounts.set_roles", institution.id, now, str(user.id), roles=sorted(roles))


def manages(actor: Actor, places: Collection[uuid.UUID]) -> bool:
    """Whether an actor may act on whole accounts that work for these institutions: only with power over all of them.

    Else the administrator of one institution could invite somebody who works for another, and take their account over.
    """
    mine = {place for place, roles in actor.roles.items() if Role.ADMINISTRATOR in roles}
    return actor.operator or mine.issuperset(places)


def disable(session: Session, user: User, *, by: Actor, now: dt.datetime) -> None:
    """Close an account: every sign-in and link of it ends at once. Refuses `accounts.disable.self` and the last
    administrator of an institution (`accounts.administrator.last`)."""
    if user.id == by.id:
        raise Refused.because("accounts.disable.self")
    places = session.scalars(
        select(Grant.institution_id).where(Grant.user_id == user.id, Grant.role == Role.ADMINISTRATOR)
    ).all()
    session.execute(select(Institution.id).where(Institution.id.in_(places)).order_by(Institution.id).with_for_update())
    user.disabled_at = now
    session.flush()
    for place in places:
        _keep_an_administrator(session, place)
    session.execute(delete(Link).where(Link.user_id == user.id))
    signins.end_all(session, user.id, by=by, now=now)
    record(session, actor=by, action="accounts.disable", subject=str(user.id), now=now)


def enable(session: Session, user: User, *, by: Actor, now: dt.datetime) -> None:
    """Open a disabled account again."""
    user.disabled_at = None
    record(session, actor=by, action="accounts.enable", subject=str(user.id), now=now)


def _keep_an_administrator(session: Session, institution_id: uuid.UUID) -> None:
    left = session.scalar(
        select(Grant.user_id)
        .join(User)
        .where(Grant.institution_id == institution_id, Grant.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
        .limit(1)
    )
    if left is None:
        raise Refused.because("accounts.administrator.last")


def _note(
    session: Session,
    by: Actor | None,
    action: str,
    institution_id: uuid.UUID,
    now: dt.datetime,
    subject: str,
    **details: object,
) -> None:
    record(session, actor=by, action=action, subject=subject, now=now, institution_id=institution_id, details=details)
