"""Forgotten passwords: a link by mail for those who have an account, and the same answer for everybody."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from consult.accounts.models import Link, User
from consult.accounts.service import links
from consult.accounts.tasks import EVERY, TASKS
from consult.app import create_app
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import worker
from consult.mail.models import Message
from consult.mail.service import Opened, open_message
from tests.factories.accounts import token


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings, smtp_url="smtp://127.0.0.1:1", base_url="https://consult.example", trusted_hosts=("localhost",)
    )


@pytest.fixture
def app(settings: Settings, keys: Keys, database: Database) -> Flask:
    application = create_app(settings, keys, database)
    application.config.update(TESTING=True, SESSION_COOKIE_SECURE=False)
    return application


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


def ask(client: FlaskClient, email: str) -> str:
    page = client.post("/en/staff/forgotten", data={"csrf_token": token(client), "email": email})
    assert page.status_code == 200
    return page.text


def run(app: Flask, installation: Installation, now: dt.datetime) -> None:
    with app.app_context():
        worker.run_due(installation, TASKS, EVERY, clock=lambda: now)


def mails(installation: Installation) -> list[Opened]:
    with installation.database.reading() as session:
        return [open_message(installation.keys, message) for message in session.scalars(select(Message))]


@pytest.mark.usefixtures("clock")
def test_the_answer_is_the_same_for_everybody_and_so_is_the_work(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, now: dt.datetime
) -> None:
    assert ask(client, officer.email) == ask(client, "nobody@example.org")
    with installation.database.reading() as session:
        jobs = session.execute(text("SELECT kind, length(payload), state FROM jobs ORDER BY 2")).all()
        stored = repr(session.execute(text("SELECT * FROM jobs")).all())
    assert [job[0] for job in jobs] == ["accounts.reset"] * 2
    assert "example.org" not in stored
    run(app, installation, now)
    assert [mail.recipient for mail in mails(installation)] == [officer.email]


@pytest.mark.usefixtures("clock")
def test_the_link_names_the_installation_whatever_the_request_says(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, now: dt.datetime
) -> None:
    data = {"csrf_token": token(client), "email": officer.email}
    evil = client.post("/en/staff/forgotten", data=data, headers={"Host": "evil.example"})
    assert evil.status_code == 400
    client.post("/en/staff/forgotten", data=data, headers={"X-Forwarded-Host": "evil.example"})
    run(app, installation, now)
    [mail] = mails(installation)
    assert re.findall(r"https?://[^/]+/", mail.letter.text + mail.letter.html) == ["https://consult.example/"] * 3


@pytest.mark.usefixtures("clock")
def test_a_reset_link_works_once(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, now: dt.datetime
) -> None:
    ask(client, officer.email)
    run(app, installation, now)
    path = re.search(r"https://consult\.example(\S+)", mails(installation)[0].letter.text)[1]
    for status in (302, 410):
        client.get(path)
        data = {"csrf_token": token(client), "password": "seven brass monkeys"}
        assert client.post("/en/staff/password", data=data).status_code == status


def test_nobody_gets_many_mails(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, clock: time_machine.Traveller,
    now: dt.datetime,
) -> None:  # fmt: skip
    for _ in range(3):
        for _ in range(3):
            ask(client, officer.email)
        run(app, installation, now)
    assert len(mails(installation)) == 1
    clock.shift(dt.timedelta(minutes=6))
    ask(client, officer.email)
    run(app, installation, now + dt.timedelta(minutes=6))
    assert len(mails(installation)) == 2


@pytest.mark.usefixtures("clock")
def test_disabled_people_get_none(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, now: dt.datetime
) -> None:
    with installation.database.transaction() as session:
        session.get_one(User, officer.id).disabled_at = now
    ask(client, officer.email)
    run(app, installation, now)
    assert mails(installation) == []


@pytest.mark.usefixtures("clock")
def test_the_mail_is_in_the_persons_language(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, now: dt.datetime
) -> None:
    with installation.database.transaction() as session:
        session.get_one(User, officer.id).locale = "ar"
    ask(client, officer.email)
    run(app, installation, now)
    [mail] = mails(installation)
    assert 'lang="ar" dir="rtl"' in mail.letter.html and "/ar/staff/link/" in mail.letter.text


@pytest.mark.usefixtures("clock")
def test_without_a_mail_server_asking_ends_no_link_that_was_passed_on(
    app: Flask, client: FlaskClient, installation: Installation, officer: User, now: dt.datetime
) -> None:
    with installation.database.transaction() as session:
        links.make(session, installation.keys, session.get_one(User, officer.id), "passed on", by=None, now=now)
    ask(client, officer.email)
    run(app, replace(installation, settings=replace(installation.settings, smtp_url="")), now + dt.timedelta(minutes=9))
    assert mails(installation) == []
    with installation.database.reading() as session:
        assert links.find(session, installation.keys, "passed on", now=now + dt.timedelta(minutes=9)) is not None


def test_what_has_run_out_is_tidied_away(
    app: Flask, installation: Installation, officer: User, now: dt.datetime
) -> None:
    with installation.database.transaction() as session:
        session.add(Link(token=b"l" * 32, user_id=officer.id, purpose="reset", expires_at=now))
    run(app, installation, now)
    with installation.database.reading() as session:
        assert session.scalars(select(Link)).all() == []
