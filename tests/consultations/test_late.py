"""What people write after a consultation has closed leaves no trace of them, and is sealed again."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.config import Keys
from consult.consultations import sealing
from consult.consultations.models.contributed import Comment, Participant
from consult.consultations.models.moderated import Concern, Decision
from consult.db.session import Database
from consult.participation import codes
from consult.processes.models import Activity
from tests.consultations.giving import ROOT
from tests.factories.consultations import make_comment, make_participant
from tests.responses.journey import Clock

CODE = "0" * 26


@pytest.fixture
def comment(database: Database, activity: Activity, keys: Keys, clock: Clock, now: dt.datetime) -> Comment:
    """Of somebody whose code is `CODE`, in a consultation that has closed and was sealed."""
    with database.transaction() as session:
        closed = session.get_one(Activity, activity.id)
        digest = codes.digest(keys.codes, closed.id, CODE)
        make_participant(session, closed, digest)
        made = make_comment(session, closed, code=digest)
        closed.closes_at = now
        sealing.seal(session, closed.id, now=now)
    clock(dt.timedelta(days=2))
    return made


def unsealed(database: Database, now: dt.datetime) -> bool:
    with database.reading() as session:
        return bool(sealing.unsealed(session, now))


@pytest.mark.parametrize("code", ["", CODE])
def test_a_late_concern_joins_nobody_and_touches_nobodys_row(
    client: FlaskClient, database: Database, activity: Activity, comment: Comment, now: dt.datetime, code: str
) -> None:
    assert not unsealed(database, now)
    if code:
        client.set_cookie("part-draft", code)
    sent = client.post(f"{ROOT}/comment/{comment.id}/concern", data={"words": "She is in danger."})
    assert sent.status_code == 303 and "Set-Cookie" not in sent.headers
    with database.reading() as session:
        assert session.scalars(select(Concern.words)).all() == ["She is in danger."]
        assert [(one.spent, one.spent_on) for one in session.scalars(select(Participant))] == [(0, None)]
    assert unsealed(database, now)


def test_a_late_appeal_is_sealed_with_the_decisions(
    client: FlaskClient, database: Database, activity: Activity, comment: Comment, now: dt.datetime
) -> None:
    with database.transaction() as session:
        row = {"object": "comment", "object_id": comment.id, "act": "refuse", "reason": "insult", "day": now.date()}
        decision = Decision(activity_id=activity.id, **row)
        session.add(decision)
    client.set_cookie("part-draft", CODE)
    assert client.post(f"{ROOT}/decisions/{decision.id}/appeal", data={"words": "True."}).status_code == 303
    assert unsealed(database, now) and "decisions" in sealing.TABLES
    with database.transaction() as session:
        sealing.seal(session, activity.id, now=now)
        assert session.scalars(select(Decision.appeal_words)).all() == ["True."]
