"""Preparing a questionnaire at the desk: import, preview, publish, let people in and out."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Role, User
from consult.core.translation import Gate
from consult.db.session import Database
from consult.privacy.template import TEXTS
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.web.security import UPLOAD_LIMIT
from tests.core.exchange.lss.making import Asked, Page, lss
from tests.core.exchange.making import form
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_edition, make_questionnaire

FORMS = Path(__file__).parents[1] / "core" / "exchange" / "forms"
DESK = "/en/desk/activities/survey"
SURVEY = form(
    "type|name|label::English (en)|label::Français (fr)|relevant\n"
    "begin group|about|About you|Sur vous|\n"
    "integer|age|Your age|Votre âge|\n"
    "text|job|Your job||${age} > 15\n"
    "end group||||\n"
    "barcode|code|Scan|Scannez|"
)


@pytest.fixture
def activity(database: Database) -> Activity:
    """An activity in Berlin's time, planned and empty."""
    with database.transaction() as session:
        process = make_process(session, slug="labour", locales=("en", "fr"), gate=Gate.BEGUN)
        return make_activity(session, process, slug="survey", title="Opinion survey", time_zone="Europe/Berlin")


@pytest.fixture
def officer(database: Database, activity: Activity, client: FlaskClient) -> User:
    """An officer of the lead institution, signed in."""
    with database.transaction() as session:
        place = session.get_one(Activity, activity.id).process.lead_institution
        person = make.user(session, place, Role.OFFICER)
    sign_in(client, person)
    return person


@pytest.fixture
def ready(database: Database, activity: Activity) -> Activity:
    """The activity, lacking nothing to be opened."""
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        make_draft(session, found, make_questionnaire(locales=("en", "fr")))
        make_edition(session, found, make_questionnaire(locales=("en", "fr")))
        make_notice(session, found)
        return found


def post(client: FlaskClient, path: str, **fields: object):
    """Send a form."""
    return client.post(f"{DESK}{path}", data={"csrf_token": token(client), **fields})


def upload(client: FlaskClient, data: bytes, name: str = "survey.xlsx", **fields: object):
    """Send a file."""
    return post(client, "/import", file=(BytesIO(data), name), **{"source": "", **fields})


def test_from_a_file_to_an_edition_that_people_answer(
    client: FlaskClient, officer: User, activity: Activity, database: Database
) -> None:
    assert "There is no questionnaire yet" in client.get(DESK).text
    assert upload(client, SURVEY).status_code == 302
    page = client.get(DESK).text
    assert "survey.xlsx" in page
    assert "Français" in page
    assert "barcode" in page, "what was left out is told"
    assert "The draft is not published yet" in page
    assert "Publish edition 1?" in client.get(f"{DESK}/publish").text
    assert post(client, "/publish").status_code == 302
    assert "It is published as edition 1" in client.get(DESK).text
    assert "published already" in post(client, "/publish").text
    with database.reading() as session:
        edition = queries.latest_edition(session, activity.id)
        assert edition is not None
        assert edition.hash in client.get(DESK).text
    assert "notice is not complete" in post(client, "/open").text
    notice = {f"{name}-{locale}": "Ministry" for name in TEXTS for locale in ("en", "fr")}
    notice |= {
        "basis": "public_task",
        "special": "none",
        "rights": "access",
        "contact": "a@example.org",
        "months": "12",
    }
    assert post(client, "/notice", **notice).status_code == 302
    assert post(client, "/open").status_code == 302
    assert "the published edition must ask for it" in post(client, "/notice", **notice | {"special": "consent"}).text
    other = client.application.test_client()
    assert "Votre âge" in other.get("/fr/q/survey").text
    assert "Ministry" in other.get("/fr/q/survey/privacy").text
    assert post(client, "/close").status_code == 302
    assert "Open again" in client.get(DESK).text
    assert post(client, "/reopen", closes_at="2999-01-01T12:00").status_code == 302
    assert re.search(r"1 January 2999|January 1, 2999", client.get(DESK).text)


def test_a_draft_is_for_nobody_else(client: FlaskClient, ready: Activity) -> None:
    assert client.get("/en/q/survey").status_code == 404
    assert client.get("/en/q/survey/privacy").status_code == 404
    assert client.get("/en/desk/activities/survey/preview").status_code == 302


@pytest.mark.parametrize("name", sorted(path.name for path in FORMS.glob("pyxform_BAD_*.xlsx")))
def test_a_bad_file_changes_nothing_and_says_where_it_is_wrong(
    client: FlaskClient, officer: User, ready: Activity, database: Database, name: str
) -> None:
    page = upload(client, FORMS.joinpath(name).read_bytes(), name).text
    assert "The file was not imported" in page
    assert re.search(r"<td[^>]*><bdi>survey</bdi></td>", page)
    with database.reading() as session:
        draft = queries.draft(session, ready.id)
        assert draft is not None
        assert draft.number == 1


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" + b"0" * 100, b"PK\x03\x04nonsense"])
def test_what_is_no_workbook_is_refused_in_words(
    client: FlaskClient, officer: User, activity: Activity, data: bytes
) -> None:
    assert "The file was not imported" in upload(client, data).text


def test_what_is_wrong_with_a_file_as_a_whole_has_no_row_of_dashes(
    client: FlaskClient, officer: User, activity: Activity
) -> None:
    page = upload(client, b"\x89PNG").text
    assert "This is no Excel workbook" in page
    assert "<table" not in page


def test_what_the_import_has_said_is_not_said_again(client: FlaskClient, officer: User, activity: Activity) -> None:
    choices = "list_name|name|label\nyn|y|Yes\nyn|n|No"
    survey = "type|name|label|appearance\nbarcode|b|B|\nselect_one yn|head|How|label\nselect_one yn|a|A|list-nolabel"
    upload(client, form(survey, choices))
    page = client.get(DESK).text
    assert page.count("has no place here") == 1
    assert page.count("<bdi>survey</bdi>") == 1
    assert "matrix" not in page
    assert '<ul class="whole">' not in page


@pytest.mark.parametrize("name", ["survey.lss", "survey"])
def test_a_survey_of_limesurvey_becomes_a_draft_with_what_is_lost(
    client: FlaskClient, officer: User, activity: Activity, name: str
) -> None:
    asked = [Asked("a", "N"), Asked("b", "S", relevance="rand(1, 2) == 1")]
    assert upload(client, lss(Page(asked, title="About you")), name).status_code == 302
    page = client.get(DESK).text
    assert re.search(r"<td[^>]*><bdi>About you</bdi></td>\s*<td[^>]*><bdi>b · relevance</bdi></td>", page)
    assert "“rand()” has no counterpart here" in page
    assert ">Question</th>" in page
    assert ">Sheet</th>" not in page


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"<html/>", "page.html", "This is no survey of LimeSurvey"),
        (b"PK\x03\x04nonsense", "survey.lsa", "This is an archive, not a survey"),
        (lss(Page([])), "survey.lss", "The survey has no questions"),
    ],
)
def test_what_is_no_survey_is_refused_in_words(
    client: FlaskClient, officer: User, activity: Activity, data: bytes, name: str, said: str
) -> None:
    page = upload(client, data, name).text
    assert "The file was not imported" in page
    assert said in page


def test_a_questionnaire_without_a_title_is_called_as_its_activity(
    client: FlaskClient, officer: User, activity: Activity, database: Database
) -> None:
    upload(client, form("type|name|label::Deutsch (de)\ntext|a|A", settings="form_id\nabroad_1"))
    post(client, "/publish")
    with database.reading() as session:
        assert set(session.get_one(Activity, activity.id).title.values()) == {"Opinion survey"}


def test_a_form_without_a_file_asks_for_one(client: FlaskClient, officer: User, activity: Activity) -> None:
    assert 'href="#file"' in post(client, "/import", source="").text


def test_files_up_to_the_limit_are_read_and_larger_ones_are_not(
    client: FlaskClient, officer: User, activity: Activity
) -> None:
    assert upload(client, b"0" * (2 * 1024 * 1024)).status_code == 200
    assert upload(client, b"0" * (UPLOAD_LIMIT + 1)).status_code == 413
    assert post(client, "/settings", **{"title-en": "x" * (2 * 1024 * 1024)}).status_code == 413


def test_the_preview_shows_the_draft_in_each_of_its_languages(
    client: FlaskClient, officer: User, activity: Activity
) -> None:
    assert upload(client, SURVEY).status_code == 302
    french = client.get("/fr/desk/activities/survey/preview")
    assert "Votre âge" in french.text
    assert "Your job" in french.text, "not translated yet, and shown though it depends on an answer"
    assert '<span lang="en" dir="ltr">Your job</span>' in french.text.replace("'", '"')
    assert "<form" not in french.text
    assert french.headers["Cache-Control"] == "no-store"
    assert client.get("/ar/desk/activities/survey/preview").status_code == 404
    assert client.get("/fr/desk/activities/survey/preview?page=99").status_code == 404


def test_times_are_those_of_the_activity(
    client: FlaskClient, officer: User, ready: Activity, database: Database
) -> None:
    assert post(client, "/schedule", opens_at="2099-07-01T09:00", closes_at="2099-12-01T18:00").status_code == 302
    with database.reading() as session:
        found = session.get_one(Activity, ready.id)
        assert found.opens_at == dt.datetime(2099, 7, 1, 7, tzinfo=dt.UTC)
        assert found.closes_at == dt.datetime(2099, 12, 1, 17, tzinfo=dt.UTC)
    form = client.get(f"{DESK}/schedule").text
    assert 'value="2099-07-01T09:00"' in form
    page = client.get(DESK).text
    assert re.search(r"1 July 2099|July 1, 2099", page)
    assert "09:00" in page
    assert "Europe/Berlin" in page


@pytest.mark.parametrize(
    ("opens_at", "words"),
    [
        ("2027-03-28T02:30", "skip"),
        ("2027-10-31T02:30", "twice"),
        ("2020-01-01T10:00", "has passed"),
        ("yesterday", "Write a date and a time"),
    ],
)
def test_a_time_that_nobody_can_mean_is_refused_at_its_field(
    client: FlaskClient, officer: User, ready: Activity, opens_at: str, words: str
) -> None:
    page = post(client, "/schedule", opens_at=opens_at, closes_at="").text
    assert words in page
    assert 'href="#opens_at"' in page


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize(
    "path", ["", "/import", "/publish", "/schedule", "/open", "/close", "/reopen", "/settings", "/notice", "/preview"]
)
def test_every_page_is_there_in_every_language(
    client: FlaskClient, officer: User, ready: Activity, path: str, locale: str
) -> None:
    wanted = "fr" if path == "/preview" and locale == "ar" else locale
    answer = client.get(f"/{wanted}/desk/activities/survey{path}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_consent_age_and_who_answers_are_decided_at_the_desk(
    client: FlaskClient, database: Database, officer: User, activity: Activity
) -> None:
    assert client.get(f"{DESK}/standing").status_code == 404, "there is no draft yet"
    with database.transaction() as session:
        make_draft(session, session.get_one(Activity, activity.id), make_questionnaire())
    page = client.get(f"{DESK}/standing").text
    assert "Do you agree that we use what you answer" in page
    assert "Acceptez-vous" in page
    fields = {"consent": "y", "least_age": "16", "guardians": "y", "age_words-en": "What is your age?"}
    sent = client.post(f"{DESK}/standing", data={**fields, "csrf_token": token(client)})
    assert sent.status_code == 302, sent.text
    assert "What is your age?" in client.get(f"{DESK}/standing").text
    refused = client.post(f"{DESK}/standing", data={"least_age": "3", "csrf_token": token(client)})
    assert "Write an age from 11 to 20" in refused.text
