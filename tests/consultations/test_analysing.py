"""A job finds the opinion groups; people see where they stand, officers whether there are groups, nobody anybody."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from consult.accounts.models import Role
from consult.app import EVERY, TASKS
from consult.config import Keys, Settings
from consult.consultations import analysing, statements
from consult.consultations.analysing import Found, Latest
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Participant, State
from consult.consultations.models.moderated import Act
from consult.consultations.models.opinions import Analysis, Statement, Vote
from consult.core.access import Actor
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import service as jobs
from consult.jobs.worker import run_due
from consult.processes.models import Activity
from tests.factories.accounts import sign_in, user
from tests.factories.consultations import make_consultation, make_participant, make_statement
from tests.responses.journey import visible

SIDES = 24, 18
"""How many people are in each of two camps that disagree on every statement."""


@pytest.fixture
def activity(database: Database) -> Activity:
    """Ten statements on which two camps disagree, with a few who are undecided on some."""
    chance = random.Random(1)
    with database.transaction() as session:
        made = make_consultation(session, phases=(Phase.VOTE,))
        ids = [make_statement(session, made, f"Statement {number}").id for number in range(10)]
        rows = []
        for side, size in enumerate(SIDES):
            for _ in range(size):
                code = make_participant(session, made).code
                for at, statement in enumerate(ids):
                    value = (1 if (at + side) % 2 else -1) if chance.random() < 0.85 else 0
                    rows.append({"activity_id": made.id, "code": code, "statement_id": statement, "value": value})
        session.execute(insert(Vote), rows)
        return made


def found(database: Database, activity: Activity) -> Found:
    with database.reading() as session:
        kept = Latest().of(session, activity.id)
    assert kept is not None
    return kept


def analyse(database: Database, activity: Activity, now: dt.datetime, **given: int) -> Found:
    analysing.analyse(database, activity.id, now=now, **{"floor": 10, **given})
    return found(database, activity)


def due(database: Database, now: dt.datetime) -> Sequence[object]:
    with database.reading() as session:
        return analysing.due(session, now)


def test_the_camps_are_found_however_votes_are_read(database: Database, activity: Activity, now: dt.datetime) -> None:
    whole = analyse(database, activity, now)
    assert tuple(group.size for group in whole.groups) == SIDES
    assert (whole.people, whole.votes) == (sum(SIDES), 10 * sum(SIDES))
    assert analyse(database, activity, now, block=7) == whole, "in small blocks, and a second time"


def test_a_group_under_the_threshold_is_none(database: Database, activity: Activity, now: dt.datetime) -> None:
    assert analyse(database, activity, now, floor=20).groups == ()


def test_what_was_taken_out_or_set_apart_does_not_count(
    database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        out = session.scalars(select(Statement.id)).first()
        assert out is not None
        by = Actor(user(session).id, "")
        statements.decide(session, activity, out, Act.REFUSE, seen=State.SHOWN, reason="off_topic", by=by, now=now)
        codes = session.scalars(select(Participant.code).limit(5)).all()
        session.execute(update(Participant).where(Participant.code.in_(codes)).values(channel="suspect"))
    left = analyse(database, activity, now)
    assert len(left.statements) == 9 and left.people == sum(SIDES) - 5


def test_a_worker_that_died_has_left_nothing_and_another_does_it(
    database: Database, activity: Activity, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    installation = Installation(settings, keys, database)
    with database.transaction() as session:
        analysing.ask(session, activity.id, now=now)
        analysing.ask(session, activity.id, now=now)
    with database.transaction() as session:
        assert jobs.take(session, ["consultations.analyse"], now), "taken by a worker that is not heard of again"
    later = now + jobs.LEASE + dt.timedelta(seconds=1)
    run_due(installation, TASKS, EVERY, clock=lambda: later)
    first = found(database, activity)
    with database.transaction() as session:
        analysing.ask(session, activity.id, now=later)
    run_due(installation, TASKS, EVERY, clock=lambda: later)
    assert found(database, activity) == first
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Analysis)) == 1


def test_it_is_done_again_when_votes_have_changed_enough(
    database: Database, activity: Activity, now: dt.datetime
) -> None:
    assert due(database, now) == [activity.id]
    analyse(database, activity, now)
    assert due(database, now) == []
    with database.transaction() as session:
        person = make_participant(session, activity)
        ids = session.scalars(select(Statement.id).limit(4)).all()
        session.add_all(Vote(activity_id=activity.id, code=person.code, statement_id=one, value=1) for one in ids)
    assert due(database, now) == [activity.id], "by a hundredth"
    analyse(database, activity, now)
    assert due(database, now + dt.timedelta(days=1)) == [activity.id], "votes change without becoming more"
    with database.transaction() as session:
        session.execute(update(Activity).values(closes_at=now + dt.timedelta(hours=1)))
    assert due(database, now + dt.timedelta(hours=2)) == [activity.id], "once after closing"
    analyse(database, activity, now + dt.timedelta(hours=2))
    assert due(database, now + dt.timedelta(days=9)) == []


def test_people_see_where_they_stand_and_nobody_else(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    address = f"/en/c/{activity.slug}/vote"
    assert "No distinct groups have been found so far." in visible(client.get(f"{address}/place"))
    analyse(database, activity, now)
    assert "Vote on 7 more statements" in visible(client.get(f"{address}/place"))
    with database.reading() as session:
        ids = {kept.label["en"]: kept.id for kept in session.scalars(select(Statement))}
    for number in range(10):
        said = {"statement": str(ids[f"Statement {number}"]), "vote": "agree" if number % 2 else "disagree"}
        client.post(address, data=said)
    page = client.get(f"{address}/place")
    words = visible(page)
    assert "You are nearest to group A." in words, "that of the larger camp"
    assert page.text.count("<ellipse") == 2 and page.text.count("<circle") == 1
    assert not re.search(r"\b(24|18|42|43|420)\b", words), "no counts"


def test_officers_see_whether_there_are_groups_and_counts_in_steps(
    app: Flask, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        who = user(session, activity.process.lead_institution, Role.OFFICER)
    client = app.test_client()
    sign_in(client, who)
    address = f"/en/desk/consultations/{activity.slug}/opinions"
    assert "Nothing has been analysed yet" in visible(client.get(address))
    analyse(database, activity, now)
    words = visible(client.get(address))
    assert "Distinct groups have been found." in words and "at least 40" in words and "at least 420" in words
    assert "on average" in words and not re.search(r"\b(24|18|42)\b", words)
