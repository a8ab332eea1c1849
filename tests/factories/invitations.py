"""Invitations: lists with codes, people in the vault."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from consult.config import Keys
from consult.participation import contacts, entrances, invitation_codes
from consult.participation.contacts import Person
from consult.participation.models import Invitation, InvitationList
from consult.processes.models import Activity
from tests.factories.responses import KEY

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


def invite(session: Session, activity: Activity, *, open_link: bool = False) -> Activity:
    """Let people in by invitations, and by nothing else unless told otherwise."""
    here = session.get_one(Activity, activity.id)
    entrances.decide(session, here, open_link=open_link, invited=True, by=None, now=NOW)
    return here


def make_codes(
    session: Session, activity: Activity, count: int = 1, *, profile: str = "", name: str = "Letters"
) -> list[str]:
    """The codes of a new list."""
    made = InvitationList(activity_id=activity.id, name=name, contacts=False, size=count, made=True)
    session.add(made)
    session.flush()
    codes = [invitation_codes.draw() for _ in range(count)]
    for code in codes:
        digest = invitation_codes.digest(KEY, activity.id, code)
        session.add(Invitation(activity_id=activity.id, code=digest, list_id=made.id, profile=profile))
    session.flush()
    return codes


def make_contacts(
    session: Session, keys: Keys, activity: Activity, *people: Person, name: str = "Mails"
) -> InvitationList:
    """A list of people in the vault."""
    made = InvitationList(activity_id=activity.id, name=name, contacts=True, size=len(people))
    session.add(made)
    session.flush()
    contacts.add(session, made, contacts.sealed(keys, activity.id, people))
    return made


def codes_of(session: Session, keys: Keys, made: InvitationList) -> dict[str, str]:
    """The codes of the people on a list, by their addresses."""
    return {person.address: person.code for person in contacts.each(session, keys, made.activity_id, made.id)}
