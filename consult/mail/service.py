"""The outbox: mails are written in the transaction that wants them and sent by the worker."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.sealing import seal, unseal
from consult.db.sealed import Sealed
from consult.jobs.service import enqueue
from consult.mail.models import Message

SEND = "mail.send"
"""The task that empties the outbox."""


class Letter(msgspec.Struct, frozen=True):
    """What a mail says: a neutral subject, the same twice, as plain text and as HTML, and a calendar file or none."""

    subject: str
    text: str
    html: str
    calendar: str = ""
    """As `core.calendar` writes it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail of the outbox, unsealed."""

    id: uuid.UUID
    recipient: str
    letter: Letter


def post(
    session: Session,
    keys: Keys,
    *,
    to: str,
    locale: str,
    letter: Letter,
    now: dt.datetime,
    send_at: dt.datetime | None = None,
) -> None:
    """Put a mail into the outbox, to be sent now or later.

    Address and text are encrypted: they say who is known here, and carry links.
    """
    message = Message(id=uuid.uuid4(), locale=locale, subject=letter.subject, send_at=send_at or now)
    message.recipient = seal(keys.contact, to.encode(), _context("recipient", message.id))
    message.body = seal(keys.contact, msgspec.json.encode(letter), _context("body", message.id))
    session.add(message)
    session.flush()
    if message.send_at <= now:  # what is for later is found when its minute comes
        enqueue(session, SEND, {}, run_at=now, key=SEND)


def open_message(keys: Keys, message: Message) -> Opened:
    """What a mail of the outbox says, and to whom."""
    recipient = unseal(keys.contact, message.recipient, _context("recipient", message.id)).decode()
    body = unseal(keys.contact, message.body, _context("body", message.id))
    return Opened(message.id, recipient, msgspec.json.decode(body, type=Letter))


def _context(part: str, message_id: uuid.UUID) -> bytes:
    return f"mail.{part}:".encode() + message_id.bytes


SEALED: Final = tuple(
    Sealed(column, partial(_context, column.key), (Message.id,)) for column in (Message.recipient, Message.body)
)
