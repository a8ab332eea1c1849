"""Bots are set apart at the open link; nobody is refused, and nothing is kept of where anybody comes from."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.db.session import Database
from consult.participation.guard import FIELD, Guard
from consult.participation.measures import decide
from consult.participation.models import Intake
from consult.processes.models import Activity
from tests.responses.journey import Clock, channels, first, send, to
from tests.statements import noted

QUICK, PATIENT = dt.timedelta(seconds=1), dt.timedelta(seconds=4)
HERE, THERE = "203.0.113.77", "198.51.100.1"


def respond(app: Flask, address: str = HERE, **form: str) -> FlaskClient:
    """Answer at once and to the end, from an address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    assert to(first(client, works="no", thanks="", **form)) == "/check"
    assert to(send(client, "/submit")) == "/receipt"
    assert client.get("/en/q/survey/receipt").status_code == 200
    return client


def test_whoever_fills_in_what_nobody_sees_is_set_apart_and_thanked(
    app: Flask, client: FlaskClient, database: Database, opened_with
) -> None:
    opened_with()
    respond(app, **{FIELD: "https://buy.example"})
    respond(app, **{FIELD: ""})
    to(first(client, works="no", thanks=""))
    assert to(send(client, "/submit", **{FIELD: "x"})) == "/receipt"
    assert channels(database) == {"suspect": 2, "open": 1}


def test_whoever_is_quicker_than_a_person_is_set_apart(
    app: Flask, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(seconds=4)
    for waits in (QUICK, PATIENT):
        client = app.test_client()
        to(first(client, works="no", thanks=""))
        clock(waits)
        assert to(send(client, "/submit")) == "/receipt"
    assert channels(database) == {"suspect": 1, "open": 1}


def test_a_stamp_taken_from_another_draft_does_not_help(
    app: Flask, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(seconds=4)
    old, new = app.test_client(), app.test_client()
    to(first(old, works="no", thanks=""))
    clock(dt.timedelta(hours=1))
    to(first(new, works="no", thanks=""))
    stamp = old.get_cookie("begun-survey")
    assert stamp is not None
    new.set_cookie("begun-survey", stamp.value)
    to(send(new, "/submit"))
    assert channels(database) == {"suspect": 1}


def test_the_stamp_is_out_of_reach_of_scripts_and_goes_with_exit(client: FlaskClient, opened_with) -> None:
    opened_with(seconds=4)
    cookies = first(client, works="no", thanks="").headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["draft-survey", "begun-survey"]
    assert all(cookie.endswith("; HttpOnly; Path=/; SameSite=Lax") for cookie in cookies)
    client.get("/en/q/survey/exit")
    assert client.get_cookie("begun-survey") is None
    assert client.get_cookie("draft-survey") is None


def test_a_flood_is_set_apart_and_nobody_behind_the_address_is_refused(
    app: Flask, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(hourly=3)
    for last in range(6):
        respond(app, f"203.0.113.{last + 1}")
    respond(app, THERE)
    assert channels(database) == {"open": 4, "suspect": 3}
    clock(dt.timedelta(hours=1))
    respond(app)
    assert channels(database) == {"open": 5, "suspect": 3}


def test_behind_a_proxy_the_range_is_what_the_proxy_says(app: Flask, database: Database, opened_with, settings) -> None:
    opened_with(hourly=1)
    object.__setattr__(settings, "proxies", 1)  # read at every request
    for says in ("203.0.113.0", "203.0.113.0", "198.51.100.0", "", ""):
        client = app.test_client()
        client.environ_base |= {"REMOTE_ADDR": HERE, "HTTP_X_ADDRESS_RANGE": says}
        to(first(client, works="no", thanks=""))
        to(send(client, "/submit"))
    assert channels(database) == {"open": 4, "suspect": 1}


def test_a_correction_stays_on_its_channel_and_counts_for_nothing(app: Flask, database: Database, opened_with) -> None:
    opened_with(hourly=1)
    client = respond(app)
    for _ in range(3):
        assert to(send(client, "/correct")) == "/check"
        assert to(send(client, "/submit", **{FIELD: "x"})) == "/receipt"
    assert channels(database) == {"open": 1}
    assert to(send(respond(app), "/correct")) == "/check"
    assert channels(database) == {"open": 1}, "the other one is set apart, and a draft now"


def test_measures_cost_no_statement(app: Flask, database: Database, opened_with, now: dt.datetime) -> None:
    activity = opened_with()

    def statements() -> int:
        respond(app)  # warm
        with noted(database) as said:
            respond(app)
        return len(said)

    without = statements()
    with database.transaction() as session:
        decide(session, session.get_one(Activity, activity.id), Guard(4, 100, False), by=None, now=now)
    app.extensions["consult.responses"]._entries.clear()  # the clock stands still
    assert statements() == without


def test_nothing_of_address_range_or_moment_is_stored(
    app: Flask, database: Database, opened_with, caplog: pytest.LogCaptureFixture
) -> None:
    opened_with(seconds=4, hourly=1)
    for _ in range(3):
        respond(app)
    with database.reading() as session:
        rows = str(session.execute(select(Intake.__table__)).all())
    for trace in ("203.0.113", HERE, repr(bytes([203, 0, 113]))[2:-1], "10:00", "begun"):
        assert trace not in rows
        assert trace not in caplog.text
