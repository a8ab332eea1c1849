"""Mails leave once the server took them, say little, and are never lost."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, text

from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import worker
from consult.mail import smtp
from consult.mail.models import Message
from consult.mail.service import Letter, Opened, open_message, post
from consult.mail.tasks import EVERY, TASKS

LETTER = Letter("Your account", "Set it here: https://x/secret-token\n", "<p>Set it here: secret-token</p>")


class Inbox:
    """A mail server's handler that keeps what it takes, or answers with a fixed refusal."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def relay(inbox: Inbox) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    if controller.server is not None:
        controller.stop()


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database, relay: Controller) -> Installation:
    port = relay.port
    changed = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="consult@gov.example")
    return Installation(changed, keys, database)


def write(installation: Installation, now: dt.datetime, to: str = "ama@example.org") -> None:
    with installation.database.transaction() as session:
        post(session, installation.keys, to=to, locale="en", letter=LETTER, now=now)


def run(installation: Installation, now: dt.datetime) -> None:
    worker.run_due(installation, TASKS, EVERY, clock=lambda: now)


def outbox(installation: Installation) -> list[Message]:
    with installation.database.reading() as session:
        return list(session.scalars(select(Message)))


def test_a_mail_is_sent_in_both_forms_and_forgotten(installation: Installation, inbox: Inbox, now: dt.datetime) -> None:
    write(installation, now)
    run(installation, now)
    [mail] = inbox.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == ("ama@example.org", "consult@gov.example", "Your account")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "secret-token" in mail.get_body(("plain",)).get_content()
    assert outbox(installation) == []
    run(installation, now + dt.timedelta(hours=1))
    assert len(inbox.mails) == 1


def test_letters_of_every_script_arrive_whole(installation: Installation, inbox: Inbox, now: dt.datetime) -> None:
    letter = Letter("حسابك – Учётная запись", "مرحبا\n", "<p>مرحبا</p>")
    with installation.database.transaction() as session:
        post(session, installation.keys, to="a@example.org", locale="ar", letter=letter, now=now)
    run(installation, now)
    assert inbox.mails[0]["Subject"] == letter.subject
    assert inbox.mails[0].get_body(("plain",)).get_content().strip() == "مرحبا"


def test_neither_address_nor_text_stands_in_the_database(installation: Installation, now: dt.datetime) -> None:
    write(installation, now)
    with installation.database.reading() as session:
        stored = repr(session.execute(text("SELECT * FROM outbox")).all())
        stored += repr(session.execute(text("SELECT * FROM jobs")).all())
    assert "ama@" not in stored and "secret-token" not in stored


def test_a_stopped_server_loses_nothing(
    installation: Installation, inbox: Inbox, relay: Controller, now: dt.datetime
) -> None:
    for number in range(3):
        write(installation, now, f"p{number}@example.org")
    port = relay.port
    relay.stop()
    run(installation, now)
    assert len(outbox(installation)) == 3
    again = Controller(inbox, hostname="127.0.0.1", port=port)
    again.start()
    try:
        run(installation, now + dt.timedelta(minutes=2))
    finally:
        again.stop()
    assert len(inbox.mails) == 3 and outbox(installation) == []


def test_a_temporary_refusal_is_tried_again_later(installation: Installation, inbox: Inbox, now: dt.datetime) -> None:
    write(installation, now)
    inbox.refusal = "451 greylisted"
    run(installation, now)
    [message] = outbox(installation)
    assert message.state == "waiting" and message.send_at > now
    inbox.refusal = ""
    run(installation, now + dt.timedelta(minutes=2))
    assert len(inbox.mails) == 1


def test_a_final_refusal_is_kept_without_its_links_and_noted(
    installation: Installation, inbox: Inbox, now: dt.datetime
) -> None:
    write(installation, now)
    inbox.refusal = "550 no such user"
    run(installation, now)
    [message] = outbox(installation)
    assert (message.state, message.body) == ("failed", b"")
    with installation.database.reading() as session:
        assert session.execute(text("SELECT action FROM audit_entries")).scalars().all() == ["mail.fail"]


def test_one_mail_that_is_refused_holds_up_no_other(installation: Installation, inbox: Inbox, now: dt.datetime) -> None:
    with installation.database.transaction() as session:
        bad = Letter("Subject\nBcc: everybody@example.org", "x\n", "<p>x</p>")
        post(session, installation.keys, to="a@example.org", locale="en", letter=bad, now=now)
    write(installation, now)
    run(installation, now)
    assert [mail["Subject"] for mail in inbox.mails] == ["Your account"]
    assert [message.state for message in outbox(installation)] == ["failed"]


@pytest.mark.parametrize(
    "to", ["a@example.org\nBcc: b@example.org", "a@example.org\r\n\r\nbody", "a\0@example.org\nX: y"]
)
def test_line_breaks_never_become_headers(settings: Settings, now: dt.datetime, to: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        smtp.composed(Opened(to, LETTER), settings, now)


def test_a_mail_that_another_worker_sends_is_left_alone(
    installation: Installation, inbox: Inbox, now: dt.datetime
) -> None:
    write(installation, now)
    with installation.database.transaction() as session:
        session.execute(text("UPDATE outbox SET attempts = 1"))
        for message in session.scalars(select(Message)):
            message.send_at = now + dt.timedelta(minutes=5)  # claimed
    run(installation, now)
    assert inbox.mails == []
    run(installation, now + dt.timedelta(minutes=6))  # that worker died
    assert len(inbox.mails) == 1


def test_without_a_mail_server_mails_wait(installation: Installation, now: dt.datetime) -> None:
    write(installation, now)
    silent = Installation(replace(installation.settings, smtp_url=""), installation.keys, installation.database)
    run(silent, now)
    assert len(outbox(installation)) == 1


def test_a_sealed_mail_opens_only_as_itself(installation: Installation, now: dt.datetime) -> None:
    write(installation, now)
    write(installation, now, "b@example.org")
    one, other = outbox(installation)
    one.recipient = other.recipient
    with pytest.raises(ValueError, match="damaged"):
        open_message(installation.keys, one)


def test_credentials_do_not_cross_a_network_in_the_clear(relay: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    port = relay.port
    monkeypatch.setattr(smtp, "_LOOPBACK", frozenset())
    with pytest.raises(smtplib.SMTPNotSupportedError), smtp.connection(f"smtp://user:word@127.0.0.1:{port}"):
        pass
