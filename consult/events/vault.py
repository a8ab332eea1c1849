"""How those who signed up are called and reached, apart from where they stand.

The id of somebody's contact data is an HMAC of their sign-up's key: with the key, which lies outside the database,
either leads to the other; without it neither does, and what is kept cannot be read.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.sealing import seal, unseal
from consult.db.sealed import Sealed
from consult.events.models.signed import SignUpContact


class Person(msgspec.Struct, frozen=True):
    """Somebody who signed up."""

    name: str
    address: str = ""
    """Of their e-mail; empty where they gave none."""
    phone: str = ""
    time_zone: str = ""
    """IANA name of that in which they read times; empty: the place's."""
    needs: str = ""
    """What they need, in their own words."""
    guardian: str = ""
    """Who consented for them."""
    companions: tuple[str, ...] = ()
    answers: dict[str, object] = {}
    """What they answered of the screening that is not counted."""
    code: str = ""
    """By which they come back; mails to them carry it."""


def contact_id(keys: Keys, activity_id: uuid.UUID, digest: bytes) -> uuid.UUID:
    """Where the contact data of a sign-up lie. `digest`: its key, the HMAC of the code."""
    found = hmac.digest(keys.codes, b"contact\0" + activity_id.bytes + digest, hashlib.sha256)
    return uuid.UUID(bytes=found[:16], version=4)


def keep(session: Session, keys: Keys, activity_id: uuid.UUID, digest: bytes, person: Person) -> None:
    """Keep somebody's contact data, in place of what was there."""
    key = contact_id(keys, activity_id, digest)
    sealed = seal(keys.contact, msgspec.json.encode(person), _context(key))
    session.merge(SignUpContact(activity_id=activity_id, id=key, sealed=sealed))
    session.flush()


def people(session: Session, keys: Keys, activity_id: uuid.UUID, digests: Iterable[bytes]) -> Mapping[bytes, Person]:
    """The contact data of sign-ups, by their keys; without those whose data were erased."""
    by_id = {contact_id(keys, activity_id, digest): digest for digest in digests}
    wanted = select(SignUpContact.id, SignUpContact.sealed).where(
        SignUpContact.activity_id == activity_id, SignUpContact.id.in_(by_id)
    )
    return {by_id[key]: _opened(keys, key, sealed) for key, sealed in session.execute(wanted)}


def person(session: Session, keys: Keys, activity_id: uuid.UUID, digest: bytes) -> Person | None:
    """The contact data of one; none where they were erased."""
    return people(session, keys, activity_id, [digest]).get(digest)


def forget(session: Session, keys: Keys, activity_id: uuid.UUID, digest: bytes) -> None:
    """Erase the contact data of one."""
    mine = SignUpContact.activity_id == activity_id, SignUpContact.id == contact_id(keys, activity_id, digest)
    session.execute(delete(SignUpContact).where(*mine))


def _opened(keys: Keys, key: uuid.UUID, sealed: bytes) -> Person:
    return msgspec.json.decode(unseal(keys.contact, sealed, _context(key)), type=Person)


def _context(key: uuid.UUID) -> bytes:
    return b"sign-up:" + key.bytes


SEALED: Final = (Sealed(SignUpContact.sealed, _context, (SignUpContact.id,)),)
