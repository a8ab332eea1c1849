"""Interviews without JavaScript: answers of somebody else are entered, sent once, and never read back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from consult.accounts.models import Grant, SignIn, User
from consult.db.session import Database
from consult.participation.models import Intake, Interviewer
from consult.processes.models import Activity
from tests.factories.accounts import sign_in
from tests.factories.interviews import begin_interview, make_interviewer
from tests.factories.processes import make_activity
from tests.factories.visitor import Form
from tests.responses.journey import CLOSES, Clock, Opened, count, first, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")
PLACE = "/interview"
COOKIE = "interview-survey"


@pytest.fixture
def activity(opened: Opened) -> Activity:
    """A questionnaire in two languages: whether one moved, when, and wishes on a page of their own."""
    return opened("relevance", locales=("en", "fr"), closes_at=CLOSES)


@pytest.fixture
def interviewer(database: Database, activity: Activity, client: FlaskClient, now: dt.datetime) -> User:
    """An interviewer of the activity, signed in."""
    with database.transaction() as session:
        person = make_interviewer(session, session.get_one(Activity, activity.id))
    sign_in(client, person, now=now)
    return person


def enter(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Fill in the form of a page of the interview and send it to where it leads."""
    form = Form(client.get(f"/en/q/survey{PLACE}{path}").text)
    return client.post(form.action, data={**form.fields, **fields})


def to_check(client: FlaskClient, wishes: str = "Peace") -> None:
    """Begin an interview and answer everything."""
    assert to(begin_interview(client)) == f"{PLACE}/page/1"
    assert to(enter(client, "/page/1", moved="no")) == f"{PLACE}/page/3"
    assert to(enter(client, "/page/3", wishes=wishes)) == f"{PLACE}/check"


def to_receipt(client: FlaskClient, wishes: str = "Peace") -> TestResponse:
    """A whole interview; the page with the code."""
    to_check(client, wishes)
    assert to(enter(client, "/check")) == f"{PLACE}/receipt"
    return client.get(f"/en/q/survey{PLACE}/receipt")


def code_on(page: TestResponse) -> str:
    """The code that a page shows."""
    return "".join(re.findall(r"<span>(\w+)</span>", page.text.partition('class="code"')[2].partition("</p>")[0]))


def test_an_interview_goes_over_the_pages_of_participants_to_a_code(
    client: FlaskClient, database: Database, interviewer: User
) -> None:
    desk = client.get("/en/desk/interviews")
    assert "Questionnaire for the diaspora" in visible(desk)
    assert "English · Français" in visible(desk)
    to_check(client)
    page = client.get(f"/en/q/survey{PLACE}/page/1")
    assert "Interview on behalf of somebody" in page.text
    assert "Questionnaire for the diaspora" in page.text
    for later in (page, client.get(f"/en/q/survey{PLACE}/check")):
        assert "go on later" not in later.text
        assert "/exit" not in later.text
    assert to(enter(client, "/check")) == f"{PLACE}/receipt"
    receipt = client.get(f"/en/q/survey{PLACE}/receipt")
    assert len(code_on(receipt)) == 26
    assert "http://localhost/en/q/survey/resume" in visible(receipt)
    assert "Peace" not in receipt.text
    assert "hreflang" not in receipt.text, "no link leads away from the code by mistake"
    assert stored(database) == {"moved": "no", "wishes": "Peace"}
    with database.reading() as session:
        (row,) = session.scalars(select(Intake))
        assert (row.state, row.channel, row.locale, row.day) == ("submitted", "assisted", "en", dt.date(2026, 3, 1))


def test_it_is_held_in_the_language_that_was_chosen(client: FlaskClient, database: Database, interviewer: User) -> None:
    begun = begin_interview(client, language="fr")
    assert begun.location == f"/fr/q/survey{PLACE}/page/1"
    page = client.get(begun.location)
    assert '<html lang="fr"' in page.text
    assert f'href="/en/q/survey{PLACE}/page/1"' in page.text, "and can be switched"
    assert begin_interview(client, language="xx").location.startswith("/en/desk/interviews"), "one that there is"


def test_nothing_is_read_back_after_the_end(client: FlaskClient, database: Database, interviewer: User) -> None:
    receipt = to_receipt(client)
    assert client.get_cookie(COOKIE) is None
    for path in ("", "/page/1", "/page/3", "/check", "/receipt", "/discard"):
        page = client.get(f"/en/q/survey{PLACE}{path}")
        assert page.status_code == 404, path
        assert "This interview is over" in visible(page)
        assert "Peace" not in page.text
        assert code_on(receipt) not in page.text
    for path in ("/receipt", "/answers", "/check", "/saved", "/page/1", "/withdraw", "/resume"):
        page = client.get(f"/en/q/survey{path}")
        assert "Peace" not in page.text, path
        assert page.status_code == (200 if path == "/resume" else 404), path
    for path in ("/saved", "/answers", "/resume", "/correct", "/withdraw", "/exit"):
        for method in ("GET", "POST"):
            assert client.open(f"/en/q/survey{PLACE}{path}", method=method).status_code in (404, 405), path
    assert "Peace" not in client.get("/en/desk/interviews").text


def test_the_person_reads_corrects_and_withdraws_with_the_code(
    app: Flask, client: FlaskClient, database: Database, interviewer: User
) -> None:
    code = code_on(to_receipt(client))
    person = app.test_client()
    assert to(send(person, "/resume", code=code)) == "/receipt"
    assert "Peace" in visible(person.get("/en/q/survey/answers"))
    assert to(send(person, "/correct")) == "/check"
    assert to(send(person, "/page/3", wishes="Bread")) == "/check"
    assert to(send(person, "/submit")) == "/receipt"
    with database.reading() as session:
        assert session.scalars(select(Intake.channel)).all() == ["assisted"], "it stays on its channel"
    assert send(person, "/withdraw").status_code == 200
    assert count(database, Intake) == 0


def test_a_double_click_gives_one_response_and_the_code(
    client: FlaskClient, database: Database, interviewer: User
) -> None:
    to_check(client)
    form = Form(client.get(f"/en/q/survey{PLACE}/check").text)
    assert [to(client.post(form.action)) for _ in range(3)] == [f"{PLACE}/receipt"] * 3
    assert len(code_on(client.get(f"/en/q/survey{PLACE}/receipt"))) == 26
    late = client.post(form.action)
    assert late.status_code == 409
    assert "This interview is over" in visible(late)
    assert count(database, Intake) == 1


def test_a_page_left_open_changes_nothing_of_the_next_interview(
    client: FlaskClient, database: Database, interviewer: User
) -> None:
    to_check(client, wishes="Peace")
    pages = {path: Form(client.get(f"/en/q/survey{PLACE}{path}").text).action for path in ("/page/3", "/check")}
    pages["/discard"] = Form(client.get(f"/en/q/survey{PLACE}/discard").text).action
    assert to(enter(client, "/check")) == f"{PLACE}/receipt"
    client.get(f"/en/q/survey{PLACE}/receipt")
    to_check(client, wishes="Bread")
    for path, action in pages.items():
        assert client.post(action, data={"wishes": "Mixed up"}).status_code == 409, path
        assert client.post(f"/en/q/survey{PLACE}{path}", data={"wishes": "Mixed up"}).status_code in (405, 409), path
    assert to(enter(client, "/check")) == f"{PLACE}/receipt"
    with database.reading() as session:
        found = session.scalars(select(Intake.answers).order_by(Intake.answers)).all()
    assert [re.search("Peace|Bread", answers)[0] for answers in found] == ["Bread", "Peace"]  # type: ignore[index]


def test_an_interview_and_ones_own_answers_never_meet(
    client: FlaskClient, database: Database, interviewer: User
) -> None:
    assert to(first(client, moved="no")) == "/page/3"
    assert to(send(client, "/page/3", wishes="My own")) == "/check"
    to_check(client, wishes="Peace")
    assert "My own" in client.get("/en/q/survey/check").text
    assert "Peace" not in client.get("/en/q/survey/check").text
    assert "My own" not in client.get(f"/en/q/survey{PLACE}/check").text
    to(enter(client, "/check"))
    client.get(f"/en/q/survey{PLACE}/receipt")
    assert to(send(client, "/submit")) == "/receipt", "one's own are still at hand"
    with database.reading() as session:
        assert sorted(session.scalars(select(Intake.channel))) == ["assisted", "open"]


def test_a_discarded_interview_leaves_nothing(client: FlaskClient, database: Database, interviewer: User) -> None:
    to_check(client)
    assert count(database, Intake) == 1
    done = enter(client, "/discard")
    assert "The interview is discarded" in visible(done)
    assert client.get_cookie(COOKIE) is None
    assert count(database, Intake) == 0
    assert client.get(f"/en/q/survey{PLACE}/check").status_code == 404
    assert to(begin_interview(client)) == f"{PLACE}/page/1"


def test_what_is_sent_is_not_discarded_any_more(client: FlaskClient, database: Database, interviewer: User) -> None:
    to_check(client)
    action = Form(client.get(f"/en/q/survey{PLACE}/discard").text).action
    to(enter(client, "/check"))
    assert to(client.post(action)) == f"{PLACE}/receipt"
    assert count(database, Intake) == 1


def test_one_interview_at_a_time_in_a_browser(client: FlaskClient, database: Database, interviewer: User) -> None:
    assert to(begin_interview(client)) == f"{PLACE}/page/1"
    assert begin_interview(client).location == "/en/desk/interviews#survey"
    desk = client.get("/en/desk/interviews")
    assert "Finish or discard it first" in desk.text
    assert "Begin an interview" not in desk.text
    assert f'href="/en/q/survey{PLACE}"' in desk.text
    assert to(client.get(f"/en/q/survey{PLACE}")) == f"{PLACE}/page/1"
    assert count(database, Intake) == 1
    enter(client, "/page/1", moved="no")
    enter(client, "/page/3", wishes="Peace")
    enter(client, "/check")
    assert begin_interview(client).location == "/en/desk/interviews#survey", "nor before the code was shown"
    assert to(client.get(f"/en/q/survey{PLACE}")) == f"{PLACE}/receipt"


def test_going_on_later_is_not_offered_and_does_not_work(
    client: FlaskClient, database: Database, interviewer: User, opened: Opened
) -> None:
    begin_interview(client)
    assert enter(client, "/page/1", then="later").status_code in (303, 422)
    assert "saved" not in enter(client, "/page/1", then="later", moved="no").headers.get("Location", "")


# Who and when


def take_account(database: Database, person: User, now: dt.datetime) -> None:
    with database.transaction() as session:
        session.get_one(User, person.id).disabled_at = now
        session.execute(delete(SignIn).where(SignIn.user_id == person.id))


def take_name(database: Database, person: User, _now: dt.datetime) -> None:
    with database.transaction() as session:
        session.execute(delete(Interviewer).where(Interviewer.user_id == person.id))


def take_role(database: Database, person: User, _now: dt.datetime) -> None:
    with database.transaction() as session:
        session.execute(delete(Grant).where(Grant.user_id == person.id))


@pytest.mark.parametrize("take", [take_account, take_name, take_role])
def test_whoever_loses_the_right_finishes_the_interview_and_begins_no_other(
    client: FlaskClient,
    database: Database,
    interviewer: User,
    now: dt.datetime,
    take: Callable[[Database, User, dt.datetime], None],
) -> None:
    to_check(client)
    take(database, interviewer, now)
    assert to(enter(client, "/check")) == f"{PLACE}/receipt", "what somebody has said is not lost"
    client.get(f"/en/q/survey{PLACE}/receipt")
    refused = begin_interview(client)
    assert refused.status_code == 404 or "/sign-in" in refused.location
    assert count(database, Intake) == 1


def test_before_opening_and_after_closing_none_begins(
    client: FlaskClient, database: Database, interviewer: User, activity: Activity, clock: Clock, now: dt.datetime
) -> None:
    with database.transaction() as session:
        session.execute(update(Activity).values(opens_at=now + dt.timedelta(days=1)))
    assert "It opens on 3 March 2026" in visible(client.get("/en/desk/interviews"))
    begin_interview(client)
    assert "takes no answers now" in visible(client.get("/en/desk/interviews"))
    with database.transaction() as session:
        session.execute(update(Activity).values(opens_at=now))
    clock(dt.timedelta(seconds=5))
    to_check(client)
    with database.transaction() as session:
        session.execute(update(Activity).values(closes_at=now + dt.timedelta(seconds=6)))
    clock(dt.timedelta(seconds=5))
    closed = client.get(f"/en/q/survey{PLACE}/check")
    assert "This questionnaire is closed" in visible(closed)
    assert "with your code" not in visible(closed)
    assert begin_interview(client).location == "/en/desk/interviews#survey"
    desk = visible(client.get("/en/desk/interviews"))
    assert "It closed on 2 March 2026" in desk
    assert "open in this browser" not in desk
    assert count(database, Intake) == 1


def test_an_activity_that_was_never_opened_is_listed_without_a_button(
    client: FlaskClient, database: Database, interviewer: User, activity: Activity
) -> None:
    with database.transaction() as session:
        draft = make_activity(session, session.get_one(Activity, activity.id).process, slug="next", title="Next year")
        place = session.scalars(select(Interviewer)).one().institution_id
        session.add(Interviewer(activity_id=draft.id, user_id=interviewer.id, institution_id=place))
    desk = visible(client.get("/en/desk/interviews"))
    assert "Next year" in desk
    assert desk.count("Begin an interview") == 1
    assert begin_interview(client, "next").location == "/en/desk/interviews#next"


def test_whoever_is_not_named_begins_nothing(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime
) -> None:
    with database.transaction() as session:
        elsewhere = make_interviewer(session, make_activity(session, title="Another"))
    sign_in(client, elsewhere, now=now)
    assert begin_interview(client).status_code == 404
    desk = visible(client.get("/en/desk/interviews"))
    assert "Another" in desk
    assert "Questionnaire for the diaspora" not in desk
    assert count(database, Intake) == 0
