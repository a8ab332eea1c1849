"""Invitations and reminders by mail: written into the outbox in each one's locale, to those whose code is unused.

A mailing goes through a list in small transactions and notes in each row that it has come by, whether or not it wrote:
after a crash nobody is written to twice, and the notes tell nothing of who has taken part.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.jobs import asking
from consult.jobs.asking import Asked
from consult.jobs.long import Order, Settle
from consult.mail.service import Letter, post
from consult.participation import codes, contacts, entrances, invitation_codes
from consult.participation.contacts import Person
from consult.participation.models import Contact, Entrance, Invitation, InvitationList
from consult.participation.printing import address
from consult.participation.trail import note
from consult.processes.models import Activity
from consult.web.letters import compose

MAIL: Final = "participation.mail"
"""The task."""
FIRST: Final = 1
"""Number of the mailing that invites; those after it remind."""
_AT_ONCE: Final = 200


class Mailing(msgspec.Struct, frozen=True):
    """A mailing to a list."""

    at: Mapping[str, str]
    activity_id: uuid.UUID
    list_id: uuid.UUID
    number: int


def ask(
    session: Session,
    activity: Activity,
    made: InvitationList,
    *,
    settings: Settings,
    by: Actor | None,
    now: dt.datetime,
) -> Asked:
    """Have the next mailing sent to a list: the invitation, later a reminder.

    Refuses `participation.mail.off` (no mail server), `participation.mail.nobody` (the list has no addresses),
    `participation.mail.closed` (the activity takes no answers) and `participation.mail.uninvited` (nor does it take
    invitations).
    """
    if not settings.smtp_url:
        raise Refused.because("participation.mail.off")
    if not made.contacts:
        raise Refused.because("participation.mail.nobody")
    if activity.state(now) != "open":
        raise Refused.because("participation.mail.closed")
    if not entrances.entrance(session, activity.id).invited:
        raise Refused.because("participation.mail.uninvited")
    number = made.mailing if _broke_off(session, made) else made.mailing + 1
    payload: dict[str, Any] = msgspec.to_builtins(Mailing({"activity": activity.slug}, activity.id, made.id, number))
    who = by.id if by else None
    asked = asking.ask(session, MAIL, payload, by=who, process_id=activity.process_id, key=f"{MAIL}:{made.id}", now=now)
    if asked.new:
        made.mailing = number
        verb = "invite" if number == FIRST else "remind"
        note(session, activity, verb, {"list": made.name}, by, now)
    return asked


def _broke_off(session: Session, made: InvitationList) -> bool:
    """Whether the last mailing has not come to everybody: then it is finished before there is another one."""
    left = exists().where(
        Contact.activity_id == made.activity_id, Contact.list_id == made.id, Contact.mailing < made.mailing
    )
    return bool(session.scalar(select(left)))


def mail(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Write the mails of a mailing into the outbox."""
    wanted, keys = msgspec.convert(order.payload, Mailing), installation.keys
    with installation.database.reading() as session:
        activity = session.get_one(Activity, wanted.activity_id)
        entrance, size = entrances.entrance(session, activity.id), _size(session, wanted)
        _named = activity.process.lead_institution.name  # what letters need is loaded now
    done = 0
    while True:
        with installation.database.reading() as session:
            people = _next(session, keys, wanted)
        if not people:
            return lambda _session: {}
        written = {key: _written(activity, entrance, person, wanted, installation) for key, person in people.items()}
        with installation.database.transaction() as session:
            _post(session, keys, wanted, people, written, order.now)
        done += len(people)
        progress(done, max(size, done))


def _size(session: Session, wanted: Mailing) -> int:
    made = session.get(InvitationList, wanted.list_id)
    return made.size if made else 0


def _next(session: Session, keys: Keys, wanted: Mailing) -> dict[uuid.UUID, Person]:
    """Some to whom the mailing has not come yet."""
    left = select(Contact.id, Contact.sealed).where(
        Contact.activity_id == wanted.activity_id,
        Contact.list_id == wanted.list_id,
        Contact.mailing < wanted.number,
    )
    found = session.execute(left.order_by(Contact.id).limit(_AT_ONCE)).all()
    return {key: contacts.opened(keys, key, kept) for key, kept in found}


def _post(
    session: Session,
    keys: Keys,
    wanted: Mailing,
    people: Mapping[uuid.UUID, Person],
    written: Mapping[uuid.UUID, Letter],
    now: dt.datetime,
) -> None:
    """Write to those whose code is unused at this moment, and note that the mailing has come to all of them."""
    digests = {
        key: invitation_codes.digest(keys.codes, wanted.activity_id, person.code) for key, person in people.items()
    }
    unused = _unused(session, wanted.activity_id, list(digests.values()))
    for key, person in people.items():
        if digests[key] in unused:
            post(session, keys, to=person.address, locale=person.locale, letter=written[key], now=now)
    mine = (Contact.activity_id == wanted.activity_id, Contact.id.in_(people))
    session.execute(
        update(Contact).where(*mine).values(mailing=wanted.number).execution_options(synchronize_session=False)
    )


def _unused(session: Session, activity_id: uuid.UUID, digests: Sequence[bytes]) -> set[bytes]:
    mine = (Invitation.activity_id == activity_id, Invitation.code.in_(digests), Invitation.state == "unused")
    return set(session.scalars(select(Invitation.code).where(*mine)))


def _written(
    activity: Activity, entrance: Entrance, person: Person, wanted: Mailing, installation: Installation
) -> Letter:
    reminds = wanted.number > FIRST
    text = entrance.reminder if reminds else entrance.invitation
    where = address(installation.settings.base_url, activity, person.locale)
    return compose(
        "take_part",
        person.locale,
        activity=activity,
        institution=activity.process.lead_institution.name,
        reminds=reminds,
        text=text,
        link=f"{where}#{person.code}",
        code=" ".join(codes.groups(person.code)),
    )
