"""Speaking to the mail server."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from consult.config import Settings
from consult.core.calendar import method_of
from consult.mail.service import Opened

TIMEOUT = 20
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@contextmanager
def connection(smtp_url: str) -> Iterator[smtplib.SMTP]:
    """A session with the server of `smtp://user:password@host:port` or `smtps://…`.

    TLS is used wherever the server offers it; without TLS credentials go to this very machine only.
    """
    address = urlsplit(smtp_url)
    host = address.hostname or "localhost"
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT, context=context)
        if address.scheme == "smtps"
        else smtplib.SMTP(host, address.port or 25, timeout=TIMEOUT)
    )
    with server:
        server.ehlo()
        secure = address.scheme == "smtps"
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
            secure = True
        if address.username:
            if not secure and host not in _LOOPBACK:
                raise smtplib.SMTPNotSupportedError("credentials are not sent without TLS")
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server


def composed(mail: Opened, settings: Settings, now: dt.datetime) -> EmailMessage:
    """The mail as it goes over the wire.

    It has the same Message-ID whenever it is sent: a server that took it before, or the reader's program, can tell.
    Raises ValueError where a header would carry a line break, or the address is not exactly one.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = mail.recipient
    if [one.addr_spec for one in message["To"].addresses] != [mail.recipient]:
        raise ValueError("a mail goes to one address")
    message["Subject"] = mail.letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id.hex}@{parseaddr(settings.mail_from)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.letter.text)
    message.add_alternative(mail.letter.html, subtype="html")
    if mail.letter.calendar:
        _enclose(message, mail.letter.calendar)
    return message


def _enclose(message: EmailMessage, calendar: str) -> None:
    """A calendar file twice, as programs look for it: among the alternatives ([MS-STANOICAL] V0343) and as a file.

    In base64, so that no server on the way touches its line ends.
    """
    about = {"method": method_of(calendar)}
    message.add_alternative(calendar, subtype="calendar", params=about, cte="base64")
    message.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")
