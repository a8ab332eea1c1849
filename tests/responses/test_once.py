"""Once is once, open is open, and nobody is thanked in vain."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity
from tests.factories.visitor import Form
from tests.responses.journey import CLOSES, Clock, Opened, code_in, count, first, send, stored, to, visible
from tests.statements import away

pytestmark = pytest.mark.usefixtures("clock")


def test_double_click_retry_and_back_button_give_one_response_and_one_receipt(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    assert to(first(client, works="no", thanks="")) == "/check"
    assert count(database, Intake) == 1, "the first page sent again goes into the same draft"
    assert [to(send(client, "/submit")) for _ in range(3)] == ["/receipt"] * 3
    receipts = {client.get("/en/q/survey/receipt").text for _ in range(2)}
    assert len(receipts) == 1
    for path in ("/page/1", "/check", "/saved"):
        assert to(client.get(f"/en/q/survey{path}")) == "/receipt"
    assert to(send(client, "/page/1", works="yes", job="x")) == "/receipt"
    assert to(first(client, works="yes")) == "/receipt"
    assert count(database, Intake) == 1
    assert stored(database) == {"works": "no"}


def test_after_exit_somebody_else_answers_anew(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    to(send(client, "/submit"))
    left = client.get("/en/q/survey/exit")
    assert client.get_cookie("draft-survey") is None
    assert "survey" not in left.text.lower()
    to(first(client, works="no", thanks=""))
    assert count(database, Intake) == 2


# Open and closed


def test_before_opening_and_after_closing_nothing_is_taken(
    client: FlaskClient, database: Database, opened: Opened, clock: Clock
) -> None:
    opened("same_page", closes_at=CLOSES)
    to(first(client, works="no", thanks=""))
    clock(CLOSES - dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC))
    for path in ("", "/page/1", "/check", "/saved"):
        assert "is closed" in visible(client.get(f"/en/q/survey{path}"))
    for path in ("/page/1", "/submit"):
        page = send(client, path, works="yes", job="x") if path == "/page/1" else send(client, path)
        assert page.status_code == 410
    assert first(client, works="no", thanks="").status_code == 410
    assert stored(database) == {"works": "no"}
    opened("types", slug="later", opens_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert "not open yet" in visible(client.get("/en/q/later"))


def test_closing_holds_for_a_process_that_has_not_noticed_yet(
    client: FlaskClient, database: Database, opened: Opened, now: dt.datetime
) -> None:
    activity = opened("same_page")
    to(first(client, works="no", thanks=""))
    with database.transaction() as session:
        session.execute(update(Activity).where(Activity.id == activity.id).values(closes_at=now))
    assert send(client, "/submit").status_code == 410
    assert send(client, "/page/1", works="yes", job="x").status_code == 410
    assert first(client, works="no", thanks="").status_code == 410
    client.delete_cookie("draft-survey")
    assert first(client, works="no", thanks="").status_code == 410
    assert count(database, Intake) == 1


# No trace, no thank-you in vain


def test_the_cookie_is_for_the_server_only_and_the_code_is_in_no_address(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    response = first(client, works="no", thanks="")
    (cookie,) = response.headers.getlist("Set-Cookie")
    code = code_in(client)
    assert cookie == f"draft-survey={code}; HttpOnly; Path=/; SameSite=Lax"
    assert code not in response.location
    with database.reading() as session:
        (row,) = session.execute(select(Intake.__table__)).all()
    assert code not in str(row)
    for header in client.get("/en/q/survey/check").headers:
        assert "Cookie" not in header[1]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("path", ["", "/page/1", "/submit", "/resume", "/correct", "/withdraw"])
def test_other_sites_cannot_send_forms(client: FlaskClient, opened: Opened, headers: dict[str, str], path: str) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    assert client.post(f"/en/q/survey{path}", data={"edition": "1"}, headers=headers).status_code == 403


def test_when_the_database_is_away_nobody_is_thanked(
    app: Flask, client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    with away(database):
        page = send(client, "/submit")
    assert page.status_code == 503
    assert "Keep this page open" in visible(page)
    assert page.headers["Retry-After"]
    assert to(send(client, "/submit")) == "/receipt"


def test_what_was_typed_stays_on_the_page_until_it_can_be_stored(
    app: Flask, client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    page = client.get("/en/q/survey").text
    typed = {
        **{name: values[-1] for name, values in Form(page).fields.items()},
        "works": "yes",
        "thanks": 'a "quoted" <word>',
    }
    with away(database):
        refused = client.post("/en/q/survey", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused.status_code == 503
    again = {name: values[-1] for name, values in Form(refused.text).fields.items()}
    assert again == typed
    stored = client.post("/en/q/survey", data=again, headers={"Sec-Fetch-Site": "same-origin"})
    assert stored.status_code == 303
