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
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec.structs import replace as replaced
from sqlalchemy import select, text

from consult.config import Keys, Settings
from consult.core.calendar import Appointment, file_of
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import worker
from consult.mail import smtp
from consult.mail.models import Message
from consult.mail.service import Letter, open_message, post
from consult.mail.tasks import EVERY, TASKS

LETTER = Letter("Your account", "Set it here: https://x/secret-token\n", "<p>Set it here: secret-token</p>")


class Inbox:
    """A mail server's handler that keeps what it takes, or answers with a fixed refusal."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients += envelope.rcpt_tos
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


def write(
    installation: Installation,
    now: dt.datetime,
    to: str = "ama@example.org",
    letter: Letter = LETTER,
    locale: str = "en",
) -> None:
    with installation.database.transaction() as session:
        post(session, installation.keys, to=to, locale=locale, letter=letter, now=now)


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
    write(installation, now, letter=letter, locale="ar")
    run(installation, now)
    assert inbox.mails[0]["Subject"] == letter.subject
    assert inbox.mails[0].get_body(("plain",)).get_content().strip() == "مرحبا"


def test_neither_address_nor_text_stands_in_the_database(installation: Installation, now: dt.datetime) -> None:
    write(installation, now)
    with installation.database.reading() as session:
        stored = repr(session.execute(text("SELECT * FROM outbox")).all())
        stored += repr(session.execute(text("SELECT * FROM jobs")).all())
    assert "ama@" not in stored and "secret-token" not in stored


def test_a_server_that_is_away_for_half_an_hour_delays_and_loses_nothing(
    installation: Installation, inbox: Inbox, relay: Controller, now: dt.datetime
) -> None:
    port, minute = relay.port, dt.timedelta(minutes=1)
    relay.stop()
    for minutes in range(0, 30, 3):
        if minutes % 9 == 0:
            write(installation, now + minutes * minute, f"p{minutes}@example.org")
        run(installation, now + minutes * minute)
    assert len(outbox(installation)) == 4
    again = Controller(inbox, hostname="127.0.0.1", port=port)
    again.start()
    try:
        run(installation, now + 30 * minute)
    finally:
        again.stop()
    assert [mail["To"] for mail in inbox.mails] == [f"p{minutes}@example.org" for minutes in (0, 9, 18, 27)]
    assert outbox(installation) == []


def test_a_mail_for_later_waits_and_holds_up_no_other(
    installation: Installation, inbox: Inbox, now: dt.datetime
) -> None:
    day = dt.timedelta(days=1)
    with installation.database.transaction() as session:
        reminder = Letter("Tomorrow", "x\n", "<p>x</p>")
        keys = installation.keys
        post(session, keys, to="a@example.org", locale="en", letter=reminder, now=now, send_at=now + day)
    write(installation, now)
    run(installation, now)
    run(installation, now + day - dt.timedelta(minutes=1))
    assert [mail["Subject"] for mail in inbox.mails] == ["Your account"]
    run(installation, now + day)
    assert [mail["Subject"] for mail in inbox.mails] == ["Your account", "Tomorrow"]


def test_a_calendar_file_comes_where_programs_look_for_it(
    installation: Installation, inbox: Inbox, now: dt.datetime
) -> None:
    hour = dt.timedelta(hours=1)
    meeting = Appointment("1@x", 0, now + hour, now + 2 * hour, "Europe/Rome", "لقاء\r\nMETHOD:REQUEST", now)
    for cancelled in (False, True):
        file = file_of(replace(meeting, cancelled=cancelled))
        write(installation, now, letter=replaced(LETTER, calendar=file.decode()))
        run(installation, now)
        mail = inbox.mails.pop()
        assert mail.get_content_type() == "multipart/mixed"
        shown, attached = mail.iter_parts()
        assert [part.get_content_type() for part in shown.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
        calendar = list(shown.iter_parts())[2]
        assert calendar.get_param("method") == ("CANCEL" if cancelled else "PUBLISH")
        assert calendar.get_payload(decode=True) == attached.get_content() == file
        assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")


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


HOSTILE: dict[str, dict[str, Any]] = {
    "a subject with a header": {"letter": Letter("Hello\r\nBcc: x@evil.example", "x\n", "<p>x</p>")},
    "a subject with a body": {"letter": Letter("Hello\n\nClick here", "x\n", "<p>x</p>")},
    "an address with a header": {"to": "a@example.org\r\nBcc: x@evil.example"},
    "an address with a body": {"to": "a@example.org\r\n\r\nClick here"},
    "an address with a null": {"to": "a\0@example.org\nX: y"},
    "two addresses": {"to": "a@example.org, x@evil.example"},
    "an address named as another": {"to": "x@evil.example <a@example.org>"},
    "no address": {"to": ""},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_mail_that_would_say_more_is_given_up_and_holds_up_no_other(
    installation: Installation, inbox: Inbox, now: dt.datetime, case: str
) -> None:
    write(installation, now, **HOSTILE[case])
    write(installation, now)
    run(installation, now)
    assert [(mail["Subject"], mail["To"]) for mail in inbox.mails] == [("Your account", "ama@example.org")]
    assert inbox.recipients == ["ama@example.org"]
    assert [(message.state, message.body) for message in outbox(installation)] == [("failed", b"")]


def test_what_is_no_header_cannot_become_one(installation: Installation, inbox: Inbox, now: dt.datetime) -> None:
    write(installation, now)
    text = "x\n\nBcc: x@evil.example\n.\nRCPT TO:<x@evil.example>\n"
    write(installation, now, letter=Letter("Your account", text, text), locale="en\r\nBcc: x@e.org")
    run(installation, now)
    usual, hostile = inbox.mails
    assert hostile.keys() == usual.keys()
    assert hostile.get_body(("plain",)).get_content().splitlines() == text.splitlines()
    assert inbox.recipients == ["ama@example.org"] * 2


def test_an_address_that_the_server_cannot_write_is_given_up(
    installation: Installation, inbox: Inbox, relay: Controller, now: dt.datetime
) -> None:
    relay.SMTP_kwargs["enable_SMTPUTF8"] = False
    write(installation, now, "zoé@example.org")
    write(installation, now)
    run(installation, now)
    assert inbox.recipients == ["ama@example.org"]
    assert [message.state for message in outbox(installation)] == ["failed"]


def test_every_attempt_has_the_same_message_id(installation: Installation, now: dt.datetime) -> None:
    write(installation, now)
    write(installation, now)
    named = replace(installation.settings, mail_from="Consultations <consult@gov.example>")
    one, other = (open_message(installation.keys, message) for message in outbox(installation))
    first, again, second = (
        smtp.composed(mail, named, now + dt.timedelta(hours=hours))["Message-ID"]
        for hours, mail in enumerate((one, one, other))
    )
    assert first == again != second
    assert first.endswith("@gov.example>")


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
