"""Pages of results: who sees what, the numbers on them, what they refuse."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from consult.accounts.models import Role
from consult.core.aggregation.disclosure import Thresholds
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity, Process, Seat
from consult.results import fieldwork, queries, upkeep
from consult.results.exports import FORMATS, REPORTS
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_member
from tests.factories.questionnaires import make_edition
from tests.factories.results import draw_answers


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What pages and files show does not depend on the database: releases are compared on both."""
    return sqlite


@pytest.fixture
def member(app, database, survey, ministry):
    with database.transaction() as session:
        person = make.user(session)
        make_member(
            session, session.get_one(Process, survey.process_id), person, seat=Seat.MEMBER, institution=ministry
        )
    browser = app.test_client()
    sign_in(browser, person)
    return browser


def desk(survey, rest=""):
    return f"/en/desk/processes/{survey.slug}/results{rest}"


def public(survey, rest="", locale="en"):
    return f"/{locale}/p/{survey.slug}/results{rest}"


def plan(browser, survey, **fields):
    data = {
        "csrf_token": token(browser),
        "title-en": "First results",
        "crossings": ["sex"],
        "method": "suppression",
        **fields,
    }
    return browser.post(desk(survey, "/new"), data=data)


def test_a_steward_plans_looks_and_publishes(survey, steward, member):
    assert "No numbers have been released yet" in steward.get(desk(survey)).text
    form = steward.get(desk(survey, "/new")).text
    assert 'value="country_of_residence"' in form
    assert 'value="sex"' in form
    assert "/jobs/" in plan(steward, survey).location

    survey.freeze()
    page = steward.get(desk(survey, "/1")).text
    assert "Not published" in page
    assert member.get(desk(survey, "/1")).status_code == 404
    assert member.get(public(survey, "/1")).status_code == 404

    published = steward.post(desk(survey, "/1/publish"), data={"csrf_token": token(steward)})
    assert published.status_code == 302
    assert member.get(desk(survey)).status_code == 200
    assert member.get(public(survey, "/1")).status_code == 200
    assert "First results" in member.get(public(survey)).text


def test_the_dashboard_shows_bases_charts_tables_and_what_is_hidden(survey, member):
    survey.publish(survey.freeze())

    page = member.get(desk(survey)).text

    assert len(re.findall(r"<svg +(?:class=\"wide\" )?viewBox", page)) > 8
    assert "Most often:" in page
    assert "Responses: 400" in page
    assert "Hidden counts:" in page
    assert "What is hidden and why" in page
    assert "not a sample of the population" in page
    assert "style=" not in page
    assert "download.xlsx" in page
    assert survey.release().hash in page
    assert "Remittances" in page  # the theme


def test_a_question_is_broken_down_by_groups(survey, member):
    survey.publish(survey.freeze())

    page = member.get(desk(survey, f"/1/{activity(survey)}/{survey.ids['topics']}")).text

    assert "By: sex in English" in page
    assert 'class="series-1"' in page
    assert "Size of the group" in page
    assert member.get(desk(survey, f"/1/{activity(survey)}/nothing")).status_code == 404
    assert member.get(desk(survey, "/2/x/y")).status_code == 404


def activity(survey):
    with survey.database.reading() as session:
        return session.get_one(Activity, survey.activity_id).slug


def test_a_chart_is_mirrored_in_arabic(survey, client):
    with survey.database.transaction() as session:
        session.get_one(Process, survey.process_id).locales = ["en", "ar"]
    survey.publish(survey.freeze())
    path = public(survey, f"/1/{activity(survey)}/{survey.ids['sex']}", "{}")

    ltr, rtl = (client.get(path.format(locale).replace("/{}/", f"/{locale}/")).text for locale in ("en", "ar"))

    assert re.search('<text +x="0"', ltr)
    assert re.search('<text +x="400.0"', rtl)
    assert 'dir="rtl"' in rtl


def test_a_chart_is_downloaded_from_the_page_of_its_question(survey, member, client):
    survey.publish(survey.freeze())
    place = f"/1/{activity(survey)}/{survey.ids['topics']}"
    page = client.get(public(survey, place)).text

    links = re.findall(r'href="([^"]+/chart\.\w+[^"]*)"', page)
    assert {link.rpartition("chart.")[2].partition("?")[0] for link in links} == {"svg", "png"}
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.data.startswith((b"<svg", b"\x89PNG"))
        assert answer.mimetype == ("image/png" if ".png" in link else "image/svg+xml")
    assert member.get(desk(survey, f"{place}/chart.svg")).status_code == 200
    assert client.get(desk(survey, f"{place}/chart.svg")).status_code == 302, "staff only"
    for nothing in ("/chart.exe", "/chart.svg?by=nothing"):
        assert client.get(public(survey, place + nothing)).status_code == 404


def test_a_question_is_held_beside_earlier_releases(survey, client):
    survey.publish(survey.freeze())
    path = f"{activity(survey)}/{survey.ids['sex']}"
    assert "Compared with earlier releases" not in client.get(public(survey, f"/1/{path}")).text
    survey.publish(survey.freeze())

    page = client.get(public(survey, f"/2/{path}")).text

    assert "Compared with earlier releases" in page
    assert 'class="course series-1"' in page


@pytest.mark.parametrize("extension", sorted(FORMATS.keys() - REPORTS.keys()))
def test_downloads_are_files_in_the_readers_language(survey, member, client, extension):
    survey.publish(survey.freeze())

    for answer in (
        member.get(desk(survey, f"/1/download.{extension}")),
        client.get(public(survey, f"/1/download.{extension}")),
    ):
        assert answer.status_code == 200
        assert f".{extension}" in answer.headers["Content-Disposition"]
        assert len(answer.data) > 1000
    assert client.get(public(survey, "/1/download.exe")).status_code == 404


def test_a_downloaded_number_is_the_released_one(survey, client):
    survey.publish(survey.freeze())

    book = openpyxl.load_workbook(io.BytesIO(client.get(public(survey, "/1/download.xlsx")).data))

    rows = [(row[0].value, row[1].value) for row in book["2 sex"].iter_rows(max_col=2)]
    values = dict(reversed(rows))  # the one-way table stands first
    (dataset,) = survey.draft().content.datasets
    table = next(table for table in dataset.tables if table.variable == survey.ids["sex"])
    assert values["male (en)"] == (table.row("male").counts[0] or "hidden")


def test_a_threshold_can_only_be_raised(survey, steward):
    assert "There is a problem" in plan(steward, survey, threshold="5").text
    assert plan(steward, survey, threshold="15").status_code == 302


def test_the_fieldwork_page_counts_in_tens(survey, member, settings, keys, now):
    installation = Installation(settings, keys, survey.database)
    assert "Nothing has been counted yet" in member.get(desk(survey, "/fieldwork")).text
    survey.answer([{"country": "TG", "sex": "female"}] * 9)

    upkeep.refresh(installation)
    upkeep.count(installation, now)
    upkeep.count(installation, now)

    page = member.get(desk(survey, "/fieldwork")).text
    assert "<dd> 400 </dd>" in " ".join(page.split())
    assert "United Kingdom" in page
    assert "Arabic" in page
    assert "Open link" in page
    with survey.database.reading() as session:
        counts = fieldwork.count(
            session,
            session.get_one(Activity, survey.activity_id),
            Thresholds.of(10),
            store=settings.column_store,
            engine=survey.engine,
        )
    numbers = [counts["total"], *(n for part in ("country", "locale", "channel") for n in counts[part].values())]
    assert all(number % 10 == 0 and number > 0 for number in numbers)


def test_the_fieldwork_page_shows_nothing_that_a_release_would_hide(survey, settings):
    survey.answer([{"country": "TG", "sex": "female"}] * 9)
    with survey.database.reading() as session:
        (dataset,) = survey.draft().content.datasets
        found = session.get_one(Activity, survey.activity_id)
        counts = fieldwork.count(session, found, Thresholds.of(10), store=settings.column_store, engine=survey.engine)

    for part, variable in (("country", survey.ids["country"]), ("locale", ":locale"), ("channel", ":channel")):
        table = next(table for table in dataset.one_way() if table.variable == variable)
        shown = {row.code: row.counts[0] for row in table.rows if row.counts[0]}
        assert counts[part] == {code: number // 10 * 10 for code, number in shown.items()}


def test_what_interviewers_entered_is_counted_on_a_channel_of_its_own(survey, member, settings, keys, now):
    survey.answer([draw_answers(survey.rng) for _ in range(40)], channels=("assisted",))
    installation = Installation(settings, keys, survey.database)

    upkeep.refresh(installation)
    upkeep.count(installation, now)

    page = " ".join(member.get(desk(survey, "/fieldwork")).text.split())
    assert '<th scope="row">With an interviewer</th> <td class="numeric">40</td>' in page
    (dataset,) = survey.draft().content.datasets
    channels = next(table for table in dataset.one_way() if table.variable == ":channel")
    assert {row.code: row.counts[0] for row in channels.rows if row.counts[0]} == {
        "open": 200,
        "invited": 200,
        "assisted": 40,
    }


def test_a_questionnaire_without_responses_is_counted_too(survey, database, settings, keys, now):
    with database.transaction() as session:
        empty = make_edition(session).activity_id
        session.get_one(Activity, empty).opens_at = now

    upkeep.count(Installation(settings, keys, database), now)

    with database.reading() as session:
        assert queries.latest_count(session, empty).counts["total"] == 0


def test_nobody_else_gets_in(survey, app, database, client, member):
    survey.publish(survey.freeze())
    paths = ["", "/1", "/fieldwork", "/1/download.csv", f"/1/{activity(survey)}/{survey.ids['sex']}"]
    with database.transaction() as session:
        stranger = make.user(session, make.institution(session, "Agency"), Role.OFFICER, Role.STEWARD)
        translator = make.user(session, session.get_one(Process, survey.process_id).lead_institution, Role.TRANSLATOR)
    for person in (stranger, translator):
        browser = app.test_client()
        sign_in(browser, person)
        assert {browser.get(desk(survey, path)).status_code for path in [*paths, "/new", "/1/publish"]} == {404}
    assert {client.get(desk(survey, path)).status_code for path in paths} == {302}
    assert {member.get(desk(survey, path)).status_code for path in paths} == {200}
    assert {member.get(desk(survey, path)).status_code for path in ("/new", "/1/publish")} == {404}


def test_a_hidden_process_publishes_nothing(survey, client):
    survey.publish(survey.freeze())
    with survey.database.transaction() as session:
        session.get_one(Process, survey.process_id).public = False

    assert {client.get(public(survey, path)).status_code for path in ("", "/1", "/1/download.csv")} == {404}


def test_synthetic_data_say_so(survey, client):
    with survey.database.transaction() as session:
        session.get_one(Process, survey.process_id).synthetic = True
    survey.publish(survey.freeze())

    assert "synthetic" in client.get(public(survey, "/1")).text
    assert "Synthetic data" in client.get(public(survey, "/1/download.csv")).text
