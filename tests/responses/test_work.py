"""Where officers ask for it, sending costs some computing, or half a minute; nobody is refused for want of a script."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consult.core import altcha
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import guard, tasks
from consult.participation.models import SpentChallenge
from consult.processes.models import Activity
from tests.factories.accounts import sign_in
from tests.factories.device import Device
from tests.factories.interviews import begin_interview, make_interviewer
from tests.factories.solving import solve
from tests.factories.visitor import Form
from tests.responses.journey import Clock, channels, first, send, to, visible

HALF_A_MINUTE = dt.timedelta(seconds=guard.WAIT)
YET = "Your answers are not sent yet"


def check(client: FlaskClient, address: str = "203.0.113.77") -> str:
    """Answer everything; the page on which answers are read over."""
    client.environ_base["REMOTE_ADDR"] = address
    assert to(first(client, works="no", thanks="")) == "/check"
    return client.get("/en/q/survey/check").text


def submit(client: FlaskClient, solution: str = "") -> TestResponse:
    return send(client, "/submit", altcha=solution)


def spent(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(SpentChallenge)) or 0


def test_with_a_script_one_sends_at_once_and_the_challenge_is_spent(
    client: FlaskClient, database: Database, opened_with
) -> None:
    opened_with(work=True)
    solution = solve(check(client))
    assert to(submit(client, solution)) == "/receipt"
    assert to(submit(client, solution)) == "/receipt", "sent twice, it is there once"
    assert channels(database) == {"open": 1}
    assert spent(database) == 1


def test_without_a_script_one_sends_after_half_a_minute_and_loses_nothing(
    client: FlaskClient, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(work=True)
    assert YET not in check(client)
    early = submit(client)
    assert early.status_code == 422
    assert YET in visible(early)
    assert "Wait half a minute, then send your answers once more." in visible(early)
    assert Form(early.text).action == "/en/q/survey/submit"
    assert channels(database) == {}
    clock(HALF_A_MINUTE)
    assert to(submit(client)) == "/receipt"
    assert channels(database) == {"open": 1}
    assert spent(database) == 0


def test_whoever_takes_their_time_without_a_script_notices_nothing(
    client: FlaskClient, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(work=True)
    check(client)
    clock(HALF_A_MINUTE)
    assert to(submit(client, Form(client.get("/en/q/survey/check").text).fields["altcha"][0])) == "/receipt"
    assert channels(database) == {"open": 1}


def test_a_challenge_serves_once_in_its_activity_and_time(
    app: Flask, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(work=True)
    solution = solve(check(one := app.test_client()))
    assert to(submit(one, solution)) == "/receipt"
    check(other := app.test_client())
    for worthless in (solution, f"{solution[:-4]}AAAA", "x" * 5_000, ""):
        assert submit(other, worthless).status_code == 422
    late = solve(check(third := app.test_client()))
    clock(altcha.LIFE)
    check(third)  # the draft is there already, and old enough by now
    assert to(submit(third, late)) == "/receipt"
    assert channels(database) == {"open": 2}
    assert spent(database) == 1, "what came late was taken for the time it took"


def test_fifty_at_once_with_one_solution_give_one_response(app: Flask, database: Database, opened_with) -> None:
    opened_with(work=True)
    clients = [app.test_client() for _ in range(12)]
    pages = [check(client) for client in clients]
    solution = solve(pages[0])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: submit(clients[number % 12], solution).status_code, range(50)))
    assert channels(database) == {"open": 1}
    assert set(answers) <= {303, 422}
    assert spent(database) == 1


def test_those_who_compute_nothing_pass_at_a_slower_pace_and_hinder_nobody(
    app: Flask, database: Database, opened_with, clock: Clock
) -> None:
    opened_with(work=True, hourly=20)
    waiting = [app.test_client() for _ in range(4)]
    for client in waiting:
        check(client)
    clock(HALF_A_MINUTE)
    for client in waiting:
        assert to(submit(client)) == "/receipt"
    assert channels(database) == {"open": 2, "suspect": 2}
    for _ in range(3):
        client = app.test_client()
        assert to(submit(client, solve(check(client)))) == "/receipt"
    assert channels(database) == {"open": 5, "suspect": 2}


def test_corrections_cost_nothing(client: FlaskClient, database: Database, opened_with, clock: Clock) -> None:
    opened_with(work=True)
    to(submit(client, solve(check(client))))
    to(send(client, "/correct"))
    assert "altcha" not in Form(client.get("/en/q/survey/check").text).fields
    assert to(submit(client)) == "/receipt"


def test_interviewers_and_devices_without_a_network_are_not_hindered(
    app: Flask, client: FlaskClient, database: Database, opened_with, now: dt.datetime
) -> None:
    activity = opened_with(work=True, seconds=600)
    with database.transaction() as session:
        person = make_interviewer(session, session.get_one(Activity, activity.id))
    sign_in(client, person, now=now)
    page = client.get(f"/en/q/survey{to(begin_interview(client))}").text
    client.post(Form(page).action, data={**Form(page).fields, "works": "no", "thanks": ""})
    page = client.get("/en/q/survey/interview/check").text
    assert "altcha" not in page
    assert "work.js" not in page
    assert to(client.post(Form(page).action, data=Form(page).fields)) == "/interview/receipt"
    device = Device(app.test_client())
    assert device.send(device.seal({"works": ["", "no"], "thanks": ""})).status_code == 303
    assert channels(database) == {"assisted": 1, "open": 1}


def test_spent_challenges_go_on_the_day_after_they_expire(
    client: FlaskClient, database: Database, opened_with, settings, keys, now: dt.datetime
) -> None:
    opened_with(work=True)
    submit(client, solve(check(client)))
    expires = now + altcha.LIFE
    for moment, left in ((expires, 1), (expires + dt.timedelta(days=1), 0)):
        tasks.forget(Installation(settings, keys, database), {}, moment)
        assert spent(database) == left


@pytest.mark.parametrize("work", [False, True])
def test_scripts_and_challenges_are_there_only_where_they_are_wanted(
    client: FlaskClient, opened_with, work: bool
) -> None:
    opened_with(work=work)
    assert "work.js" not in client.get("/en/q/survey").text
    page = check(client)
    assert ("work.js" in page) is work
    assert ("altcha" in Form(page).fields) is work
    assert (client.get_cookie("begun-survey") is not None) is work
