"""The page of what is kept for how long, and what other pages say once answers are erased."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.db.session import Database
from consult.privacy.models import Period
from consult.processes.models import Activity, Process
from tests.factories import accounts as make
from tests.factories.responses import make_open

PAGE = "/en/desk/activities/survey/retention"
CLOSED = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
BEGUN = dt.date(2026, 5, 1)


@pytest.fixture
def activity(database: Database) -> Activity:
    """A questionnaire that asks for files and closed long ago."""
    with database.transaction() as session:
        return make_open(session, "uploads", slug="survey", closes_at=CLOSED)


@pytest.fixture
def officer(client: FlaskClient, database: Database, activity: Activity) -> FlaskClient:
    """The browser of somebody who runs the process and is a data steward."""
    with database.transaction() as session:
        process = session.get_one(Process, activity.process_id)
        user = make.user(session, process.lead_institution, Role.OFFICER, Role.STEWARD, second_step=True)
    make.sign_in(client, user)
    return client


def erase(database: Database, activity: Activity, kind: str) -> None:
    with database.transaction() as session:
        session.merge(Period(activity_id=activity.id, kind=kind, begun_on=BEGUN, erased_on=BEGUN))


def test_it_shows_each_kind_of_data_with_its_day(officer: FlaskClient) -> None:
    page = officer.get(PAGE).text
    for words in ("Answers that were sent", "Files of participants", "24 months after closing", "9 March 2028"):
        assert words in page
    assert "90 days after they were last saved" in page
    assert "At closing" in page, "a closed activity has none any more"
    assert 'name="drafts"' not in page
    assert PAGE in officer.get("/en/desk/activities/survey").text


def test_periods_are_shortened_there(officer: FlaskClient) -> None:
    form = {"responses": "12", "files": "12", "drafts": "90", "csrf_token": make.token(officer)}
    assert officer.post(PAGE, data=form).status_code == 302
    assert "12 months after closing" in officer.get(PAGE).text


def test_and_never_prolonged_beyond_the_promise(officer: FlaskClient, database: Database, activity: Activity) -> None:
    with database.transaction() as session:
        session.get_one(Activity, activity.id).closes_at = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    form = {"responses": "25", "files": "x", "drafts": "400", "csrf_token": make.token(officer)}
    page = officer.post(PAGE, data=form)
    assert page.status_code == 200
    assert page.text.count('class="error"') == 1, "first what is no number"
    page = officer.post(PAGE, data={**form, "files": "24"})
    assert "Write a number from 1 to 24" in page.text
    assert "Write a number from 7 to 90" in page.text
    assert 'value="25"' in page.text, "what was typed stays"


def test_participants_read_it_in_the_notice(client: FlaskClient, activity: Activity) -> None:
    page = client.get("/en/q/survey/privacy").text
    assert "deleted 90 days after they were last saved" in page


def test_and_it_goes_on_saying_what_was_promised(officer: FlaskClient) -> None:
    form = {"responses": "12", "files": "12", "drafts": "30", "csrf_token": make.token(officer)}
    officer.post(PAGE, data=form)
    page = officer.get("/en/q/survey/privacy").text
    assert "All this is deleted 24 months after the questionnaire closes." in page
    assert "deleted 90 days after they were last saved" in page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (PAGE, "the activity stays closed"),
        ("/en/desk/activities/survey", "The answers were erased on 1 May 2026"),
        ("/en/desk/activities/survey/files", "The files were erased on 1 May 2026"),
        ("/en/desk/processes/{process}/results/microdata/survey", "The answers were erased on 1 May 2026"),
        ("/en/desk/processes/{process}/results/fieldwork", "The answers were erased on 1 May 2026"),
        ("/en/desk/processes/{process}/results/new", "whose answers were erased on 1 May 2026"),
    ],
)
def test_pages_say_that_answers_are_erased(
    officer: FlaskClient, database: Database, activity: Activity, path: str, words: str
) -> None:
    address = path.format(process=activity.process.slug)
    assert words not in officer.get(address).text
    erase(database, activity, "responses")
    page = officer.get(address)
    assert page.status_code == 200
    assert words in page.text


@pytest.mark.parametrize("kind", ["responses", "files"])
def test_nobody_is_offered_to_open_it_again(
    officer: FlaskClient, database: Database, activity: Activity, kind: str
) -> None:
    assert "/survey/reopen" in officer.get("/en/desk/activities/survey").text
    erase(database, activity, kind)
    page = officer.get("/en/desk/activities/survey").text
    assert "/survey/reopen" not in page
    assert ("/survey/responses/import" in page) is False or kind == "files"


def test_files_that_are_erased_cannot_be_fetched(officer: FlaskClient, database: Database, activity: Activity) -> None:
    erase(database, activity, "files")
    assert officer.get("/en/desk/activities/survey/files/download.zip").status_code == 404
    assert "The files were erased on" in officer.get("/en/desk/activities/survey/files").text


def test_before_the_opening_the_notice_and_the_page_hold_the_same_number(
    officer: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        session.get_one(Activity, activity.id).opens_at = dt.datetime(2998, 1, 1, tzinfo=dt.UTC)
        session.get_one(Activity, activity.id).closes_at = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    form = {"responses": "36", "files": "6", "drafts": "30", "csrf_token": make.token(officer)}

    assert officer.post(PAGE, data=form).status_code == 302
    assert 'value="36"' in officer.get("/en/desk/activities/survey/notice").text
    page = officer.get("/en/q/survey/privacy").text
    for words in (
        "deleted 36 months after the questionnaire closes",
        "deleted 6 months after closing",
        "30 days after",
    ):
        assert words in page
