"""With their code people read what they contributed, change what waits, and take it back."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.config import Keys, Settings
from consult.consultations import erasing
from consult.consultations.models.asked import OpenQuestion
from consult.consultations.models.contributed import AlikeMark, Comment, Endorsement, Participant, Submission
from consult.consultations.models.opinions import Statement, Vote
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.inviting import GUESSES
from consult.privacy.kinds import Wanted
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from tests.consultations.giving import ROOT, give, kept, show
from tests.factories.consultations import make_comment, make_statement
from tests.factories.texts import make_text
from tests.responses.journey import visible

SAID = "Two years are too long for those of us who came home."


def test_the_code_leads_back_from_another_device(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, body=SAID)
    code = client.get_cookie("part-draft").value
    other = app.test_client()
    assert "Your code" in visible(other.get(f"{ROOT}/own"))
    for typed, status in (("ABC", 422), ("0" * 26, 404)):
        assert other.post(f"{ROOT}/own", data={"code": typed}).status_code == status
    spelt = " ".join((code[:4], code[4:])).lower()
    assert other.post(f"{ROOT}/own", data={"code": spelt}).status_code == 303
    page = visible(other.get(f"{ROOT}/own"))
    assert SAID in page and "Waits for a moderator" in page


def test_wrong_codes_are_told_to_wait_and_right_ones_never(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, body=SAID)
    code = client.get_cookie("part-draft").value
    guesser = app.test_client()
    statuses = [
        guesser.post(f"{ROOT}/own", data={"code": f"{number:026d}"}).status_code for number in range(GUESSES + 1)
    ]
    assert statuses[0] == 404 and statuses[-1] == 429
    assert guesser.post(f"{ROOT}/own", data={"code": code}).status_code == 303


def test_what_waits_can_be_changed_and_what_is_shown_can_not(
    app: Flask, client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, body=SAID)
    (comment,) = kept(database)
    change = f"{ROOT}/own/comments/{comment.id}"
    assert SAID in client.get(change).text
    assert app.test_client().get(change).status_code == 404
    changed = {"body": "One year is too long.", "stance": "oppose"}
    assert client.post(change, data=changed).location == f"{ROOT}/own?sent=changed"
    (comment,) = kept(database)
    assert (comment.body, comment.stance, comment.state) == ("One year is too long.", "oppose", "waiting")
    show(database)
    assert client.post(change, data={"body": "Something else."}).status_code == 404
    assert kept(database)[0].body == "One year is too long."


def test_a_change_is_compared_with_the_version_in_which_it_was_written(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    give(client, body=SAID, suggestion="Citizens abroad may vote in one year.")
    (comment,) = kept(database)
    with database.transaction() as session:
        make_text(session, activity, 2, p1={"en": "Citizens abroad may vote at once."})
    change = f"{ROOT}/own/comments/{comment.id}"
    client.post(change, data={"body": SAID, "stance": "", "suggestion": "Citizens abroad may vote in two years."})
    (comment,) = kept(database)
    assert (comment.suggestion, comment.version) == ("", 1), "the words were put back"
    assert "in two years." in client.get(change).text


def test_of_one_piece_that_is_taken_back_only_the_place_stays(
    app: Flask, client: FlaskClient, database: Database, activity: Activity, settings: Settings
) -> None:
    give(client, body=SAID, stance="oppose")
    give(client, body="Something else of mine.")
    show(database)
    comment = next(one for one in kept(database) if one.body == SAID)
    app.test_client().post(f"{ROOT}/comments/{comment.id}/share")
    take = f"{ROOT}/own/take-back/{comment.id}"
    assert app.test_client().post(take).location == f"{ROOT}/own"
    assert "Delete it" in client.get(take).text
    assert client.post(take).location == f"{ROOT}/own?sent=taken"
    with database.reading() as session:
        gone = session.get_one(Comment, (activity.id, comment.id))
        assert (gone.state, gone.body, gone.stance, gone.code, gone.endorsed) == ("withdrawn", "", "", None, 0)
        assert session.scalars(select(Endorsement)).all() == []
        assert comment.id not in set(session.scalars(select(AlikeMark.comment_id)))
    (line,) = Ledger(settings.ledger).lines()
    assert bytes.fromhex(line.code) == comment.id.bytes
    assert "Something else of mine." in visible(client.get(f"{ROOT}/own"))


def everything_of(database: Database, activity: Activity, client: FlaskClient) -> bytes:
    """A comment, an answer, a shared comment, a vote and a proposed statement of one person; their code's HMAC."""
    give(client, body=SAID)
    give(client, "/questions", **{f"answer-{question(database)}": "The consulates."})
    with database.transaction() as session:
        comment = make_comment(session, activity, "Of somebody else.", part="p1")
        code = session.scalar(select(Participant.code))
        statement = make_statement(session, activity, code=code)
        session.add(Vote(activity_id=activity.id, code=code, statement_id=statement.id, value=1))
    client.post(f"{ROOT}/comments/{comment.id}/share")
    return code


def question(database: Database) -> str:
    """The id of the only open question."""
    with database.reading() as session:
        return str(session.scalar(select(OpenQuestion.id)))


def traces(database: Database) -> list[str]:
    """What is left of words of people in the tables, and how many participants."""
    with database.reading() as session:
        words = [*session.scalars(select(Comment.body)), *session.scalars(select(Submission.body))]
        words += [text for label in session.scalars(select(Statement.label)) for text in label.values()]
        for model in (Participant, Vote, Endorsement):
            words += [model.__tablename__] * (session.scalar(select(func.count()).select_from(model)) or 0)
        return sorted(filter(None, words))


def test_everything_is_taken_back_at_once_and_a_restored_backup_takes_it_back_again(
    app: Flask, client: FlaskClient, database: Database, activity: Activity, settings: Settings, keys: Keys
) -> None:
    code = everything_of(database, activity, client)
    before = traces(database)
    assert before == sorted(
        [
            "Of somebody else.",
            SAID,
            "The consulates.",
            "Voting should be easier.",
            "endorsements",
            "participants",
            "votes",
        ]
    )
    assert "You share 1 comment of others" in visible(client.get(f"{ROOT}/own"))
    assert "Delete everything" in client.get(f"{ROOT}/own/withdraw").text
    assert "Everything is taken back" in visible(client.post(f"{ROOT}/own/withdraw"))
    assert client.get_cookie("part-draft") is None
    assert traces(database) == ["Of somebody else."]
    assert [line.code for line in Ledger(settings.ledger).lines()] == [code.hex()]
    with database.transaction() as session:
        back = make_comment(session, activity, SAID, code=code)
        other = make_comment(session, activity, "A piece.")
    installation = Installation(settings, keys, database)
    assert erasing.withdrawn(installation, activity.id, [code, other.id.bytes]) == 2
    assert erasing.withdrawn(installation, activity.id, [code, other.id.bytes]) == 0
    assert back.id and traces(database) == ["Of somebody else."]


def test_after_closing_one_reads_but_takes_nothing_back(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    give(client, body=SAID)
    with database.transaction() as session:
        session.get_one(Activity, activity.id).closes_at = now
    page = visible(client.get(f"{ROOT}/own"))
    assert SAID in page and "no longer change them" in page
    assert client.post(f"{ROOT}/own/withdraw").status_code == 410
    assert kept(database)[0].body == SAID


def test_when_the_time_is_over_all_that_people_wrote_goes_and_what_officers_wrote_stays(
    client: FlaskClient, database: Database, activity: Activity, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    everything_of(database, activity, client)
    with database.transaction() as session:
        make_statement(session, activity, "By officers.")
    installation = Installation(settings, keys, database)
    assert erasing.contributions(installation, Wanted(activity.id, dt.date.max, now)) == 4
    assert traces(database) == ["By officers."]
