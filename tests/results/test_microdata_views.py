"""Single records in the browser: stewards choose, read the report, fetch; nobody else finds the page."""

from __future__ import annotations

import io
import re
import zipfile

from sqlalchemy import select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.processes.models import Activity, Process, Seat
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_member
from tests.factories.questionnaires import make_edition


def page(survey, rest="", activity=""):
    return f"/en/desk/processes/{survey.slug}/results/microdata/{activity or survey.activity}{rest}"


def ask(browser, survey, **fields):
    """Ask for a file; the address of its job."""
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


def make_file(browser, survey, **fields):
    """Ask for a file and have it made; the address of its report."""
    job = ask(browser, survey, **fields).location
    assert survey.work() == 1
    return re.search(r'class="button" href="([^"]+)"', browser.get(job).text).group(1)


def actions(survey):
    with survey.database.reading() as session:
        found = session.scalars(select(Entry.action).where(Entry.action.startswith("results.microdata")))
        return sorted(found)


def test_a_steward_chooses_waits_reads_the_report_and_fetches(survey, steward):
    assert page(survey) in steward.get(f"/en/desk/processes/{survey.slug}/results").text
    form = steward.get(page(survey)).text
    assert "status in English (sensitive)" in form
    assert f'value="{survey.ids["status"]}" checked' not in " ".join(form.split())

    job = ask(steward, survey).location
    assert "It waits for its turn" in steward.get(job).text
    assert '<meta http-equiv="refresh" content="3">' in steward.get(job).text
    assert job in steward.get(page(survey)).text
    assert actions(survey) == ["results.microdata"]
    survey.work()
    done = steward.get(job).text
    assert "Only you can" in done
    assert f'href="{job}/file"' not in done
    assert steward.get(f"{job}/file").status_code == 404

    made = re.search(r'class="button" href="([^"]+)"', done).group(1)
    report = steward.get(made).text
    assert "No combination of key variables is rare" in report
    assert "country in English" in report
    file = steward.post(made, data={"csrf_token": token(steward)})
    assert file.status_code == 200
    assert f"attachment; filename={survey.activity}-records.zip" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "data.sav" in archive.namelist()
        assert "data.dta" not in archive.namelist()
    assert actions(survey) == ["results.microdata", "results.microdata_fetch"]
    assert made in steward.get(page(survey)).text


def test_clicking_twice_makes_one_file(survey, steward):
    first, second = ask(steward, survey), ask(steward, survey)
    assert first.location == second.location
    assert ask(steward, survey, formats=["csv"]).location != first.location
    assert survey.work() == 2
    assert actions(survey) == ["results.microdata"] * 2


def test_a_cancelled_file_leaves_nothing(survey, steward, settings):
    job = ask(steward, survey).location
    assert steward.post(f"{job}/cancel", data={"csrf_token": token(steward)}).status_code == 302
    assert survey.work() == 0
    cancelled = steward.get(job).text
    assert "Nothing of it was kept" in cancelled
    assert f'href="{page(survey)}"' in cancelled
    assert not settings.made.exists()


def test_a_file_in_which_people_can_be_found_asks_who_answers_for_it(survey, steward):
    made = make_file(steward, survey, blank="", texts=[survey.ids["wishes"]])

    assert "Participants can be found again in this file" in steward.get(made).text
    asked = steward.post(made, data={"csrf_token": token(steward)})
    assert "There is a problem" in asked.text
    assert actions(survey) == ["results.microdata"]
    fetched = steward.post(made, data={"csrf_token": token(steward), "accept": "y"})
    assert fetched.mimetype == "application/zip"
    with survey.database.reading() as session:
        entry = session.scalar(select(Entry).where(Entry.action == "results.microdata_fetch"))
        assert entry.details == {"variables": 3, "keys": 2, "safe": False}


def test_a_file_can_be_deleted_at_once(survey, steward, settings):
    made = make_file(steward, survey)

    gone = steward.post(made, data={"csrf_token": token(steward), "discard": "1"})

    assert gone.location.endswith(page(survey))
    assert steward.get(made).status_code == 404
    assert list(settings.made.iterdir()) == []
    assert made not in steward.get(f"/en/desk/processes/{survey.slug}/jobs").text


def test_nothing_chosen_is_nothing_made(survey, steward):
    assert "There is a problem" in ask(steward, survey, variables=None).text
    assert "There is a problem" in ask(steward, survey, formats=None).text
    assert survey.work() == 0
    assert actions(survey) == []


def test_an_activity_without_records_says_so(survey, steward, database, now):
    with database.transaction() as session:
        activity = make_edition(session).activity_id
        other = session.get_one(Activity, activity)
        other.process_id, other.opens_at, slug = survey.process_id, now, other.slug

    assert "There are no records yet" in steward.get(page(survey, activity=slug)).text


def test_nobody_but_stewards_of_the_lead_institution_gets_in_and_to_the_file_only_who_asked(
    survey, app, database, ministry, steward
):
    made = make_file(steward, survey)
    with database.transaction() as session:
        officer = make.user(session, ministry, Role.OFFICER, Role.ADMINISTRATOR)
        stranger = make.user(session, make.institution(session, "Agency"), Role.STEWARD)
        lead, colleague = make.user(session), make.user(session, ministry, Role.STEWARD)
        process = session.get_one(Process, survey.process_id)
        make_member(session, process, lead, seat=Seat.LEAD, institution=ministry)
    for person in (officer, stranger, lead):
        browser = app.test_client()
        sign_in(browser, person)
        assert browser.get(page(survey)).status_code == 404
        assert browser.get(made).status_code == 404
        assert ask(browser, survey).status_code == 404
    other = app.test_client()
    sign_in(other, colleague)
    assert made not in other.get(page(survey)).text
    assert other.get(made).status_code == 404
    assert app.test_client().get(page(survey)).status_code == 302
    assert steward.get(page(survey, activity="nothing")).status_code == 404
    assert steward.get(page(survey, f"/{survey.activity_id}")).status_code == 404
