"""Single records in the browser: stewards choose, read the report, fetch; nobody else finds the page."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.processes.models import Activity, Process, Seat
from consult.results.microdata import shelf
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_member
from tests.factories.questionnaires import make_edition
from tests.results.surveying import Survey


@pytest.fixture
def ministry(database):
    with database.transaction() as session:
        return make.institution(session)


@pytest.fixture
def survey(database, settings, keys, now, ministry):
    found = Survey(database, settings, keys, now, lead=ministry)
    found.answer_at_random(200)
    with database.transaction() as session:
        activity = session.get_one(Activity, found.activity_id)
        activity.opens_at, found.activity = now, activity.slug
    return found


@pytest.fixture
def steward(database, client, ministry):
    with database.transaction() as session:
        person = make.user(session, ministry, Role.STEWARD)
    sign_in(client, person)
    return client


def page(survey, rest="", activity=""):
    return f"/en/desk/processes/{survey.slug}/results/microdata/{activity or survey.activity}{rest}"


def make_file(browser, survey, **fields):
    ids = survey.ids
    data = {
        "csrf_token": token(browser),
        "variables": [ids["country"], ids["sex"], ids["age"]],
        "keys": [ids["country"], ids["sex"]],
        "formats": ["csv", "sav"],
        "blank": "y",
        **fields,
    }
    return browser.post(page(survey), data={name: value for name, value in data.items() if value})


def actions(survey):
    with survey.database.reading() as session:
        found = session.scalars(select(Entry.action).where(Entry.action.startswith("results.microdata")))
        return sorted(found)


def test_a_steward_chooses_reads_the_report_and_fetches(survey, steward):
    assert page(survey) in steward.get(f"/en/desk/processes/{survey.slug}/results").text
    form = steward.get(page(survey)).text
    assert "status in English (sensitive)" in form
    assert f'value="{survey.ids["status"]}" checked' not in " ".join(form.split())

    made = make_file(steward, survey)

    report = steward.get(made.location).text
    assert "No combination of key variables is rare" in report
    assert "country in English" in report
    assert actions(survey) == ["results.microdata"]
    file = steward.post(made.location, data={"csrf_token": token(steward)})
    assert file.status_code == 200
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "data.sav" in archive.namelist()
        assert "data.dta" not in archive.namelist()
    assert actions(survey) == ["results.microdata", "results.microdata_fetch"]
    assert "Files that wait for you" in steward.get(page(survey)).text


def test_a_file_in_which_people_can_be_found_asks_who_answers_for_it(survey, steward):
    made = make_file(steward, survey, blank="", texts=[survey.ids["wishes"]])

    assert "Participants can be found again in this file" in steward.get(made.location).text
    asked = steward.post(made.location, data={"csrf_token": token(steward)})
    assert "There is a problem" in asked.text
    assert actions(survey) == ["results.microdata"]
    fetched = steward.post(made.location, data={"csrf_token": token(steward), "accept": "y"})
    assert fetched.mimetype == "application/zip"
    with survey.database.reading() as session:
        entry = session.scalar(select(Entry).where(Entry.action == "results.microdata_fetch"))
        assert entry.details == {"variables": 3, "keys": 2, "safe": False}


def test_a_file_can_be_deleted_at_once(survey, steward, settings):
    made = make_file(steward, survey)

    gone = steward.post(made.location, data={"csrf_token": token(steward), "discard": "1"})

    assert gone.location.endswith(page(survey))
    assert steward.get(made.location).status_code == 404
    assert list(shelf.folder(settings).iterdir()) == []


def test_nothing_chosen_is_nothing_made(survey, steward, settings):
    assert "There is a problem" in make_file(steward, survey, variables=None).text
    assert "There is a problem" in make_file(steward, survey, formats=None).text
    assert not shelf.folder(settings).exists()
    assert actions(survey) == []


def test_an_activity_without_records_says_so(survey, steward, database, now):
    with database.transaction() as session:
        activity = make_edition(session).activity_id
        other = session.get_one(Activity, activity)
        other.process_id, other.opens_at, slug = survey.process_id, now, other.slug

    assert "There are no records yet" in steward.get(page(survey, activity=slug)).text


def test_nobody_but_stewards_of_the_lead_institution_gets_in(survey, app, database, ministry, steward):
    made = make_file(steward, survey)
    with database.transaction() as session:
        officer = make.user(session, ministry, Role.OFFICER, Role.ADMINISTRATOR)
        stranger = make.user(session, make.institution(session, "Agency"), Role.STEWARD)
        lead = make.user(session)
        process = session.get_one(Process, survey.process_id)
        make_member(session, process, lead, seat=Seat.LEAD, institution=ministry)
    for person in (officer, stranger, lead):
        browser = app.test_client()
        sign_in(browser, person)
        assert browser.get(page(survey)).status_code == 404
        assert browser.get(made.location).status_code == 404
        assert make_file(browser, survey).status_code == 404
    assert app.test_client().get(page(survey)).status_code == 302
    assert steward.get(page(survey, activity="nothing")).status_code == 404
    assert steward.get(page(survey, "/" + "0" * 32)).status_code == 404
