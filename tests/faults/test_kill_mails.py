"""kill −9 of a worker while it sends: nothing is lost, and what comes twice is the same mail."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
import multiprocessing
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select

from consult.config import Settings, load_keys
from consult.db.installation import open_installation
from consult.db.session import Database
from consult.jobs import worker
from consult.mail.models import Message
from consult.mail.service import Letter, post
from consult.mail.tasks import CLAIM, EVERY, TASKS
from tests.faults.serving import free_port

PEOPLE = ["ama@example.org", "bo@example.org", "cy@example.org"]


class Slow:
    """A mail server’s handler that keeps the first mail and never says so."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.took = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if not self.took.is_set():
            self.took.set()
            await asyncio.sleep(60)
        return "250 OK"


@pytest.fixture
def relay() -> Iterator[Controller]:
    controller = Controller(Slow(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def send(environ: Mapping[str, str], moment: dt.datetime) -> None:
    """What a worker does at a moment."""
    installation = open_installation(environ)
    with closing(installation.database):
        worker.run_due(installation, TASKS, EVERY, clock=lambda: moment)


def test_a_mail_that_the_server_took_before_the_kill_comes_twice_as_the_same(
    database: Database, relay: Controller, tmp_path: Path, now: dt.datetime
) -> None:
    environ = {
        "CONSULT_DATA": str(tmp_path),
        "CONSULT_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "CONSULT_SMTP_URL": f"smtp://127.0.0.1:{relay.port}",
        "CONSULT_MAIL_FROM": "consult@gov.example",
    }
    keys = load_keys(Settings(data=tmp_path).keys_file)
    with database.transaction() as session:
        for person in PEOPLE:
            post(session, keys, to=person, locale="en", letter=Letter("Your place", "x\n", "<p>x</p>"), now=now)
    process = multiprocessing.get_context("spawn").Process(target=send, args=(environ, now))
    process.start()
    assert relay.handler.took.wait(60)
    process.kill()
    process.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == len(PEOPLE)
    for later in (dt.timedelta(minutes=1), CLAIM):
        send(environ, now + later)
    mails = relay.handler.mails
    assert sorted({mail["To"] for mail in mails}) == PEOPLE
    assert len(mails) == len(PEOPLE) + 1
    assert mails[0]["Message-ID"] == mails[-1]["Message-ID"]
    assert len({mail["Message-ID"] for mail in mails}) == len(PEOPLE)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0
