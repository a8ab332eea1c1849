"""Coming in by an invitation: its code begins a draft, resumes it on any device while it is open, and is used once."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.app import RETENTION
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import invitation_codes, inviting
from consult.participation.models import Guesses, Intake, Invitation
from consult.privacy.erasing import again
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from tests.factories.invitations import invite, make_codes
from tests.responses.journey import CLOSES, Clock, Opened, code_in, count, first, send, to, visible

pytestmark = pytest.mark.usefixtures("clock")
DOOR = "/en/q/survey/invited"


@pytest.fixture
def activity(database: Database, opened: Opened) -> Activity:
    """A questionnaire that takes invitations and nothing else."""
    made = opened("same_page", closes_at=CLOSES)
    with database.transaction() as session:
        return invite(session, made)


@pytest.fixture
def code(database: Database, activity: Activity) -> str:
    with database.transaction() as session:
        return make_codes(session, activity)[0]


def states(database: Database) -> list[tuple[str, bool]]:
    """The states of all invitations, and whether there is a nonce."""
    with database.reading() as session:
        return [(row.state, row.nonce is not None) for row in session.scalars(select(Invitation))]


def wrong(code: str) -> str:
    """A code that is well written, and nobody's."""
    return next(other for other in iter(invitation_codes.draw, code) if other != code)


def test_with_invitations_only_the_code_is_asked_for_in_place_of_the_first_page(
    app: Flask, client: FlaskClient, code: str
) -> None:
    pages = [app.test_client().get("/en/q/survey") for _ in range(2)]
    assert pages[0].data == pages[1].data == client.get(DOOR).data
    assert "code of your invitation" in visible(pages[0])
    assert pages[0].headers["Cache-Control"] == "public, max-age=60"
    assert not pages[0].headers.getlist("Set-Cookie")
    assert to(first(client, works="no")) == "/invited", "nor is anything taken that was sent to it"
    assert client.get("/en/q/survey/offline").status_code == 404


def test_a_code_begins_a_draft_resumes_it_elsewhere_and_is_used_once(
    app: Flask, client: FlaskClient, database: Database, code: str
) -> None:
    assert to(send(client, "/invited", code=code)) == "/page/1"
    assert states(database) == [("begun", True)]
    to(send(client, "/page/1", works="no", thanks=""))
    elsewhere = app.test_client()
    assert to(send(elsewhere, "/invited", code=code.lower())) == "/check", "it goes on where it was left"
    assert code_in(elsewhere) == code_in(client)
    assert count(database, Intake) == 1
    assert to(send(elsewhere, "/submit")) == "/receipt"
    assert states(database) == [("used", False)]
    again = send(app.test_client(), "/invited", code=code)
    assert again.status_code == 409
    assert "cannot be used again" in visible(again)
    with database.reading() as session:
        (row,) = session.scalars(select(Intake))
        assert (row.state, row.channel, inviting.LINK in row.context) == ("submitted", "invited", False)


def test_the_receipt_of_an_invited_response_corrects_and_withdraws_as_any(
    app: Flask, client: FlaskClient, database: Database, code: str
) -> None:
    to(send(client, "/invited", code=code))
    to(send(client, "/page/1", works="no", thanks=""))
    to(send(client, "/submit"))
    receipt, other = code_in(client), app.test_client()
    assert to(send(other, "/resume", code=receipt)) == "/receipt"
    assert to(send(other, "/correct")) == "/check"
    assert to(send(other, "/submit")) == "/receipt"
    assert send(other, "/withdraw").status_code == 200
    assert count(database, Intake) == 0
    assert states(database) == [("used", False)], "nobody knows any more whose it was"


def test_what_is_sent_after_a_draft_was_withdrawn_outlives_a_restore(
    client: FlaskClient, database: Database, settings: Settings, keys: Keys, code: str
) -> None:
    to(send(client, "/invited", code=code))
    before = code_in(client)
    send(client, "/withdraw")
    assert count(database, Intake) == 0
    assert states(database) == [("unused", False)]
    assert to(send(client, "/invited", code=code)) == "/page/1"
    assert code_in(client) != before, "the erasure ledger names the code that was withdrawn"
    to(send(client, "/page/1", works="no", thanks=""))
    assert to(send(client, "/submit")) == "/receipt"
    again(Installation(settings, keys, database), RETENTION, Ledger(settings.ledger), now=CLOSES)
    assert count(database, Intake) == 1


def test_who_was_turned_away_leaves_an_unused_code(client: FlaskClient, database: Database, opened: Opened) -> None:
    made = opened("gates")
    with database.transaction() as session:
        (code,) = make_codes(session, invite(session, made))
    to(send(client, "/invited", code=code))
    assert to(send(client, "/page/1", edition="1", agree="no", nickname="")) == "/away"
    assert states(database) == [("unused", False)]


def test_fifty_uses_at_once_give_one_response(app: Flask, database: Database, code: str) -> None:
    answers: list[int] = []

    def use() -> None:
        device = app.test_client()
        for path, form in (("/invited", {"code": code}), ("/page/1", {"works": "no", "thanks": ""}), ("/submit", {})):
            answers.append(send(device, path, **form).status_code)

    devices = [threading.Thread(target=use) for _ in range(50)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    assert set(answers) <= {303, 404, 409}, "who came after it was sent was told so"
    assert count(database, Intake) == 1
    assert states(database) == [("used", False)]


def test_mistyping_is_told_before_anything_is_looked_up(client: FlaskClient, database: Database, code: str) -> None:
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    for typed, told in (
        (mistyped, "One letter or digit is wrong"),
        (code[:-1], "not a whole code"),
        ("", "not a whole"),
    ):
        page = send(client, "/invited", code=typed)
        assert page.status_code == 422
        assert told in visible(page)
    with database.reading() as session:
        assert session.scalars(select(Guesses)).all() == []
    assert states(database) == [("unused", False)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_ten_thousand_wrong_guesses_stop_nobody_behind_the_same_address(
    app: Flask, client: FlaskClient, database: Database, code: str
) -> None:
    guesser, statuses = app.test_client(), []
    for _ in range(10_000):
        statuses.append(send(guesser, "/invited", code=wrong(code)).status_code)
    assert statuses == [404] * inviting.GUESSES + [429] * (10_000 - inviting.GUESSES)
    with database.reading() as session:
        assert session.scalars(select(Guesses.wrong)).all() == [inviting.GUESSES], "a flood writes no more than that"
    assert to(send(client, "/invited", code=code)) == "/page/1"
    with database.transaction() as session:
        inviting.forget_guesses(session)
    assert send(guesser, "/invited", code=wrong(code)).status_code == 404


def test_an_open_link_beside_invitations_leads_to_both(
    client: FlaskClient, database: Database, activity: Activity, code: str
) -> None:
    assert 'href="/en/q/survey/resume"' in client.get(DOOR).text
    with database.transaction() as session:
        invite(session, activity, open_link=True)
    app_memory = client.application.extensions["consult.responses"]
    app_memory._entries.clear()
    assert f'href="{DOOR}"' in client.get("/en/q/survey").text
    assert 'href="/en/q/survey"' in client.get(DOOR).text
    assert to(first(client, works="no", thanks="")) == "/check"
    client.delete_cookie("draft-survey")
    assert to(send(client, "/invited", code=code)) == "/page/1"


def test_where_nobody_is_invited_there_is_no_such_page(client: FlaskClient, opened: Opened) -> None:
    opened("same_page")
    assert client.get(DOOR).status_code == 404
    assert send(client, "/invited", code=invitation_codes.draw()).status_code == 404
    assert "/invited" not in client.get("/en/q/survey").text


def test_a_code_of_another_activity_lets_nobody_in(
    client: FlaskClient, database: Database, code: str, opened: Opened
) -> None:
    other = opened("same_page", slug="other")
    with database.transaction() as session:
        (foreign,) = make_codes(session, invite(session, other))
    assert send(client, "/invited", code=foreign).status_code == 404


def test_before_and_after_the_activity_is_open_a_code_stays_unused(
    client: FlaskClient, database: Database, code: str, clock: Clock, activity: Activity
) -> None:
    clock(CLOSES - activity.opens_at)  # type: ignore[operator]  # it has opened
    assert send(client, "/invited", code=code).status_code == 410
    assert "is closed" in visible(client.get(DOOR))
    assert states(database) == [("unused", False)]


def test_other_sites_cannot_send_codes(client: FlaskClient, code: str) -> None:
    answer = client.post(DOOR, data={"code": code}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
