"""What authors and readers learn of decisions, concerns and answers, page by page; and what goes with what goes."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from consult.config import Keys, Settings
from consult.consultations import erasing
from consult.consultations.models.contributed import Comment, Participant, State
from consult.consultations.models.moderated import Act, Concern, Decision
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.privacy.kinds import Wanted
from consult.processes.models import Activity
from tests.consultations.giving import ROOT, give, kept, show
from tests.consultations.test_answering import published
from tests.consultations.test_submitting import SENT, sent
from tests.factories.consultations import make_comment, make_statement
from tests.responses.journey import visible

APPEAL = "Nobody is named in it."


def decide(database: Database, act: Act, state: State, reason: str = "") -> Decision:
    """Something was decided about the only comment of the participant."""
    with database.transaction() as session:
        comment = session.scalars(select(Comment).where(Comment.code.is_not(None))).one()
        comment.state = state
        made = Decision(
            activity_id=comment.activity_id, object="comment", object_id=comment.id, act=act, reason=reason, day=DAY
        )
        session.add(made)
    return made


DAY = dt.date(2026, 3, 2)


def test_readers_learn_why_something_is_not_shown_and_can_tell_of_a_danger(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, body="Names my neighbour.")
    decision = decide(database, Act.REFUSE, State.REFUSED, "names_others")
    with database.transaction() as session:
        reply = make_comment(session, activity, "An answer.", part="p1", parent_id=decision.object_id)
        statement = make_statement(session, activity)
    for page in ("/text/p1", f"/comments/{decision.object_id}"):
        answer = client.get(ROOT + page)
        assert "A moderator refused what stood here. Reason: Names other people" in visible(answer)
        assert f"/comment/{reply.id}/concern" in answer.text and "neighbour" not in answer.text
    give(client, "/submit", **SENT)
    submission = sent(database)
    assert f"/submission/{submission.id}/concern" in client.get(f"{ROOT}/submissions/{submission.id}").text
    assert f"/statement/{statement.id}/concern" in client.get(f"{ROOT}/vote").text


@pytest.mark.parametrize(
    ("act", "state", "told"),
    [
        (Act.REFUSE, State.REFUSED, "Refused Mine. Refused: Insults or hatred · Ask for a second look"),
        (Act.REDACT, State.SHOWN, "Shown Mine. Shown with parts blackened: Insults or hatred · Ask for a second look"),
        (Act.REDACT, State.CONCERN, "Shown Mine. Shown with parts blackened"),
        (Act.SHOW, State.CONCERN, "Shown Mine. Take back"),
    ],
)
def test_authors_learn_what_was_decided_but_not_that_somebody_saw_a_danger(
    client: FlaskClient, database: Database, activity: Activity, act: Act, state: State, told: str
) -> None:
    give(client, body="Mine.")
    decision = decide(database, act, state, "" if act is Act.SHOW else "insult")
    page = client.get(f"{ROOT}/own")
    assert told in visible(page)
    assert (f"/decisions/{decision.id}/appeal" in page.text) is (act is not Act.SHOW)
    assert client.get(f"{ROOT}/decisions/{decision.id}/appeal").status_code == (404 if act is Act.SHOW else 200)


def test_ones_own_page_has_the_statements_and_the_answers(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    give(client, body="Mine.")
    show(database)
    with database.transaction() as session:
        code = session.scalar(select(Participant.code))
        statement = make_statement(session, activity, "Consulates should open on Saturdays.", code=code)
        here = session.get_one(Activity, activity.id)
        for part, did in (("p1", "One year it is."), ("p2", "To others.")):
            words = LocalisedText({"en": did, "fr": did})
            published(session, here, now, themes=[], parts=[part], said=words, did=words)
    page = visible(client.get(f"{ROOT}/own"))
    assert "Shown Statement Consulates should open on Saturdays." in page
    assert "We did One year it is." in page and "To others." not in page
    assert client.post(f"{ROOT}/own/take-back/{statement.id}").status_code == 303
    assert "Saturdays" not in visible(client.get(f"{ROOT}/own"))


@pytest.mark.parametrize("way", ["piece", "everything", "retention"])
def test_what_authors_wrote_in_appeals_goes_with_what_it_is_about(
    client: FlaskClient,
    database: Database,
    activity: Activity,
    settings: Settings,
    keys: Keys,
    now: dt.datetime,
    way: str,
) -> None:
    give(client, body="Mine.")
    decision = decide(database, Act.REFUSE, State.REFUSED, "insult")
    client.post(f"{ROOT}/decisions/{decision.id}/appeal", data={"words": APPEAL})
    with database.transaction() as session:
        row = {"activity_id": activity.id, "object": "comment", "object_id": decision.object_id, "day": DAY}
        session.add(Concern(**row, words="I worry."))
        assert session.scalars(select(Decision.appeal_words)).all() == [APPEAL]
    if way == "retention":
        erasing.contributions(Installation(settings, keys, database), Wanted(activity.id, dt.date.max, now))
    else:
        client.post(f"{ROOT}/own/" + (f"take-back/{decision.object_id}" if way == "piece" else "withdraw"))
    gone = way == "retention"
    with database.reading() as session:
        assert session.scalars(select(Decision.appeal_words)).all() == ([] if gone else [""])
        assert session.scalars(select(Concern.words)).all() == ([] if gone else ["I worry."])
    assert [comment.body for comment in kept(database)] == ([] if gone else [""])


def test_after_closing_everything_can_be_read_and_forms_say_so(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        session.execute(update(Activity).where(Activity.id == activity.id).values(closes_at=now))
        comment = make_comment(session, activity, "Said in time.", part="p1").id
    first = client.get(ROOT)
    assert "The consultation takes no contributions now" in visible(first)
    assert f'href="{ROOT}/text"' in first.text
    for page in ("vote", "questions", "submit", "submissions", "answers"):
        assert f'href="{ROOT}/{page}"' in first.text
        read = client.get(f"{ROOT}/{page}")
        assert read.status_code == 200 and "<textarea" not in read.text, page
    assert "Said in time." in visible(client.get(f"{ROOT}/text/p1"))
    for page in ("text/p1", f"comments/{comment}", f"comments/{comment}/share", "questions", "submit"):
        assert client.post(f"{ROOT}/{page}", data={"body": "Late."}).status_code == 410, page
    assert client.post(f"{ROOT}/vote", data={"statement": str(uuid.uuid4()), "vote": "agree"}).status_code == 303
    assert len(kept(database)) == 1
