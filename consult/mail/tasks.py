"""Emptying the outbox. A mail is deleted once the server took it, so a stopped server or worker loses nothing."""

from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from consult.audit.service import record
from consult.core.sealing import UnsealError
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs.service import backoff
from consult.mail import smtp
from consult.mail.models import Message
from consult.mail.service import SEND, Opened, open_message

CLAIM = dt.timedelta(minutes=5)
"""How long a mail that a worker is sending is left alone by others."""
ATTEMPTS = 30
"""About a day."""
KEPT = dt.timedelta(days=30)
"""How long the address of a mail that cannot be delivered is kept."""


def send(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Send every mail that is due, one connection for all; without a mail server they are not written at all."""
    if not installation.settings.smtp_url:
        return
    with installation.database.reading() as session:
        due = session.scalars(
            select(Message.id).where(Message.state == "waiting", Message.send_at <= now).order_by(Message.send_at)
        ).all()
    if not due:
        return
    with smtp.connection(installation.settings.smtp_url) as server:
        for message_id in due:
            _send(installation, server, message_id, now)


def _send(installation: Installation, server: smtplib.SMTP, message_id: uuid.UUID, now: dt.datetime) -> None:
    message = _claim(installation.database, message_id, now)
    if message is None:
        return
    try:
        mail: Opened = open_message(installation.keys, message)
        server.send_message(smtp.composed(mail, installation.settings, now))
    except (UnsealError, ValueError, smtplib.SMTPNotSupportedError):  # the last: letters that the server has not, é@…
        _give_up(installation.database, message_id, now)
    except smtplib.SMTPSenderRefused:  # a matter of configuration, whatever the code: the mail waits for it
        _refused(installation.database, message, 451, now)
    except smtplib.SMTPResponseException as error:
        _refused(installation.database, message, error.smtp_code, now)
    except smtplib.SMTPRecipientsRefused as error:
        _refused(installation.database, message, max(code for code, _ in error.recipients.values()), now)
    else:
        with installation.database.transaction() as session:
            session.execute(delete(Message).where(Message.id == message_id))


def _claim(database: Database, message_id: uuid.UUID, now: dt.datetime) -> Message | None:
    """Take a mail so that no other worker sends it too; none where one has."""
    mine = (Message.id == message_id, Message.state == "waiting", Message.send_at <= now)
    with database.transaction() as session:
        claimed = session.execute(
            update(Message).where(*mine).values(send_at=now + CLAIM, attempts=Message.attempts + 1)
        )
        if cast(CursorResult[tuple[()]], claimed).rowcount == 0:
            return None
        return session.get(Message, message_id)


def _refused(database: Database, message: Message, code: int, now: dt.datetime) -> None:
    """Try again later after a temporary refusal (4xx), give up after a final one (5xx)."""
    if code >= 500 or message.attempts >= ATTEMPTS:
        _give_up(database, message.id, now)
        return
    with database.transaction() as session:
        session.execute(update(Message).where(Message.id == message.id).values(send_at=now + backoff(message.attempts)))


def _give_up(database: Database, message_id: uuid.UUID, now: dt.datetime) -> None:
    """Keep a mail that cannot be delivered without its text: links in it must not lie about."""
    with database.transaction() as session:
        session.execute(update(Message).where(Message.id == message_id).values(state="failed", body=b""))
        record(session, actor=None, action="mail.fail", subject=str(message_id), now=now)


def tidy(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete what could not be delivered, or was not sent, for so long that nobody misses it."""
    with installation.database.transaction() as session:
        session.execute(delete(Message).where(Message.send_at <= now - KEPT))


TASKS = {SEND: send, "mail.tidy": tidy}
EVERY = {SEND: dt.timedelta(minutes=1), "mail.tidy": dt.timedelta(days=1)}
