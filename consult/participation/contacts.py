"""The contact vault: who is invited by mail. Read from a table, sealed under the contact keys, in no order."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import msgspec
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.responses.tables import read_tables
from consult.core.exchange.workbook import Row
from consult.core.sealing import seal, unseal
from consult.db.sealed import Sealed
from consult.participation import invitation_codes
from consult.participation.models import Contact, Invitation, InvitationList

COLUMNS: Final = ("address", "locale", "profile")
"""Headers of a table of contacts; the first is needed."""
LONGEST: Final = 80
"""Characters of a profile."""
_ADDRESS: Final = re.compile(r"[^@\s\"(),:;<>\\\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


class Person(msgspec.Struct, frozen=True):
    """Somebody as the vault knows them."""

    address: str
    locale: str
    profile: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The people of a table, and why its other rows were left out."""

    people: Sequence[Person]
    refused: Sequence[Problem]


def read(data: bytes, filename: str, locales: Sequence[str]) -> Read:
    """The people of a table (CSV or XLSX) with a column `address`, and `locale` and `profile` if wanted.

    Who has no locale gets the activity's first. Refuses what `read_tables` refuses, and with
    `participation.contacts.address` where there is no such column.
    """
    table = read_tables(data, filename)[0]
    places = {header.strip().lower(): place for place, header in enumerate(table.headers)}
    if "address" not in places:
        raise Refused(Problem("participation.contacts.address", place=table.place()))
    people: dict[str, Person] = {}
    refused: list[Problem] = []
    for row in table.rows:
        person = _person(row, places, locales)
        again = Problem("participation.contact.again") if person.address.lower() in people else None
        if problem := _problem(person, locales) or again:
            refused.append(replace(problem, place=Place(table.name, row.number)))
        else:
            people[person.address.lower()] = person
    return Read(list(people.values()), refused)


def _person(row: Row, places: Mapping[str, int], locales: Sequence[str]) -> Person:
    address, locale, profile = (row.cells.get(places[name], "") if name in places else "" for name in COLUMNS)
    return Person(address.strip(), locale.strip() or locales[0], " ".join(profile.split()))


def _problem(person: Person, locales: Sequence[str]) -> Problem | None:
    if not _ADDRESS.fullmatch(person.address):
        return Problem("participation.contact.address")
    if person.locale not in locales:
        return Problem("participation.contact.locale", {"code": person.locale[:20]})
    return Problem("participation.contact.profile", {"limit": LONGEST}) if len(person.profile) > LONGEST else None


def sealed(keys: Keys, activity_id: uuid.UUID, people: Sequence[Person]) -> list[dict[str, object]]:
    """Rows of the vault, each with a code of its own; sorted by their random keys."""
    rows: list[dict[str, object]] = []
    for person in people:
        key, known = uuid.uuid4(), msgspec.structs.replace(person, code=invitation_codes.draw())
        data = msgspec.json.encode(known)
        rows.append(
            {
                "activity_id": activity_id,
                "id": key,
                "sealed": seal(keys.contact, data, _context(key)),
                "mailing": 0,
                "code": invitation_codes.digest(keys.codes, activity_id, known.code),
                "profile": person.profile,
            }
        )
    return sorted(rows, key=lambda row: str(row["id"]))


def add(session: Session, made: InvitationList, rows: Sequence[Mapping[str, object]]) -> None:
    """Put sealed people into the vault, and their invitations where the door finds them; neither names the other."""
    if not rows:
        return
    both = [{**row, "list_id": made.id, "state": "unused"} for row in rows]
    session.execute(insert(cast(Table, Contact.__table__)), _only(both, Contact))
    both.sort(key=lambda row: cast(bytes, row["code"]))
    session.execute(insert(cast(Table, Invitation.__table__)), _only(both, Invitation))
    made.made = True
    session.flush()


def _only(rows: Sequence[Mapping[str, object]], model: type[Contact | Invitation]) -> list[dict[str, object]]:
    names = {column.name for column in model.__table__.columns}
    return [{name: value for name, value in row.items() if name in names} for row in rows]


def opened(keys: Keys, contact_id: uuid.UUID, kept: bytes) -> Person:
    """Somebody of the vault, unsealed."""
    return msgspec.json.decode(unseal(keys.contact, kept, _context(contact_id)), type=Person)


def each(session: Session, keys: Keys, activity_id: uuid.UUID, list_id: uuid.UUID) -> Iterator[Person]:
    """The people of a list, a few at a time."""
    wanted = select(Contact.id, Contact.sealed).where(Contact.activity_id == activity_id, Contact.list_id == list_id)
    for contact_id, kept in session.execute(wanted.order_by(Contact.id).execution_options(yield_per=1_000)):
        yield opened(keys, contact_id, kept)


def _context(contact_id: uuid.UUID) -> bytes:
    return b"contact:" + contact_id.bytes


SEALED: Final = (Sealed(Contact.sealed, _context, (Contact.id,)),)
