"""Quotas close politely: nobody begins any more, whoever has begun finishes."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.core.errors import Refused
from consult.db.session import Database
from consult.participation import queries, quotas
from consult.participation.models import Channel
from consult.participation.service import is_open
from consult.processes.models import Activity
from consult.responses import mixing
from tests.factories.invitations import invite, make_codes
from tests.factories.responses import make_open, make_submission
from tests.responses.journey import first, send, to, visible


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_open(session, "same_page", slug="survey", threshold=2)


def put(
    database: Database,
    activity: Activity,
    now: dt.datetime,
    most: int,
    channel: Channel = Channel.OPEN,
    profile: str = "",
) -> None:
    with database.transaction() as session:
        here = session.get_one(Activity, activity.id)
        quotas.put(session, here, channel=channel, profile=profile, most=most, mixed=0, by=None, now=now)


def taken(database: Database, activity: Activity) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        return [(one.channel, one.profile, one.taken) for one in quotas.of(session, activity.id)]


def known_anew(app: Flask) -> None:
    """A second later, doors have asked again."""
    app.extensions["consult.responses"]._entries.clear()


def mix(database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        mixing.mix(session, activity.id, least=1, chance=random.Random(7))


def answer(client: FlaskClient) -> None:
    to(first(client, works="no", thanks=""))
    to(send(client, "/submit"))


def test_an_open_link_that_is_full_says_so_and_who_has_begun_finishes(
    app: Flask, client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    put(database, activity, now, 2)
    begun = app.test_client()
    to(first(begun, works="no", thanks=""))
    for _ in range(2):
        answer(app.test_client())
    known_anew(app)
    assert first(client, works="no", thanks="").status_code == 409
    page = client.get("/en/q/survey")
    assert "As many people as planned have answered" in visible(page)
    assert "Who has begun can finish" in visible(page)
    assert to(send(begun, "/submit")) == "/receipt"
    mix(database, activity)
    assert taken(database, activity) == [("open", "", 3)]
    known_anew(app)
    assert first(client, works="no", thanks="").status_code == 409, "mixed or not, they are there"


@pytest.mark.parametrize("mixed", [False, True])
def test_a_correction_counts_once(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime, mixed: bool
) -> None:
    put(database, activity, now, 5)
    answer(client)
    if mixed:
        mix(database, activity)
    to(send(client, "/correct"))
    to(send(client, "/submit"))
    mix(database, activity)
    assert taken(database, activity) == [("open", "", 1)]


@pytest.mark.parametrize(("most", "full"), [(3, {"open"}), (4, set())])
def test_what_waits_counts_beside_what_was_mixed(
    database: Database, activity: Activity, now: dt.datetime, most: int, full: set[str]
) -> None:
    put(database, activity, now, most)
    with database.transaction() as session:
        here = session.get_one(Activity, activity.id)
        make_submission(session, here, now=now)
        mixing.mix(session, activity.id, least=1, chance=random.Random(7))
        for _ in range(2):
            make_submission(session, here, now=now)
        assert queries.full(session, activity.id) == full


def test_a_profile_closes_for_those_who_have_it_and_their_codes_stay_unused(
    app: Flask, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        here = invite(session, activity, open_link=True)
        gulf = make_codes(session, here, 3, profile="Gulf", name="Gulf")
        europe = make_codes(session, here, 1, profile="Europe", name="Europe")
    put(database, activity, now, 2, Channel.INVITED, "Gulf")
    for code in gulf[:2]:
        device = app.test_client()
        to(send(device, "/invited", code=code))
        to(send(device, "/page/1", works="no", thanks=""))
        to(send(device, "/submit"))
    assert taken(database, activity) == [("invited", "Gulf", 2)]
    full = send(app.test_client(), "/invited", code=gulf[2])
    assert full.status_code == 409
    assert "As many people as planned" in visible(full)
    assert to(send(app.test_client(), "/invited", code=europe[0])) == "/page/1"
    answer(app.test_client())
    put(database, activity, now, 3, Channel.INVITED, "Gulf")
    assert to(send(app.test_client(), "/invited", code=gulf[2])) == "/page/1", "the code was not used up"


def test_an_invitation_that_comes_too_late_for_its_channel_stays_unused(
    app: Flask, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        codes = make_codes(session, invite(session, activity), 3)
    put(database, activity, now, 2, Channel.INVITED)
    begun = app.test_client()
    for device, code in zip((begun, app.test_client(), app.test_client()), (codes[2], *codes[:2]), strict=True):
        to(send(device, "/invited", code=code))
        if device is not begun:
            to(send(device, "/page/1", works="no", thanks=""))
            to(send(device, "/submit"))
    known_anew(app)
    assert to(send(app.test_client(), "/invited", code=codes[2])) == "/page/1", "it had begun"
    with database.transaction() as session:
        (late,) = make_codes(session, session.get_one(Activity, activity.id), 1, name="Late")
    assert send(app.test_client(), "/invited", code=late).status_code == 409


def test_what_came_before_a_quota_counts(database: Database, activity: Activity, now: dt.datetime) -> None:
    with database.transaction() as session:
        for _ in range(3):
            make_submission(session, session.get_one(Activity, activity.id), now=now)
    put(database, activity, now, 3)
    with database.reading() as session:
        assert queries.full(session, activity.id) == {"open"}
    mix(database, activity)
    put(database, activity, now, 9)
    assert taken(database, activity) == [("open", "", 3)], "a change counts nothing anew"


@pytest.mark.parametrize(
    ("most", "channel", "profile", "code"),
    [
        (1, Channel.OPEN, "", "participation.quota.small"),
        (5, Channel.INVITED, "Nobody", "participation.quota.profile"),
        (5, Channel.OPEN, "Gulf", "participation.quota.profile"),
    ],
)
def test_what_cannot_be_a_quota_is_refused(
    database: Database, activity: Activity, now: dt.datetime, most: int, channel: Channel, profile: str, code: str
) -> None:
    with database.transaction() as session:
        make_codes(session, session.get_one(Activity, activity.id), profile="Gulf")
    with pytest.raises(Refused, match=code):
        put(database, activity, now, most, channel, profile)


def test_without_quotas_one_is_let_in_as_before(database: Database, activity: Activity, now: dt.datetime) -> None:
    with database.transaction() as session:
        quotas.remove(session, session.get_one(Activity, activity.id), channel="open", profile="", by=None, now=now)
        assert is_open(session, activity.id, now)
