"""Writing the trail, chaining it by hash, and verifying the chain.

The hash of entry *n* is SHA-256 over the hash of entry *n* − 1 (32 zero bytes before the first) and the canonical JSON
of entry *n* exactly as stored. Whoever keeps the head (number and hash of the last entry) elsewhere also notices that
the end of the trail was cut off.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import Row, Select, String, select, type_coerce, update
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.access import Actor
from consult.db.session import Database

GENESIS = bytes(32)
_BATCH = 500


def record(
    session: Session,
    *,
    actor: Actor | None,
    action: str,
    subject: str,
    now: dt.datetime,
    process_id: uuid.UUID | None = None,
    institution_id: uuid.UUID | None = None,
    details: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Note what somebody did, in the transaction that does it.

    `actor` is None for the command line and for jobs. `action` is `slice.verb`; `subject` names what was acted on by a
    stable name or id; `details` hold codes and numbers, never answers or contact data.
    """
    session.add(
        Entry(
            at=now,
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "",
            action=action,
            subject=subject[:200],
            process_id=process_id,
            institution_id=institution_id,
            details=dict(details),
        )
    )


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many entries it has, and the hash of the last one."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"

    @classmethod
    def read(cls, text: str) -> Head:
        """A head as it is printed, `number:hash`; raises ValueError."""
        number, _, digest = text.partition(":")
        return cls(int(number), bytes.fromhex(digest))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: the head as far as the chain holds, and the number of the first entry that does not."""

    head: Head
    misfit: int | None = None


def chain(database: Database) -> None:
    """Number and hash the entries that are not in the chain yet, oldest first."""
    while True:
        with database.reading() as session:
            if session.scalar(select(Entry.id).where(Entry.number.is_(None)).limit(1)) is None:
                return
        with database.transaction() as session:
            _chain_batch(session)


def verify(session: Session, expected: Head | None = None) -> Verdict:
    """Walk the chain from its beginning; `expected` is a head noted earlier, which must still be in it."""
    head = Head(0, GENESIS)
    rows = session.execute(
        _stored().where(Entry.number.is_not(None)).order_by(Entry.number).execution_options(yield_per=_BATCH)
    )
    for row in rows:
        number = head.number + 1
        if row.number != number or bytes(row.hash or b"") != _hash(head, row):
            return Verdict(head, number)
        head = Head(number, bytes(row.hash))
        if expected is not None and expected.number == number and expected.hash != head.hash:
            return Verdict(head, number)
    if expected is not None and expected.number > head.number:
        return Verdict(head, head.number + 1)
    return Verdict(head)


def _chain_batch(session: Session) -> None:
    loose = _stored().where(Entry.number.is_(None)).order_by(Entry.at, Entry.id).limit(_BATCH)
    # Whoever chains at the same time waits here, and then finds these entries chained; only then is the end read.
    rows = session.execute(loose.with_for_update()).all()
    last = session.execute(
        select(Entry.number, Entry.hash).where(Entry.number.is_not(None)).order_by(Entry.number.desc()).limit(1)
    ).first()
    head = Head(last.number, bytes(last.hash or b"")) if last and last.number else Head(0, GENESIS)
    for row in rows:
        head = Head(head.number + 1, _hash(head, row))
        session.execute(update(Entry).where(Entry.id == row.entry).values(number=head.number, hash=head.hash))


def _stored() -> Select[*tuple[Any, ...]]:
    """Entries as the database holds them, undecoded, so that no change of a stored byte goes unnoticed."""
    raw = (Entry.id, Entry.at, Entry.actor_id, Entry.actor_name, Entry.action, Entry.subject)
    more = (Entry.process_id, Entry.institution_id, Entry.details)
    columns = [type_coerce(column, String).label(f"raw_{column.key}") for column in raw + more]
    return select(Entry.id.label("entry"), Entry.number, Entry.hash, *columns)


def _hash(head: Head, row: Row[*tuple[Any, ...]]) -> bytes:
    content = [head.number + 1, *(_text(value) for value in row[3:])]
    return hashlib.sha256(head.hash + msgspec.json.encode(content)).digest()


def _text(value: object) -> str | None:
    """A stored value in the form SQLite stores it in, so that both databases chain alike."""
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, uuid.UUID):
        return value.hex
    return None if value is None else str(value)
