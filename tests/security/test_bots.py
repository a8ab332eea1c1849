"""The bot measures look at addresses and moments: neither is in the database's files, in the logs or in pages."""

from __future__ import annotations

import datetime as dt
import json
import logging
from base64 import b64decode
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from consult.app import create_app
from consult.config import Keys, Settings
from consult.core import altcha
from consult.db.session import Database
from consult.participation.guard import Guard, range_of
from consult.participation.measures import decide
from consult.participation.models import Intake, SpentChallenge
from consult.processes.models import Activity
from tests.factories.responses import make_open
from tests.factories.solving import solve
from tests.factories.visitor import Form
from tests.responses.journey import channels, first, send, to

HERE = "203.0.113.77"
MOMENT = dt.datetime(2026, 3, 2, 10, 17, 43, tzinfo=dt.UTC)


@pytest.mark.parametrize("proxies", [0, 1])
def test_no_address_moment_or_challenge_is_kept(
    settings: Settings, keys: Keys, sqlite: Database, caplog: pytest.LogCaptureFixture, proxies: int
) -> None:
    object.__setattr__(settings, "proxies", proxies)
    with sqlite.transaction() as session:
        activity = make_open(session, "same_page", slug="survey")
        measures = Guard(seconds=4, hourly=2, counted=False, work=True)
        decide(session, session.get_one(Activity, activity.id), measures, by=None, now=MOMENT - dt.timedelta(hours=1))
    app, stamps, sent = create_app(settings, keys, sqlite), [], []
    caplog.set_level(logging.DEBUG)
    with time_machine.travel(MOMENT, tick=False) as clock:
        for _ in range(4):
            client = app.test_client()
            client.environ_base |= {"REMOTE_ADDR": HERE, "HTTP_X_ADDRESS_RANGE": "203.0.113.0"}
            to(first(client, works="no", thanks=""))
            stamps.append(client.get_cookie("begun-survey").value.partition(".")[0])
            clock.shift(dt.timedelta(seconds=7))
            page = client.get("/en/q/survey/check").text
            sent.append(json.loads(b64decode(Form(page).fields["altcha"][0])))
            page += send(client, "/submit").text
            assert to(send(client, "/submit", altcha=solve(page))) == "/receipt"
            page += client.get("/en/q/survey/receipt").text
            assert "203.0.113" not in page
    assert channels(sqlite) == {"open": 2, "suspect": 2}

    files = b"".join(path.read_bytes() for path in Path(settings.data).rglob("*") if path.is_file())
    pace = app.extensions["consult.pace"]
    traces = [HERE, "203.0.113", "10:17", "10:18", *stamps]
    traces += [str(int((MOMENT + altcha.LIFE).timestamp()))[:-3], *(one["salt"][:24] for one in sent)]
    for trace in traces:
        assert trace.encode() not in files, trace
        assert trace not in caplog.text, trace
    assert len(pace._counts) == 1  # the memory of the process: a hash under a key of the day
    for name in (*pace._counts, pace._key, range_of(HERE) * 2):
        assert name not in files


def test_a_spent_challenge_leads_to_no_response(settings: Settings, keys: Keys, database: Database) -> None:
    with database.transaction() as session:
        activity = make_open(session, "same_page", slug="survey")
        measures = Guard(seconds=0, hourly=0, counted=True, work=True)
        decide(session, session.get_one(Activity, activity.id), measures, by=None, now=MOMENT)
    app = create_app(settings, keys, database)
    with time_machine.travel(MOMENT, tick=False):
        for _ in range(3):
            client = app.test_client()
            to(first(client, works="no", thanks=""))
            to(send(client, "/submit", altcha=solve(client.get("/en/q/survey/check").text)))
    with database.reading() as session:
        spent = session.execute(select(SpentChallenge.__table__)).all()
        waiting = session.execute(select(Intake.__table__)).all()
    assert {tuple(row._mapping) for row in spent} == {("activity_id", "challenge", "day")}
    assert {row.day for row in spent} == {(MOMENT + altcha.LIFE).date()}, "the same for all who came on a day"
    common = {repr(value) for row in spent for value in row} & {repr(value) for row in waiting for value in row}
    assert common <= {repr(activity.id), repr(MOMENT.date())}
