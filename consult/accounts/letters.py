"""Links to set a password, and the mails that they go out with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.accounts import addresses, queries
from consult.accounts.models import Institution, User
from consult.accounts.service import links, people
from consult.accounts.service.people import Invitee, normal_email
from consult.config import Keys, Settings
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.mail.service import Letter, post
from consult.web.letters import compose


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail, written before the database is locked, and the link it carries; `token` where that sets a password."""

    letter: Letter
    link: str
    token: str = ""


def password_letter(settings: Settings, known: User | None, locale: str, *, now: dt.datetime) -> Draft:
    """An invitation or, for who has a password, a reset; `locale` is that of an account that is not there yet."""
    token, purpose = links.draw(), links.purpose_for(known)
    locale = known.locale if known else locale
    link = addresses.link(settings, locale, token)
    until = (now + links.LIFETIMES[purpose]).date()
    return Draft(compose(purpose, locale, link=link, until=until), link, token)


def roles_letter(settings: Settings, known: User) -> Draft:
    """Tells somebody who has an account that they have other roles."""
    link = addresses.start(settings, known.locale)
    return Draft(compose("roles", known.locale, link=link), link)


def hand_over(
    session: Session,
    settings: Settings,
    keys: Keys,
    user: User,
    draft: Draft,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> bool:
    """Let the link set a password, and post the mail; false without a mail server: then it is to be shown, once."""
    if draft.token:
        links.make(session, keys, user, draft.token, by=by, now=now)
    if settings.smtp_url:
        post(session, keys, to=user.email, locale=user.locale, letter=draft.letter, now=now)
    return bool(settings.smtp_url)


def welcome(
    session: Session,
    settings: Settings,
    keys: Keys,
    institution: Institution,
    invitee: Invitee,
    *,
    by: Actor,
    now: dt.datetime,
) -> tuple[User, str]:
    """The account of an address, with these roles at the institution; who has none gets one and is written to.

    The second is the link to set a password, where there is no mail server and it has to be shown, once. Refuses
    `accounts.invite.name` where an account is to be made without a name.
    """
    known = queries.by_email(session, normal_email(invitee.email))
    if known is not None:
        return people.invite(session, institution, invitee, by=by, now=now) if invitee.roles else known, ""
    if not invitee.name:
        raise Refused(Problem("accounts.invite.name", place=Place(field="name")))
    draft = password_letter(settings, None, invitee.locale, now=now)
    user = people.invite(session, institution, invitee, by=by, now=now)
    posted = hand_over(session, settings, keys, user, draft, by=by, now=now)
    return user, "" if posted else draft.link
