"""Attacks on moderation: markup in contributions, blackened words, concerns that others read, other institutions."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.accounts.models import User
from consult.consultations import appealing, concerns, limits, moderating, words
from consult.consultations.models.contributed import Comment, CommentTranslation, Participant, State, Submission
from consult.consultations.models.moderated import Act, Concern, Decision
from consult.consultations.moderating import Which
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.db.session import Database
from consult.participation import codes
from consult.participation.guard import Guard
from consult.participation.measures import decide
from consult.participation.models import Invitation
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import KEYS, sign_in, token
from tests.factories.consultations import (
    OPENED,
    make_comment,
    make_consultation,
    make_participant,
    make_statement,
)
from tests.factories.invitations import invite, make_codes
from tests.responses.journey import visible

SCRIPT = "<script>alert(1)</script>"
SECRET = "Kofi Mensah, 4 Ring Road"
CODE = "0" * 26


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_consultation(session, locales=("en", "fr"))


@pytest.fixture
def officer(database: Database, activity: Activity) -> User:
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        return make.user(session, found.process.lead_institution, "officer", name=SCRIPT)


def test_what_people_write_becomes_no_markup(
    client: FlaskClient, database: Database, activity: Activity, officer: User, now: dt.datetime
) -> None:
    digest = codes.digest(KEYS.codes, activity.id, CODE)
    by = Actor(officer.id, officer.name)
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        make_participant(session, found, digest)
        texts = {"state": "waiting", "stance": "suggest", "suggestion": SCRIPT, "code": digest}
        comment, refused = (make_comment(session, found, SCRIPT, **texts) for _ in range(2))
        shown = make_comment(session, found, SCRIPT)
        statement = make_statement(session, found, SCRIPT, state="waiting")
        submission = Submission(
            activity_id=activity.id, id=uuid.uuid4(), code=digest, stakeholder="ngo", name=SCRIPT, permission="named",
            title=SCRIPT, body=SCRIPT, files=[], redacted=[], locale="en", day=now.date(), channel="open",
            state="waiting",
        )  # fmt: skip
        session.add(submission)
        which = Which("comment", [refused.id])
        moderating.decide(session, found, which, Act.REFUSE, seen=State.WAITING, reason="insult", by=by, now=now)
        decision = session.scalars(select(Decision)).one()
        appealing.appeal(session, activity.id, digest, decision.id, SCRIPT)
        concerns.flag_as_participant(session, activity.id, "comment", shown.id, SCRIPT, today=now.date())
        concerns.settle(
            session, found, "comment", shown.id, SCRIPT, away=False, seen=State.SHOWN, by=by, now=now
        )  # fmt: skip
    sign_in(client, officer)
    client.set_cookie(f"part-{activity.slug}", CODE)
    desk, public = f"/en/desk/consultations/{activity.slug}", f"/en/c/{activity.slug}"
    pages = [
        *(f"{desk}/moderation?kind={kind}" for kind in moderating.KINDS),
        f"{desk}/moderation/comment/{comment.id}",
        f"{desk}/moderation/statement/{statement.id}",
        f"{desk}/moderation/submission/{submission.id}",
        f"{desk}/appeals",
        f"{desk}/concerns?done=1",
        f"{desk}/concerns/comment/{shown.id}",
        f"{desk}/flag/comment/{comment.id}",
        f"{desk}/translations?into=fr",
        f"{desk}/translations/{shown.id}/fr",
        f"{public}/decisions/{decision.id}/appeal",
        f"{public}/comment/{shown.id}/concern",
    ]
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert SCRIPT not in answer.text and "&lt;script&gt;" in answer.text, path


def test_blackened_words_are_in_no_byte_that_is_not_a_moderators(
    app: Flask, client: FlaskClient, database: Database, activity: Activity, officer: User, now: dt.datetime
) -> None:
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        comment = make_comment(session, found, f"I saw {SECRET} there.")
        old = {"comment_id": comment.id, "locale": "fr", "body": f"J’ai vu {SECRET}."}
        session.add(CommentTranslation(activity_id=activity.id, **old))
        session.flush()
        moderating.redact(
            session, found, "comment", comment.id, [[6, 6 + len(SECRET)]], seen=(State.SHOWN, []),
            reason="personal_data", by=Actor(officer.id, ""), now=now,
        )  # fmt: skip
        translator = make.user(session, found.process.lead_institution, "translator")
        administrator = make.user(session, found.process.lead_institution, "administrator", "coder")
    desk, public = f"/en/desk/consultations/{activity.slug}", f"/en/c/{activity.slug}"
    seen = [client.get(f"{public}/{page}").text for page in ("log", "policy", f"comment/{comment.id}/concern")]
    with app.test_request_context("/en/"), database.reading() as session:
        app.preprocess_request()
        macro = app.jinja_env.get_template("consultations/contribution.html").module.contribution
        seen.append(str(macro(session.scalars(select(Comment)).one(), words)))
        assert session.scalars(select(CommentTranslation)).all() == []
    sign_in(client, translator)
    seen += [client.get(f"{desk}/{page}").text for page in (f"flag/comment/{comment.id}", "translations?into=fr")]
    seen.append(client.get(f"{desk}/translations/{comment.id}/fr").text)
    sign_in(client, administrator)
    seen.append(client.get("/en/staff/trail").text)
    assert "consultations.redact" in seen[-1]
    for page in seen:
        assert "Kofi" not in page and "Ring Road" not in page
    assert sum("▮▮▮" in page for page in seen) == 5


def test_what_is_not_shown_leaves_a_tombstone_or_nothing(app: Flask, database: Database, activity: Activity) -> None:
    with app.test_request_context("/en/"), database.transaction() as session:
        app.preprocess_request()
        found = session.get_one(Activity, activity.id)
        macro = app.jinja_env.get_template("consultations/contribution.html").module.contribution
        tomb = Decision(act="refuse", reason="insult")
        shown = {state: str(macro(make_comment(session, found, SECRET, state=state), words, tomb)) for state in State}
    assert {state for state, page in shown.items() if SECRET in page} == {State.SHOWN}
    assert "Insults or hatred" in shown[State.REFUSED] and "took back" in shown[State.WITHDRAWN]
    assert {state for state, page in shown.items() if not page.strip()} == {
        State.WAITING,
        State.SET_APART,
        State.CONCERN,
    }


def test_another_institution_and_another_consultation_find_nothing(
    client: FlaskClient, database: Database, activity: Activity, officer: User
) -> None:
    with database.transaction() as session:
        elsewhere = make_consultation(session)
        other = make.user(session, elsewhere.process.lead_institution, "officer", "translator")
        comment = make_comment(session, session.get_one(Activity, activity.id), state="waiting")
    paths = [f"moderation/comment/{comment.id}", f"flag/comment/{comment.id}", f"concerns/comment/{comment.id}"]
    sign_in(client, other)
    form = {"csrf_token": token(client), "act": "show", "seen": "waiting", "ids": comment.id, "words": "x"}
    form |= {"read": f"{comment.id}.0", "revision": "0"}
    for home in (activity.slug, elsewhere.slug):
        for path in paths:
            answer = client.post(f"/en/desk/consultations/{home}/{path}", data=form)
            assert answer.status_code == client.get(f"/en/desk/consultations/{home}/{path}").status_code == 404, path
    # The id of another consultation's contribution, at a desk of one's own.
    client.post(f"/en/desk/consultations/{elsewhere.slug}/moderation", data=form)
    with database.reading() as session:
        assert session.scalars(select(Comment.state)).all() == ["waiting"]
        assert session.scalars(select(Decision)).all() == session.scalars(select(Concern)).all() == []


def test_two_moderators_at_once_make_one_decision_and_a_participant_spends_no_more_than_there_is(
    database: Database, activity: Activity, officer: User, now: dt.datetime
) -> None:
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        comment = make_comment(session, found, state="waiting")
        code = make_participant(session, found).code
    barrier, spent = threading.Barrier(6), []

    def run(act: Act) -> None:
        barrier.wait()
        with database.transaction() as session:
            mine = session.get_one(Activity, activity.id)
            moderating.decide(
                session, mine, Which("comment", [comment.id]), act, seen=State.WAITING, reason="insult",
                by=Actor(officer.id, ""), now=now,
            )  # fmt: skip
            spent.append(limits.may_contribute(session, activity.id, code, "submission", today=now.date()))

    threads = [threading.Thread(target=run, args=[(Act.SHOW, Act.REFUSE)[turn % 2]]) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1
    assert sorted(spent) == [False] * 3 + [True] * 3


def test_whoever_reads_tells_of_danger_without_an_invitation_and_uses_up_none(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        comment = make_comment(session, found)
        invite(session, found)
        (code,) = make_codes(session, found)
    client.post(f"/en/c/{activity.slug}/invited", data={"code": code})
    page = f"/en/c/{activity.slug}/comment/{comment.id}/concern"
    trapped = client.post(page, data={"words": "She is in danger.", "website": "x"})
    assert trapped.status_code == 422 and "She is in danger." in trapped.text and "once more" in visible(trapped)
    for browser in (client, client.application.test_client()):
        sent = browser.post(page, data={"words": "She is in danger."})
        assert sent.status_code == 303 and "Thank you" in visible(browser.get(sent.location))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Concern)) == 2
        assert session.scalar(select(func.count()).select_from(Participant)) == 0
        assert session.scalars(select(Invitation.state)).one() != "used"


def test_a_flood_of_flags_stops_at_the_pace_of_its_addresses_and_silences_nobody(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        decide(session, found, Guard(seconds=0, hourly=150, counted=True), by=None, now=OPENED)
        comments = [make_comment(session, found) for _ in range(20)]
    client.environ_base |= {"REMOTE_ADDR": "203.0.113.9"}
    answers = [
        client.post(f"/en/c/{activity.slug}/comment/{comment.id}/concern", data={"words": "x"}).status_code
        for comment in comments
    ]
    assert answers == [303] * 15 + [422] * 5
    with database.transaction() as session:
        assert set(session.scalars(select(Comment.state))) == {"shown"}
        assert session.scalar(select(func.count()).select_from(Concern)) == 15
        for _ in range(60):
            concerns.flag_as_participant(
                session, activity.id, "comment", comments[0].id, "x", today=dt.date(2026, 3, 2)
            )  # fmt: skip
        one = select(func.count()).where(Concern.object_id == comments[0].id)
        assert session.scalar(one) == concerns.KEPT
        with pytest.raises(Refused, match=r"concern\.words"):
            concerns.flag_as_participant(
                session, activity.id, "comment", comments[0].id, "x" * 2001, today=dt.date(2026, 3, 2)
            )  # fmt: skip
