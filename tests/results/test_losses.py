"""The data steward's page: what a release hides, why, and what it cost; and what a further one would cost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.core.aggregation.losses import Loss, Why, as_shown, loss, shows
from consult.core.aggregation.tables import Row, Summary, Table, key
from consult.processes.models import Process
from consult.results.advice import advice, few
from consult.results.content import CELL_KEY, SUPPRESSION, Plan, content_of
from consult.results.presentation import Reader
from tests.factories import accounts as make
from tests.factories.accounts import token
from tests.results.surveying import Survey
from tests.results.test_views import desk, plan, public, sign_in


def table(*rows: tuple[str, tuple[int | None, ...]], groups: tuple[str, ...] = ("",), **more: object) -> Table:
    lines = tuple(Row(code=code, counts=counts) for code, counts in rows)
    columns = zip(*(counts for _, counts in rows), strict=True)
    totals = more.pop("totals", None) or tuple(sum(n or 0 for n in column) for column in columns)
    return Table(
        variable="q", by="" if groups == ("",) else "g", groups=groups, totals=totals, rows=lines, threshold=10, **more
    )


FULL = table(("a", (40,)), ("b", (4,)), ("c", (16,)))


def test_a_small_count_and_what_covers_it():
    shown = table(("a", (40,)), ("b", (None,)), ("c", (None,)), totals=(60,))

    found = loss(shown, FULL, {key(("q", "b")): 10}, margins=True, given_up=False)

    assert found == Loss(3, {Why.SMALL: 1, Why.BESIDE: 1}, None, 0, 33.3)


def test_a_large_count_that_says_something_of_a_whole_group():
    full = table(("a", (40, 5)), ("b", (0, 20)), groups=("x", "y"))
    shown = table(("a", (None, None)), ("b", (None, None)), groups=("x", "y"), totals=(40, 25))

    found = loss(shown, full, {key(("q", "a"), ("g", "x")): 10}, margins=True, given_up=False)

    assert found.hidden == {Why.ALIKE: 1, Why.SMALL: 1, Why.BESIDE: 2}
    assert found.share == 100.0


def test_categories_that_stand_together_are_counted_together():
    full = table(("a", (40, 5, 3)), ("b", (30, 20, 9)), groups=("x", "y", "z"))
    shown = table(
        ("a", (40, 8)), ("b", (30, None)), groups=("x", "y+z"), totals=(70, 37), pooled_groups={"y+z": ("y", "z")}
    )

    assert [row.counts for row in as_shown(full, shown).rows] == [(40, 8), (30, 29)]
    assert shows(shown, full)
    assert not shows(table(("a", (41,)), ("b", (None,)), ("c", (None,))), FULL)
    assert loss(shown, full, {}, margins=True, given_up=False).together == 2


@pytest.mark.parametrize(
    ("full", "margins", "given_up", "why"),
    [
        (FULL, True, True, Why.AUDITOR),
        (table(("a", (4,)), ("b", (3,))), True, False, Why.FEW),
        (FULL, False, False, Why.MARGIN),
        (table(("a", (40,)), ("b", (0,))), True, False, Why.ALIKE),
        (FULL, True, False, Why.NOTHING),
    ],
)
def test_why_a_table_is_withheld(full, margins, given_up, why):
    shown = Table(variable="q", totals=(), rows=(), groups=(), threshold=10, withheld=True)

    found = loss(shown, full, {}, margins=margins, given_up=given_up)

    assert (found.withheld, found.share) == (why, 100.0)


def test_noise_costs_what_the_changes_come_to():
    shown = table(("a", (43,)), ("b", (0,)), ("c", (16,)), noise=15)

    assert loss(shown, FULL, {}, margins=True, given_up=False).share == round(100 * 7 / 60, 1)


def test_a_mean_that_two_answers_make():
    number = table(("..5", (40,)), ("5..", (20,)), summary=Summary(quartiles=(1.0, 2.0, 3.0)))

    assert loss(number, number, {}, margins=True, given_up=False).dominated


# --- the page ---


@pytest.fixture
def survey(database, settings, keys, now):
    with database.transaction() as session:
        lead = make.institution(session, "Ministry")
    found = Survey(database, settings, keys, now, lead=lead)
    found.answer_at_random(400)
    return found


@pytest.fixture
def browsers(app, database, survey):
    def signed_in(role: Role):
        with database.transaction() as session:
            lead = session.get_one(Process, survey.process_id).lead_institution
            person = make.user(session, lead, role)
        browser = app.test_client()
        sign_in(browser, person)
        return browser

    return signed_in


def test_stewards_see_why_and_nobody_else_does(survey, browsers, client):
    survey.publish(survey.freeze(Plan(method=SUPPRESSION)))
    steward, officer = browsers(Role.STEWARD), browsers(Role.OFFICER)

    page = steward.get(desk(survey, "/1/hidden")).text

    assert "under the threshold:" in page
    assert "so that the others cannot be worked out:" in page
    assert "categories that stand together:" in page
    assert desk(survey, "/1/hidden") in steward.get(desk(survey, "/1")).text
    assert officer.get(desk(survey, "/1/hidden")).status_code == 404
    assert "/hidden" not in officer.get(desk(survey, "/1")).text
    assert "/hidden" not in client.get(public(survey, "/1")).text
    assert steward.get(desk(survey, "/2/hidden")).status_code == 404
    with survey.database.reading() as session:
        (entry,) = session.scalars(select(Entry).where(Entry.action == "results.look")).all()
    assert entry.subject == f"{survey.slug}/1"


def test_of_noise_the_page_says_what_the_changes_come_to(survey, browsers):
    survey.freeze(Plan(method=CELL_KEY))

    page = browsers(Role.STEWARD).get(desk(survey, "/1/hidden")).text

    assert "every count changed" in page
    assert "Share of changes" in page


# --- a further release ---


def test_how_likely_a_few_newcomers_are():
    assert few(10, 0) == 0
    assert few(3, 1.0) == pytest.approx(0.5518, abs=1e-4)  # e⁻¹ · (1 + 1/2)
    assert few(10, 100.0) < 1e-20


def test_what_a_further_release_costs_is_told_from_what_everybody_knows(survey):
    survey.publish(survey.freeze(Plan(method=SUPPRESSION)))
    content = content_of(survey.release().content)
    activity = content.datasets[0].activity

    found = advice(content, {activity: 420}, Reader("en", str))

    assert (found.number, found.since) == (1, 29)
    alone, *broken = found.breakdowns
    assert alone.by == ""
    assert {one.by for one in broken} == {"country in English", "sex in English"}
    assert all(0 < one.few <= one.cells for one in found.breakdowns)
    assert all(one.wait > 200 for one in found.breakdowns)
    fresh = advice(content, {activity: 100_000}, Reader("en", str))
    assert {(one.few, one.wait) for one in fresh.breakdowns} == {(0, 0)}


def test_the_plan_says_what_a_further_release_would_cost(survey, browsers):
    steward = browsers(Role.STEWARD)
    first = steward.get(desk(survey, "/new")).text
    assert "What a further release would cost" not in first
    assert "must about double in between" in " ".join(first.split())
    assert 'value="suppression" checked' in " ".join(first.split())

    survey.publish(survey.freeze(Plan(method=SUPPRESSION)))
    page = " ".join(steward.get(desk(survey, "/new")).text.split())

    assert "What a further release would cost" in page
    assert "Wait until enough responses have come in." in page
    assert "Questions alone" in page
    assert "What two at a time would show" in page


def test_two_at_a_time_cost_what_the_last_release_shows(survey):
    survey.publish(survey.freeze(Plan(method=SUPPRESSION, crossings=("country_of_residence", "sex"))))
    content = content_of(survey.release().content)
    dataset = content.datasets[0]
    table = next(one for one in dataset.tables if {one.variable, one.by} == {survey.ids["country"], survey.ids["sex"]})

    (pair,) = advice(content, {}, Reader("en", str)).together

    assert pair.label == "sex in English × country in English"
    assert 0 < pair.enough <= sum(count is not None for row in table.rows for count in row.counts)
    assert pair.of == 12, "six countries, two sexes, and nothing says that nobody is in one of them"


def test_two_at_a_time_are_planned_without_a_script(survey, browsers):
    steward = browsers(Role.STEWARD)

    page = " ".join(steward.get(desk(survey, "/new")).text.split())
    job = plan(steward, survey, together=["country_of_residence", "sex", "", "", "", ""]).location
    survey.work()
    preview = steward.get(re.search(r'class="button" href="([^"]+)"', steward.get(job).text).group(1)).text

    assert page.count('name="together"') == 6
    assert "country in English, sex in English" in preview
    for wrong in (["sex", ""], ["sex", "sex"], ["sex", "nothing"]):
        refused = plan(steward, survey, together=[*wrong, "", "", "", ""])
        assert "Choose two different ones in a row, or none." in refused.text


def test_a_release_with_noise_is_planned_in_the_browser(survey, browsers):
    steward = browsers(Role.STEWARD)

    job = plan(steward, survey, method=CELL_KEY).location
    survey.work()
    preview = re.search(r'class="button" href="([^"]+)"', steward.get(job).text).group(1)
    frozen = steward.post(f"{preview}/freeze", data={"csrf_token": token(steward)})

    assert frozen.location.endswith(desk(survey, "/1"))
    assert "parts do not add up" in steward.get(frozen.location).text
