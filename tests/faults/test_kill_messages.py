"""kill −9 of a worker while it writes to people who signed up: everybody is written to, and nobody twice."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from consult.app import create_app
from consult.config import Settings, load_keys
from consult.db.installation import open_installation
from consult.db.session import Database
from consult.events import vault, writing
from consult.events.models.signed import SignUp
from consult.events.vault import Person
from consult.mail.models import Message
from consult.mail.service import open_message
from tests.factories.events import make_event, make_occasion, make_sign_up

PEOPLE = writing.AT_ONCE + 50


def write(environ: Mapping[str, str], now: dt.datetime) -> None:
    """What a worker does at a moment."""
    installation = open_installation(environ)
    app = create_app(installation.settings, installation.keys, installation.database)
    with closing(installation.database), app.app_context():
        writing.write(installation, {}, now)


def counts(database: Database) -> tuple[int, int]:
    """How many people were told, and how many mails there are."""
    with database.reading() as session:
        told = session.scalar(select(func.count()).select_from(SignUp).where(SignUp.told != ""))
        return told or 0, session.scalar(select(func.count()).select_from(Message)) or 0


def test_a_mail_and_that_it_was_written_are_one(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    environ = {
        "CONSULT_DATA": str(tmp_path),
        "CONSULT_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "CONSULT_SMTP_URL": "smtp://127.0.0.1:1",
    }
    keys = load_keys(Settings(data=tmp_path).keys_file)
    with database.transaction() as session:
        occasion = make_occasion(session, make_event(session), capacity=PEOPLE, taken=PEOPLE)
        for number in range(PEOPLE):
            seat = make_sign_up(session, occasion, standing="placed")
            person = Person(name="", address=f"p{number}@example.org")
            vault.keep(session, keys, occasion.activity_id, seat.code, person)
    process = multiprocessing.get_context("spawn").Process(target=write, args=(environ, now))
    process.start()
    while process.is_alive() and not counts(database)[1]:
        time.sleep(0.01)
    process.kill()
    process.join()
    told, mails = counts(database)
    assert 0 < told == mails
    write(environ, now + dt.timedelta(minutes=1))
    with database.reading() as session:
        reached = sorted(open_message(keys, message).recipient for message in session.scalars(select(Message)))
    assert reached == sorted(f"p{number}@example.org" for number in range(PEOPLE))
