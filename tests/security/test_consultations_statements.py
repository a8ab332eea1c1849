"""Attacks on voting: foreign statements, forged values, other sites, replay, words that are no words."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from consult.accounts.models import Role
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Participant
from consult.consultations.models.opinions import Statement, Vote
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity
from tests.factories.accounts import institution, sign_in, token, user
from tests.factories.consultations import make_consultation, make_statement


@pytest.fixture
def asked(database: Database) -> tuple[str, dict[str, uuid.UUID]]:
    """A consultation, and statements of every sort that somebody may send."""
    with database.transaction() as session:
        activity, other = (make_consultation(session, phases=(Phase.VOTE,)) for _ in range(2))
        ids = {
            state: make_statement(session, activity, state=state).id
            for state in ("shown", "waiting", "refused", "set_apart", "concern", "withdrawn")
        }
        return activity.slug, {**ids, "of another consultation": make_statement(session, other).id}


def count(database: Database, model: type[Vote | Participant]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_only_what_is_asked_here_can_be_voted_on(
    client: FlaskClient, database: Database, asked: tuple[str, dict[str, uuid.UUID]]
) -> None:
    slug, ids = asked
    for sort, statement in ids.items():
        client.post(f"/en/c/{slug}/vote", data={"statement": str(statement), "vote": "agree"})
        assert count(database, Vote) == 1, sort
    assert count(database, Participant) == 1, "who votes on nothing joins nothing"
    page = client.get(f"/en/c/{slug}/vote?statement={ids['waiting']}&last={ids['of another consultation']}")
    assert page.status_code == 200 and str(ids["waiting"]) not in page.text


@pytest.mark.parametrize("vote", ["2", "strongly", "", "agree\0"])
def test_a_forged_value_is_refused(
    client: FlaskClient, database: Database, asked: tuple[str, dict[str, uuid.UUID]], vote: str
) -> None:
    slug, ids = asked
    sent = client.post(f"/en/c/{slug}/vote", data={"statement": str(ids["shown"]), "vote": vote})
    assert sent.status_code == 400 and count(database, Vote) == 0
    assert client.post(f"/en/c/{slug}/vote", data={"statement": "1 OR 1=1", "vote": "agree"}).status_code == 400


def test_another_site_cannot_vote_for_anybody(client: FlaskClient, asked: tuple[str, dict[str, uuid.UUID]]) -> None:
    slug, ids = asked
    form = {"statement": str(ids["shown"]), "vote": "agree"}
    for page in ("vote", "vote/undo", "vote/propose"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
            assert client.post(f"/en/c/{slug}/{page}", data=form, headers=headers).status_code == 403


def test_the_same_vote_sent_again_counts_once(
    client: FlaskClient, database: Database, asked: tuple[str, dict[str, uuid.UUID]]
) -> None:
    slug, ids = asked
    for _ in range(5):
        client.post(f"/en/c/{slug}/vote", data={"statement": str(ids["shown"]), "vote": "agree"})
    assert count(database, Vote) == count(database, Participant) == 1


def test_nobody_undoes_votes_of_others(
    client: FlaskClient, database: Database, asked: tuple[str, dict[str, uuid.UUID]]
) -> None:
    slug, ids = asked
    client.post(f"/en/c/{slug}/vote", data={"statement": str(ids["shown"]), "vote": "agree"})
    stranger = client.application.test_client()
    stranger.post(f"/en/c/{slug}/vote/undo", data={"statement": str(ids["shown"])})
    assert count(database, Vote) == 1


def test_what_is_proposed_is_text_and_nothing_else(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        slug = make_consultation(session, phases=(Phase.VOTE,), before=False).slug
    typed = "<script>alert(1)</script> {{7*7}} \u202eabc\u200b"
    client.post(f"/en/c/{slug}/vote/propose", data={"statement": typed, "state": "shown", "theme": "x", "code": "A"})
    page = client.get(f"/en/c/{slug}/vote").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} abc" in page
    with database.reading() as session:
        assert session.scalar(select(Statement.theme)) == ""


def test_what_a_robot_proposes_is_set_apart(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        slug = make_consultation(session, phases=(Phase.VOTE,), before=False).slug
    client.post(f"/en/c/{slug}/vote/propose", data={"statement": "Buy here", "website": "https://spam.example"})
    with database.reading() as session:
        assert session.scalar(select(Statement.state)) == "set_apart"


def test_the_desk_of_another_ministry_is_not_there(
    client: FlaskClient, database: Database, asked: tuple[str, dict[str, uuid.UUID]]
) -> None:
    slug, ids = asked
    with database.transaction() as session:
        who = user(session, institution(session, "Another ministry"), Role.OFFICER)
    sign_in(client, who)
    desk = f"/en/desk/consultations/{slug}"
    for page in ("statements", "statements/add", f"statements/{ids['shown']}", "opinions"):
        assert client.get(f"{desk}/{page}").status_code == 404, page
    sent = {"act": "show", "csrf_token": token(client)}
    assert client.post(f"{desk}/statements/{ids['waiting']}/decide", data=sent).status_code == 404


def test_who_does_not_moderate_reads_what_is_asked_and_nobody_what_lies_with_the_focal_point(
    client: FlaskClient, database: Database, asked: tuple[str, dict[str, uuid.UUID]]
) -> None:
    slug, ids = asked
    desk = f"/en/desk/consultations/{slug}/statements"
    with database.transaction() as session:
        session.execute(update(Statement).where(Statement.id == ids["withdrawn"]).values(label=LocalisedText()))
        lead = session.scalars(select(Activity).where(Activity.slug == slug)).one().process.lead_institution
        people = {
            Role.TRANSLATOR: ("shown",),
            Role.OFFICER: ("shown", "waiting", "refused", "set_apart"),
        }
        who = {role: user(session, lead, role) for role in people}
    for role, readable in people.items():
        sign_in(client, who[role])
        for state in ("shown", "waiting", "refused", "set_apart", "concern", "withdrawn"):
            answer = 200 if state in readable else 404
            path = f"{desk}/{ids[state]}"
            assert client.get(path).status_code == answer, (role, state)
            sent = client.post(path, data={"csrf_token": token(client), "label-en": "x" * 300, "theme": ""})
            assert sent.status_code == (302 if answer == 200 else 404), (role, state)
            listed = client.get(f"{desk}?state={state}")
            assert (str(ids[state]) in listed.text) == (state in readable), (role, state)
        whole = client.get(desk).text
        assert {state for state in ids if str(ids[state]) in whole} == set(readable)
        assert f"({len(readable)})" in whole and "With the focal point" not in whole
