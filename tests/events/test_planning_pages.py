"""Officers plan an event at the desk; everybody reads when and where it is."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts.models import Role
from consult.backups import holdings
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import handouts, queries, tasks
from consult.participation.queries import trial_door
from consult.processes.models import Activity, Process
from tests.events.test_grid import SEX, screening
from tests.factories import accounts as make
from tests.factories.events import make_event, make_occasion
from tests.factories.processes import make_theme
from tests.factories.questionnaires import make_edition
from tests.responses.journey import visible

pytestmark = pytest.mark.usefixtures("clock")
DESK = "/en/desk/events/abroad"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What pages say does not depend on the database: tests of the services have both."""
    return sqlite


@pytest.fixture
def activity(database: Database) -> Activity:
    """An event with a screening."""
    with database.transaction() as session:
        made = make_event(session, slug="abroad")
        make_theme(session, made.process, "cards")
        make_edition(session, made, screening())
        return made


@pytest.fixture
def officer(client: FlaskClient, database: Database, activity: Activity) -> FlaskClient:
    """The browser of an officer of the lead institution."""
    with database.transaction() as session:
        process = session.get_one(Process, activity.process_id)
        user = make.user(session, process.lead_institution, Role.OFFICER)
    make.sign_in(client, user)
    return client


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(f"{DESK}{path}", data={"csrf_token": make.token(client), **fields})


OCCASION = {
    "title-en": "Milan",
    "time_zone": "Europe/Rome",
    "starts": "2026-06-06T18:30",
    "minutes": "120",
    "capacity": "12",
    "in_place": "y",
    "place-en": "Town hall, Milan",
    "languages": ["en"],
    "further_language": "tw",
    "further_interpretation": "",
    "provisions": ["step_free"],
}


def test_an_officer_plans_a_series_from_the_first_occasion_to_its_end(
    officer: FlaskClient, database: Database, activity: Activity
) -> None:
    wrong = post(officer, "/occasions/new", **OCCASION | {"starts": "2026-10-25T02:30", "link": "mailto:x"})
    assert "A link begins with https://" in visible(wrong) and "Town hall, Milan" in wrong.text
    twice = post(officer, "/occasions/new", **OCCASION | {"starts": "2026-10-25T02:30"})
    assert "show 02:30 twice" in visible(twice) and 'selected value="tw"' in twice.text
    assert post(officer, "/occasions/new", **OCCASION).location == DESK
    assert 'value="2026-06-06T18:30"' in officer.get(f"{DESK}/occasions/1").text
    post(officer, "/occasions/1/programme", **{"title-en": "Welcome", "minutes": "15", "theme": "cards"})
    assert "18:30 – 18:45 Welcome" in visible(officer.get(f"{DESK}/occasions/1/programme"))
    row = {"title_2": "New York", "place_2": "Library", "starts_2": "2026-06-07T18:30"}
    zones = {f"time_zone_{number}": "America/New_York" for number in range(1, 9)}
    missing = post(officer, "/occasions/1/series", **row | zones | {"place_2": ""})
    assert "Say where people meet" in visible(missing) and 'value="New York"' in missing.text
    assert post(officer, "/occasions/1/series", **row | zones).location == DESK
    shown = visible(officer.get(DESK))
    assert "1. Milan Saturday, 6 June 2026, 18:30 – 20:30 Rome (Central European Time) 0 of 12" in shown
    assert "2. New York Sunday, 7 June 2026, 18:30 – 20:30 New York (Eastern Time)" in shown
    asked = visible(officer.get(f"{DESK}/occasions/2/cancel"))
    assert "Nobody has signed up for it." in asked
    post(officer, "/occasions/2/cancel")
    assert "Cancelled" in visible(officer.get(DESK))
    assert "cannot be changed" in visible(post(officer, "/occasions/2", **OCCASION))
    with database.transaction() as session:
        one, two = queries.occasions(session, activity.id)
        assert (one.languages, two.state, two.sequence) == (["en", "tw"], "cancelled", 1)


def test_the_grid_is_made_of_what_is_asked_and_says_what_cannot_be(
    officer: FlaskClient, database: Database, activity: Activity
) -> None:
    with database.transaction() as session:
        make_occasion(session, session.merge(activity), capacity=5)
    for code, minimum in (("female", "4"), ("male", "3")):
        post(officer, "/grid", **{f"cell_{SEX}": [code], "minimum": minimum, "maximum": ""})
    page = officer.get(f"{DESK}/grid")
    assert "They need at least 7 people. These occasions have fewer places: Milan (5)" in visible(page)
    assert "Choose at least one category." in visible(post(officer, "/grid", minimum="4"))
    with database.transaction() as session:
        second = queries.targets(session, activity.id)[1].id
    post(officer, f"/grid/{second}/up")
    post(officer, f"/grid/{second}", **{f"cell_{SEX}": ["male"], "minimum": "1"})
    with database.transaction() as session:
        assert [one.minimum for one in queries.targets(session, activity.id)] == [1, 4]


def test_documents_are_what_their_content_says(
    officer: FlaskClient, database: Database, activity: Activity, settings: Settings, keys: Keys
) -> None:
    def offer(content: bytes, name: str) -> TestResponse:
        return post(officer, "/documents", **{"title-en": "The draft", "file": (io.BytesIO(content), name)})

    for content in (b"<svg xmlns='x'><script/></svg>", b"<!doctype html><p>hi", b"MZ\x90\x00\x03"):
        assert offer(content, "notes.pdf").status_code == 200
    assert offer(b"", "empty.txt").status_code == 200
    assert offer(b"What it is about.", "../المسودة.html").status_code == 302
    with database.transaction() as session:
        (kept,) = queries.handouts(session, activity.id)
        assert kept.filename == "المسودة.txt" and handouts.held(session, activity.id) == {kept.file}
    make_public = f"/en/e/abroad/documents/{kept.id}"
    got = officer.get(make_public)
    assert got.data == b"What it is about." and got.mimetype == "text/plain"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    installation = Installation(settings, keys, database)
    with database.reading() as session:
        assert holdings.named(session, settings) == {f"uploads/{activity.id}-handouts/{kept.file}"}
    post(officer, f"/documents/{kept.id}/remove")
    assert officer.get(make_public).status_code == 404
    tasks.tidy(installation, {}, dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    assert not list(handouts.folder(settings.uploads, activity.id).names())


def test_everybody_reads_times_by_two_clocks_without_a_script(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        activity = make_event(session, slug="abroad")
        make_occasion(session, activity, taken=11, provisions=["childcare"], link="https://call.example/secret")
        make_occasion(session, activity, "Turin", state="cancelled")
    first = visible(client.get("/en/e/abroad"))
    assert (
        "Milan Saturday, 6 June 2026, 11:00 – 13:00 Rome (Central European Time) · GMT+02:00" in first
        and "Few places are left" in first
    )
    assert "Cancelled: it does not take place." in first and "Who signs up first gets a place" in first
    page = client.get("/en/e/abroad/1?zone=Asia/Tehran")
    assert "In your time zone: Saturday, 6 June 2026, 12:30 – 14:30 Tehran (Iran Time)" in visible(page)
    assert "Childcare" in visible(page) and "call.example" not in page.text and "Set-Cookie" not in page.headers
    assert 'href="/en/e/abroad?zone=Asia/Tehran"' in page.text
    entry = client.get("/en/e/abroad/1.ics")
    assert entry.mimetype == "text/calendar" and "SUMMARY:Life abroad – Milan" in entry.text
    assert "DTSTART;TZID=Europe/Rome:20260606T110000" in entry.text and "secret" not in entry.text
    assert "METHOD:CANCEL" in client.get("/en/e/abroad/2.ics").text
    assert client.get("/en/e/abroad/1?zone=<script>").status_code == 200
    assert client.get("/en/e/abroad/3").status_code == 404


def test_what_is_asked_at_sign_up_is_no_questionnaire_of_its_own(
    officer: FlaskClient, database: Database, activity: Activity
) -> None:
    for page in ("q/abroad", "desk/activities/abroad/trial", "desk/activities/abroad/import-responses"):
        assert officer.get(f"/en/{page}").status_code == 404, page
    with database.transaction() as session:
        assert trial_door(session, "abroad") is None
    page = visible(officer.get("/en/desk/activities/abroad"))
    assert "Questions asked at sign-up" in page and "Import responses" not in page and "Trial" not in page


def test_the_rail_says_at_which_activity_somebody_works(officer: FlaskClient, activity: Activity) -> None:
    report = f"/en/desk/processes/{activity.process.slug}/results/events/abroad"
    for page in ("/en/desk/events/abroad", "/en/desk/events/abroad/grid", report):
        assert '<a href="/en/desk/events/abroad" aria-current="page">' in officer.get(page).text, page
