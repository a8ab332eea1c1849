"""Promises on bytes: what is erased is in no file of the installation, and the ledger tells nothing about persons."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.app import create_app
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import codes
from consult.participation import service as participation
from consult.participation.models import Intake
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from consult.responses import tasks
from tests.factories.interviews import make_interviewer
from tests.factories.responses import OPENED, digest, make_coming, make_open, make_submission
from tests.factories.retention import CLOSES, DAY, DUE, Worker, make_sealed, store

WORDS = re.compile(rb"word-[0-9]{4}")


def written(folder: Path) -> bytes:
    """Every byte below a folder; names too."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join([path.name.encode() + b"\n" + path.read_bytes() for path in found])


@pytest.fixture
def installation(settings: Settings, keys: Keys, sqlite: Database) -> Installation:
    return Installation(settings, keys, sqlite)


def test_what_was_erased_is_in_no_file(installation: Installation, now: dt.datetime) -> None:
    folder = installation.settings.data
    make_sealed(installation, now, 300)
    assert len(set(WORDS.findall(written(folder)))) == 300
    Worker(installation).days(DUE - 14 * DAY, DUE)
    assert WORDS.findall(written(folder)) == [], "SQLite overwrites deleted bytes, and its log is emptied"


def test_drafts_that_were_left_are_in_no_file(installation: Installation, now: dt.datetime) -> None:
    with installation.database.transaction() as session:
        activity = make_open(session, "types", closes_at=CLOSES + 1000 * DAY)
        for number in range(50):
            draft = make_coming({"words": f"word-{number:04}"})
            participation.begin(session, activity.id, bytes([number]) * 32, draft, now=now)
    Worker(installation).run(now + 91 * DAY)
    assert WORDS.findall(written(installation.settings.data)) == []


def test_what_was_withdrawn_is_in_no_file_but_for_the_hmac_of_its_code(
    settings: Settings, keys: Keys, sqlite: Database, now: dt.datetime
) -> None:
    """Withdrawn in the browser, after mixing and after the column store has taken it in."""
    installation = Installation(settings, keys, sqlite)
    with sqlite.transaction() as session:
        activity = make_open(session, "types", slug="survey", threshold=1, opens_at=OPENED)
        code = make_submission(session, activity, {"words": "word-9999"}, now=now)
        for number in range(12):
            make_submission(session, activity, {"words": f"word-{number:04}"}, now=now)
    tasks.mix(installation, {}, now)
    store(installation, activity)
    browser = create_app(settings, keys, sqlite).test_client()
    browser.set_cookie("draft-survey", code)
    assert browser.post("/en/q/survey/withdraw").status_code == 200
    store(installation, activity)
    sqlite.scrub()
    everything = written(settings.data)
    assert b"word-9999" not in everything
    assert b"word-0003" in everything
    assert code.encode() not in everything
    assert digest(activity.id, code) not in everything.replace(settings.ledger.read_bytes(), b"")
    (line,) = Ledger(settings.ledger).lines()
    assert (line.activity, line.code) == (activity.id, digest(activity.id, code).hex())
    assert settings.ledger.read_text().count(":") == 4, "day, activity, kind and code, and no time"


def test_without_a_ledger_nobody_is_told_that_it_is_gone(
    app: Flask, client: FlaskClient, settings: Settings, database: Database
) -> None:
    """The disk is full: the answers are still there, and the page says that nothing was stored."""
    with database.transaction() as session:
        activity = make_open(session, "types", slug="survey")
        code = make_submission(session, activity, now=dt.datetime.now(dt.UTC))
    settings.ledger.mkdir()
    client.set_cookie("draft-survey", code)
    assert client.post("/en/q/survey/withdraw").status_code == 503
    with database.reading() as session:
        assert len(session.scalars(select(Intake.code)).all()) == 1


def test_a_code_that_was_never_given_out_writes_nothing(
    client: FlaskClient, settings: Settings, database: Database
) -> None:
    with database.transaction() as session:
        make_open(session, "types", slug="survey")
    client.set_cookie("draft-survey", codes.spell(b"x" * 16))
    assert client.post("/en/q/survey/withdraw").status_code == 404
    assert not settings.ledger.exists()


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_discarded_interview_is_noted_with_no_day_that_tells_by_whom(
    client: FlaskClient, settings: Settings, database: Database, now: dt.datetime, state: str
) -> None:
    """The audit trail says on which days interviewers signed in: the ledger has the day of the opening."""
    with database.transaction() as session:
        activity = make_open(session, "types", slug="survey")
        make_interviewer(session, activity)
        code = codes.spell(b"y" * 16)
        coming = make_coming(channel="assisted", state=state)
        participation.begin(session, activity.id, digest(activity.id, code), coming, now=now)
    client.set_cookie("interview-survey", code)
    mark = hashlib.sha256(b"interview\0" + code.encode()).hexdigest()[:16]
    client.post(f"/en/q/survey/interview/discard?of={mark}")
    lines = list(Ledger(settings.ledger).lines())
    assert [line.day for line in lines] == ([OPENED.date()] if state == "draft" else [])
    with database.reading() as session:
        assert len(session.scalars(select(Intake.code)).all()) == (0 if state == "draft" else 1)
        assert session.get_one(Activity, activity.id)
