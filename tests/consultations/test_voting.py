"""People vote on statements one at a time, take votes back and change them."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.consultations import voting
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Participant
from consult.consultations.models.opinions import Vote
from consult.db.session import Database
from tests.factories.consultations import make_consultation, make_participant, make_statement
from tests.responses.journey import visible

THREE = ("Voting should be easier.", "Consulates are too far.", "Money sent home is taxed enough.")


@pytest.fixture
def slug(database: Database) -> str:
    """A consultation with three statements."""
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,))
        for label in THREE:
            make_statement(session, activity, label)
        return activity.slug


def votes(database: Database) -> Sequence[tuple[uuid.UUID, int]]:
    with database.reading() as session:
        return session.execute(select(Vote.statement_id, Vote.value)).all()


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the ballot."""
    form = page.text.partition('class="ballot"')[2].partition("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def vote(client: FlaskClient, slug: str, said: str) -> TestResponse:
    """Vote on the statement that is shown, and go where that leads."""
    sent = client.post(f"/en/c/{slug}/vote", data={**hidden(client.get(f"/en/c/{slug}/vote")), "vote": said})
    assert sent.status_code == 303
    return client.get(sent.location)


def test_statements_come_one_at_a_time_until_all_are_done(client: FlaskClient, slug: str, database: Database) -> None:
    seen = []
    for number in range(3):
        page = client.get(f"/en/c/{slug}/vote")
        assert f"You have voted on {number} of 3 statements." in visible(page)
        (shown,) = (label for label in THREE if label in page.text)
        assert visible(client.get(f"/en/c/{slug}/vote")) == visible(page) or number == 0, "it stays the same"
        done = client.post(f"/en/c/{slug}/vote", data={**hidden(page), "vote": "agree"})
        seen.append(shown)
    assert sorted(seen) == sorted(THREE)
    assert "You have voted on all statements. Thank you." in visible(client.get(done.location))
    assert [value for _, value in votes(database)] == [1, 1, 1]
    with database.reading() as session:
        (participant,) = session.scalars(select(Participant))
        assert (participant.channel, participant.locale) == ("open", "en")


def test_looking_leaves_no_trace(client: FlaskClient, slug: str, database: Database) -> None:
    client.get(f"/en/c/{slug}/vote")
    assert client.get_cookie(f"part-{slug}") is None
    with database.reading() as session:
        assert session.scalar(select(Participant.day)) is None


def test_the_last_vote_can_be_undone_and_any_be_changed(client: FlaskClient, slug: str, database: Database) -> None:
    page = vote(client, slug, "disagree")
    assert "You disagreed." in visible(page) and "You can change each of your votes" in visible(page)
    ((statement, _),) = votes(database)
    undone = client.post(f"/en/c/{slug}/vote/undo", data={"statement": str(statement)})
    assert votes(database) == [] and hidden(client.get(undone.location))["statement"] == str(statement)
    vote(client, slug, "pass")
    mine = client.get(f"/en/c/{slug}/vote/mine")
    assert "Pass" in visible(mine)
    ((statement, _),) = votes(database)
    page = client.get(f"/en/c/{slug}/vote?statement={statement}")
    assert "So far you pass." in visible(page)
    sent = client.post(f"/en/c/{slug}/vote", data={**hidden(page), "vote": "agree"})
    assert sent.location.endswith("/vote/mine") and votes(database) == [(statement, 1)]


def test_a_form_sent_twice_before_there_is_a_cookie_is_one_person(app: Flask, slug: str, database: Database) -> None:
    form = {**hidden(app.test_client().get(f"/en/c/{slug}/vote")), "vote": "agree"}
    for _ in range(2):
        app.test_client().post(f"/en/c/{slug}/vote", data=form)
    assert len(votes(database)) == 1


def test_what_has_closed_takes_no_votes(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,))
        statement = make_statement(session, activity)
        activity.closes_at = activity.opens_at
        slug = activity.slug
    client.post(f"/en/c/{slug}/vote", data={"statement": str(statement.id), "vote": "agree"})
    assert votes(database) == [] and "Voting has ended." in visible(client.get(f"/en/c/{slug}/vote"))


def test_without_that_phase_there_is_no_page(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        slug = make_consultation(session, phases=(Phase.READ,)).slug
    assert client.get(f"/en/c/{slug}/vote").status_code == 404


def test_of_fifty_votes_at_once_on_one_statement_one_counts(database: Database) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        statement, participant = make_statement(session, activity), make_participant(session, activity)
    barrier, counted = threading.Barrier(10), list[bool]()

    def send(number: int) -> None:
        barrier.wait()
        for turn in range(5):
            with database.transaction() as session:
                value = (number + turn) % 3 - 1
                counted.append(voting.cast(session, activity.id, participant.code, statement.id, value))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted == [True] * 50 and len(votes(database)) == 1
