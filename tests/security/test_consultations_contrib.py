"""Attacks on where people write: scripts in words, ids of others, invitations used twice, robots, other sites."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.config import Keys, Settings
from consult.consultations.models.contributed import Comment, Participant, Submission
from consult.db.session import Database
from consult.participation.guard import Guard
from consult.participation.measures import decide
from consult.participation.models import Invitation
from consult.processes.models import Activity
from tests.applications import begun
from tests.consultations.conftest import activity, clock  # noqa: F401  # the same consultation
from tests.consultations.giving import ROOT, give, kept, show, token
from tests.factories.consultations import make_consultation
from tests.factories.invitations import invite, make_codes
from tests.factories.solving import solve
from tests.factories.texts import make_text
from tests.responses.journey import Clock, visible

PART = f"{ROOT}/text/p1"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) {{7*7}} {x.__class__}"


def test_before_it_opens_nobody_reads_anything(
    client: FlaskClient,
    database: Database,
    activity: Activity,  # noqa: F811  # the fixture
    now: dt.datetime,
) -> None:
    give(client, body="Mine.")
    give(client, "/submit", stakeholder="ngo", permission="named", name="N", title="T", body="B")
    show(database)
    (comment,) = kept(database)
    with database.transaction() as session:
        submission = session.scalars(select(Submission)).one()
        submission.state = "shown"
        session.get_one(Activity, activity.id).opens_at = now + dt.timedelta(days=1)
    pages = (
        "/text/p1", "/text/whole", f"/comments/{comment.id}", f"/comments/{comment.id}/alike", "/questions",
        "/submissions", f"/submissions/{submission.id}", f"/comment/{comment.id}/concern",
    )  # fmt: skip
    assert {page: client.get(ROOT + page).status_code for page in pages} == dict.fromkeys(pages, 404)
    posts = (pages[0], pages[2], "/questions", pages[-1], f"/comments/{comment.id}/share")
    sent = {page: client.post(ROOT + page, data={"body": "x"}).status_code for page in posts}
    assert sent == dict.fromkeys(posts, 404)


def test_words_are_words(client: FlaskClient, database: Database, activity: Activity) -> None:  # noqa: F811  # the fixture
    give(client, body=SCRIPT, suggestion=SCRIPT)
    show(database)
    sent = give(
        client, "/submit", stakeholder="ngo", permission="named", name=SCRIPT[:200], title=SCRIPT[:150], body=SCRIPT
    )
    assert sent.status_code == 303
    for page in ("/text/p1", "/own", f"/text/p1?stance={SCRIPT}&language={SCRIPT}&after={SCRIPT}"):
        text = client.get(ROOT + page).text
        assert "<script>alert" not in text and "<img" not in text and 'javascript:alert(1)"' not in text
    assert "{{7*7}}" in client.get(f"{ROOT}/text/p1").text


def test_another_site_makes_nobody_say_anything(
    client: FlaskClient,
    database: Database,
    activity: Activity,  # noqa: F811  # the fixture
) -> None:
    give(client, body="Mine.")
    (comment,) = kept(database)
    there = {"Sec-Fetch-Site": "cross-site"}
    for page in (
        "/text/p1", f"/comments/{comment.id}/share", "/questions", "/submit", "/own", "/own/withdraw", "/invited",
        f"/own/take-back/{comment.id}", f"/own/comments/{comment.id}",
    ):  # fmt: skip
        answer = client.post(ROOT + page, data={"body": "No."}, headers=there)
        assert answer.status_code in (303, 403, 404), page
    assert [one.body for one in kept(database)] == ["Mine."]


def test_ids_of_others_open_nothing(app: Flask, client: FlaskClient, database: Database, activity: Activity) -> None:  # noqa: F811  # the fixture
    give(client, body="Mine.")
    (comment,) = kept(database)
    other = app.test_client()
    give(other, body="Theirs.")
    for method, page in (
        ("GET", f"/own/comments/{comment.id}"),
        ("POST", f"/own/comments/{comment.id}"),
        ("GET", f"/own/take-back/{comment.id}"),
        ("POST", f"/own/take-back/{comment.id}"),
        ("GET", f"/comments/{comment.id}"),
        ("POST", f"/comments/{comment.id}"),
        ("POST", f"/comments/{comment.id}/share"),
    ):
        assert other.open(ROOT + page, method=method, data={"body": "Changed."}).status_code == 404, page
    assert [one.body for one in kept(database)] == ["Mine.", "Theirs."]


def test_fields_that_no_form_has_change_nothing(
    client: FlaskClient,
    database: Database,
    activity: Activity,  # noqa: F811  # the fixture
) -> None:
    give(
        client, body="Mine.", state="shown", channel="invited", endorsed="900", code="x", day="2020-01-01", locale="fr"
    )
    (comment,) = kept(database)
    assert (comment.state, comment.channel, comment.endorsed, comment.locale) == ("waiting", "open", 0, "en")


def test_an_invitation_lets_somebody_in_once(
    app: Flask,
    client: FlaskClient,
    database: Database,
    activity: Activity,  # noqa: F811  # the fixture
) -> None:
    with database.transaction() as session:
        invite(session, activity)
        (code,) = make_codes(session, activity)
    page = client.get(PART)
    assert "you need an invitation" in visible(page) and 'name="body"' not in page.text
    form = {"version": "1", "body": "Uninvited."}
    assert client.post(PART, data=form).location == f"{ROOT}/invited"
    for typed, status in (("ABC", 422), (code[:-1] + ("0" if code[-1] != "0" else "1"), 422)):
        assert client.post(f"{ROOT}/invited", data={"code": typed}).status_code == status
    two = app.test_client()
    for browser in (client, two):
        assert browser.post(f"{ROOT}/invited", data={"code": code}).status_code == 303
    assert client.get_cookie("part-draft").value == two.get_cookie("part-draft").value
    assert give(client, body="Invited.").location.startswith(f"{ROOT}/receipt")
    assert give(two, body="The same person.").status_code == 303
    third = app.test_client()
    assert third.post(f"{ROOT}/invited", data={"code": code}).status_code == 409
    with database.reading() as session:
        assert [one.channel for one in session.scalars(select(Comment))] == ["invited"] * 2
        participant = session.scalars(select(Participant)).one()
        used = session.scalars(select(Invitation)).one()
    assert (used.state, used.nonce) == ("used", None)
    assert used.code != participant.code


@pytest.fixture
def guarded(database: Database, activity: Activity, now: dt.datetime):  # noqa: F811  # the fixture
    """The consultation with these measures."""

    def make(**measures: int) -> None:
        with database.transaction() as session:
            guard = Guard(**{"seconds": 0, "hourly": 0, "counted": True, **measures})
            decide(session, session.get_one(Activity, activity.id), guard, by=None, now=now)

    return make


def states(database: Database) -> list[tuple[str, str]]:
    """Channel and state of each comment."""
    return [(comment.channel, comment.state) for comment in kept(database)]


def test_what_looks_automated_is_set_apart_and_nobody_is_told(
    app: Flask,
    client: FlaskClient,
    database: Database,
    guarded,
    clock: Clock,  # noqa: F811  # the fixture
) -> None:
    guarded(seconds=5)
    sent = give(client, body="A: at once.")
    assert "waits" in visible(client.get(f"{ROOT}/own")).lower() and sent.status_code == 303
    form = token(app.test_client(), PART)
    clock(dt.timedelta(seconds=8))
    app.test_client().post(PART, data={"form": form, "version": "1", "body": "B: in time."})
    app.test_client().post(PART, data={"form": form, "version": "1", "body": "C: trapped.", "website": "x"})
    assert states(database) == [("suspect", "set_apart"), ("open", "waiting"), ("suspect", "set_apart")]
    show(database)
    crowd = {"REMOTE_ADDR": "203.0.113.9"}
    guarded(hourly=1)
    comment = kept(database)[1]
    for _ in range(3):
        app.test_client().post(f"{ROOT}/comments/{comment.id}/share", environ_overrides=crowd)
    assert kept(database)[1].endorsed == 1


def test_computing_or_half_a_minute_lets_somebody_in(
    app: Flask,
    client: FlaskClient,
    database: Database,
    guarded,
    clock: Clock,  # noqa: F811  # the fixture
) -> None:
    guarded(work=True)
    page = client.get(PART).text
    assert "work.js" in page
    early = give(client, body="A: early.")
    assert early.status_code == 422 and "Wait half a minute" in visible(early) and "A: early." in early.text
    form = early.text.partition('name="form" value="')[2].partition('"')[0]
    clock(dt.timedelta(seconds=31))
    assert client.post(PART, data={"form": form, "version": "1", "body": "A: early."}).status_code == 303
    other = app.test_client()
    page = other.get(PART).text
    form = page.partition('name="form" value="')[2].partition('"')[0]
    solved = {"form": form, "version": "1", "body": "B: computed.", "altcha": solve(page)}
    assert [other.post(PART, data=solved).status_code for _ in range(2)] == [303, 303], "a double click is no replay"
    again = other.post(PART, data=solved | {"body": "C: replayed."})
    assert again.status_code == 422
    assert len(kept(database)) == 2


def test_nothing_tells_who_wrote_or_when(
    settings: Settings,
    keys: Keys,
    sqlite: Database,
    caplog: pytest.LogCaptureFixture,
    clock: Clock,  # noqa: F811  # the fixture
    now: dt.datetime,
) -> None:
    with sqlite.transaction() as session:
        made = make_consultation(session, slug="draft", locales=("en",))
        make_text(session, made)
    app = begun(settings, keys, sqlite)
    app.testing = True
    client = app.test_client()
    client.environ_base |= {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "canary agent"}
    give(client, body="Mine.")
    give(client, "/submit", stakeholder="ngo", permission="not", title="T", body="B")
    client.get(f"{ROOT}/own")
    code = client.get_cookie("part-draft").value
    files = b"".join(path.read_bytes() for path in Path(settings.data).rglob("*") if path.is_file())
    for trace in ("203.0.113", "canary", code, now.strftime("%H:%M:%S"), str(int(now.timestamp()))[:8]):
        assert trace.encode() not in files and trace not in caplog.text, trace
