"""What one can do with one's code: go on, read, correct, withdraw; on any device, at this door only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.config import Keys, Settings
from consult.core.questionnaire.answers import decode
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import codes, inviting
from consult.processes.models import Activity
from consult.responses import tasks
from consult.responses.models import Response
from tests.factories.responses import make_open
from tests.responses.journey import CLOSES, Clock, code_in, first, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def activity(database: Database) -> Activity:
    """An activity whose submissions are mixed at once."""
    with database.transaction() as session:
        return make_open(session, "relevance", slug="survey", threshold=1, closes_at=CLOSES)


@pytest.fixture
def mix(settings: Settings, keys: Keys, database: Database, now: dt.datetime) -> Callable[[], None]:
    """Runs the mixing job."""
    return lambda: tasks.mix(Installation(settings, keys, database), {}, now)


def submitted(client: FlaskClient, wishes: str = "Peace") -> str:
    to(first(client, moved="no"))
    to(send(client, "/page/3", wishes=wishes))
    assert to(send(client, "/submit")) == "/receipt"
    return code_in(client)


def responses(database: Database) -> list[dict[str, object]]:
    with database.reading() as session:
        return [dict(decode(answers)) for answers in session.scalars(select(Response.answers))]


def test_a_draft_goes_on_on_another_device(app: Flask, client: FlaskClient, activity: Activity) -> None:
    to(first(client, moved="no"))
    other = app.test_client()
    typed = " ".join(codes.groups(code_in(client))).lower()
    assert to(send(other, "/resume", code=typed)) == "/page/3"
    assert code_in(other) == code_in(client)
    assert to(other.get("/en/q/survey/resume")) == "/page/3", "with the cookie nothing need be typed"


def test_two_devices_keep_what_the_other_has_said(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    to(first(client, moved="yes", why=""))
    laptop = app.test_client()
    to(send(laptop, "/resume", code=code_in(client)))
    to(send(laptop, "/page/2", years="3"))
    to(send(client, "/page/1", moved="yes", why="Work"))
    assert stored(database) == {"moved": "yes", "why": "Work", "years": 3}


@pytest.mark.parametrize(
    ("typed", "status"), [("", 422), ("1234", 422), ("0" * 26, 404), ("<script>", 422), ("x" * 100_000, 422)]
)
def test_a_wrong_code_finds_nothing_and_stays_in_the_field(
    client: FlaskClient, activity: Activity, typed: str, status: int
) -> None:
    page = send(client, "/resume", code=typed)
    assert page.status_code == status
    assert 'role="alert"' in page.text
    assert client.get_cookie("draft-survey") is None


def test_a_code_opens_no_other_door(app: Flask, client: FlaskClient, database: Database, activity: Activity) -> None:
    code = submitted(client)
    with database.transaction() as session:
        make_open(session, "relevance", slug="other")
    stranger = app.test_client()
    assert stranger.post("/en/q/other/resume", data={"code": code}).status_code == 404
    stranger.set_cookie("draft-other", code)
    for path in ("receipt", "answers", "check", "page/1", "saved", "withdraw"):
        assert stranger.get(f"/en/q/other/{path}").status_code == 404
    for path in ("submit", "correct", "withdraw", "page/1"):
        assert stranger.post(f"/en/q/other/{path}").status_code == 404


def test_guessing_is_slowed_but_never_stops_the_owner(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    code = submitted(client)
    guesser = app.test_client()
    statuses = [send(guesser, "/resume", code=f"{number:026}").status_code for number in range(inviting.GUESSES + 2)]
    assert statuses == [404] * inviting.GUESSES + [429] * 2
    assert to(send(app.test_client(), "/resume", code=code)) == "/receipt"
    with database.transaction() as session:
        inviting.forget_guesses(session)
    assert send(guesser, "/resume", code="0" * 26).status_code == 404


@pytest.mark.parametrize("mixed", [False, True])
def test_one_reads_ones_own_answers(
    client: FlaskClient, activity: Activity, mix: Callable[[], None], mixed: bool
) -> None:
    submitted(client, wishes="Peace <b>")
    if mixed:
        mix()
    page = client.get("/en/q/survey/answers")
    assert page.status_code == 200
    assert "Peace &lt;b&gt;" in page.text
    assert "Years" not in page.text, "what was not put is not shown"
    assert page.headers["Cache-Control"] == "no-store"
    assert code_in(client)[:4] in visible(client.get("/en/q/survey/receipt"))


@pytest.mark.parametrize("mixed", [False, True])
def test_answers_are_corrected_until_closing(
    client: FlaskClient, database: Database, activity: Activity, mix: Callable[[], None], mixed: bool
) -> None:
    code = submitted(client)
    if mixed:
        mix()
    assert to(send(client, "/correct")) == "/check"
    assert "Send the corrected answers" in visible(client.get("/en/q/survey/check"))
    assert to(send(client, "/page/3?check=", wishes="Work")) == "/check"
    assert [to(send(client, "/submit")) for _ in range(2)] == ["/receipt"] * 2
    assert code_in(client) == code
    mix()
    assert responses(database) == [{"moved": "no", "wishes": "Work"}]
    assert to(send(client, "/correct")) == "/check", "and corrected once more"
    to(send(client, "/page/3?check=", wishes="Rest"))
    to(send(client, "/submit"))
    mix()
    assert responses(database) == [{"moved": "no", "wishes": "Rest"}]


@pytest.mark.parametrize("mixed", [False, True])
def test_withdrawing_deletes_and_forgets(
    app: Flask, client: FlaskClient, database: Database, activity: Activity, mix: Callable[[], None], mixed: bool
) -> None:
    code = submitted(client)
    if mixed:
        mix()
    assert "cannot be undone" in visible(client.get("/en/q/survey/withdraw"))
    done = send(client, "/withdraw")
    assert "Your answers are withdrawn" in visible(done)
    assert client.get_cookie("draft-survey") is None
    mix()
    assert responses(database) == []
    assert send(app.test_client(), "/resume", code=code).status_code == 404
    assert send(client, "/withdraw").status_code == 404


def test_after_closing_one_can_read_and_nothing_else(
    app: Flask,
    client: FlaskClient,
    activity: Activity,
    settings: Settings,
    keys: Keys,
    database: Database,
    clock: Clock,
) -> None:
    code = submitted(client)
    unsent = app.test_client()
    to(first(unsent, moved="no"))
    clock(CLOSES - dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC))
    assert to(unsent.get("/en/q/survey/resume")) == "/answers"
    assert "You have not sent them yet" in visible(unsent.get("/en/q/survey/answers"))
    tasks.seal(Installation(settings, keys, database), {}, CLOSES)
    reader = app.test_client()
    assert to(send(reader, "/resume", code=code)) == "/receipt"
    assert "no longer correct or withdraw" in visible(reader.get("/en/q/survey/receipt"))
    assert "Peace" in visible(reader.get("/en/q/survey/answers"))
    assert "is closed" in visible(reader.get("/en/q/survey/answers"))
    assert send(reader, "/correct").status_code == 410
    assert send(reader, "/withdraw").status_code == 410
    assert len(responses(database)) == 1


def test_without_a_cookie_the_code_is_asked_for(client: FlaskClient, activity: Activity) -> None:
    for path in ("page/1", "check", "receipt", "saved", "answers", "withdraw"):
        page = client.get(f"/en/q/survey/{path}")
        assert page.status_code == 404
        assert 'name="code"' in page.text
    assert client.get("/en/q/survey/resume").status_code == 200
