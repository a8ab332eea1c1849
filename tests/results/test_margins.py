"""Margins are read with every problem at its place, fitted once a day in round numbers, accepted or refused."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.core.aggregation.disclosure import Thresholds
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.processes.models import Activity, Seat
from consult.results import margins, queries, weighing
from consult.results.weighting_commands import weights
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_member
from tests.results.surveying import Survey

FILE = """variable,category,total
sex,female,600
sex,male,400
country_of_residence,GB,500
country_of_residence,US,300
country_of_residence,DE,100
country_of_residence,IT+NL+TG,100
"""


@pytest.fixture
def survey(database, settings, keys, now):
    found = Survey(database, settings, keys, now)
    found.answer_at_random(400)
    return found


def propose(survey, file=FILE, now=None, **bounds):
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        totals = margins.read(file.encode(), "margins.csv", weighing.variables_of(session, activity))
        found = margins.propose(
            session,
            activity,
            file=file,
            totals=totals,
            lower=bounds.get("lower", 0.0),
            upper=bounds.get("upper", 0.0),
            by=None,
            now=now or survey.now,
        )
        return found.number


def fit(survey, number=1, now=None):
    with survey.database.reading() as session:
        activity = session.get_one(Activity, survey.activity_id)
        found = next(one for one in queries.margins(session, activity.id) if one.number == number)
        fits = weighing.fit(
            session,
            activity,
            margins.wanted(found),
            Thresholds.of(10),
            store=survey.settings.column_store,
            engine=survey.engine,
        )
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        return margins.fits(margins.keep_fit(session, activity, number, fits, by=None, now=now or survey.now))


def decide(survey, number=1, accept=True):
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        margins.decide(session, activity, number, accept=accept, by=None, now=survey.now)


def accept(survey, file=FILE, **bounds):
    number = propose(survey, file, **bounds)
    fit(survey, number)
    decide(survey, number)


def refused(work):
    with pytest.raises(Refused) as caught:
        work()
    return [(one.code, one.place.row, one.place.column) for one in caught.value.problems]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_variables_are_named_by_concept_or_name_or_id(survey):
    file = (
        f"variable,category,total\nsex,female,6\nsex,male,4\n{survey.ids['country']},GB,10\nlocale,en,5\nlocale,fr,5\n"
    )
    with survey.database.reading() as session:
        known = weighing.variables_of(session, session.get_one(Activity, survey.activity_id))

    found = margins.read(file.encode(), "m.csv", known)

    assert [one.variable for one in found] == [survey.ids["sex"], survey.ids["country"], ":locale"]
    assert found[0].totals == (("female", 6.0), ("male", 4.0))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("sex,female,6\nheight,tall,6", ("weights.margins.variable", 3, "variable")),
        ("sex,female,6\nage,20..30,6", ("weights.margins.variable", 3, "variable")),  # a number
        ("sex,female,6\nchannel,open,6", ("weights.margins.variable", 3, "variable")),  # channels are weighted apart
        ("sex,female,6\nsex,mail,6", ("weights.margins.category", 3, "category")),
        ("country,GB,6\ncountry,US+XX,6", ("weights.margins.category", 3, "category")),
        ("country,GB,6\ncountry,US+GB,6", ("weights.margin.twice", 3, "category")),
        ("sex,female,6\nsex,female,4", ("weights.margin.twice", 3, "")),
        ("sex,female,many", ("weights.number", 2, "total")),
        ("sex,female,-1", ("weights.low", 2, "total")),
        ("sex,female,6\nsex,male,4\ncountry,GB,11", ("weights.margin.totals", 1, "total")),
    ],
)
def test_what_is_wrong_is_told_with_row_and_column(survey, lines, expected):
    assert expected in refused(lambda: propose(survey, f"variable,category,total\n{lines}\n"))


def test_every_problem_is_told_at_once(survey):
    assert len(refused(lambda: propose(survey, "variable,category,total\nheight,tall,6\nsex,mail,6\n"))) == 2


def test_bounds_lie_around_the_mean(survey):
    assert refused(lambda: propose(survey, lower=1.5)) == [("weights.margins.bounds", None, "")]
    assert refused(lambda: propose(survey, upper=0.5)) == [("weights.margins.bounds", None, "")]


# --- fitting ---------------------------------------------------------------------------------------------------------


def test_a_fit_is_told_channel_by_channel_in_round_numbers(survey):
    propose(survey)

    found = fit(survey)

    assert [one.channel for one in found] == ["invited", "open"]
    for one in found:
        assert one.least in (0.5, 0.7)
        assert one.greatest in (1.5, 2.0)
        assert one.effective % 10 == 0
        assert 1 < one.design_effect < 2


def test_there_is_one_fit_a_day_for_all_margins_of_an_activity(survey):
    propose(survey)
    fit(survey)
    propose(survey)

    assert refused(lambda: fit(survey, 2)) == [("weights.margins.day", None, "")]
    assert fit(survey, 2, now=survey.now + dt.timedelta(days=1))


def test_categories_that_a_release_would_hide_are_to_stand_together(survey):
    file = FILE.replace("IT+NL+TG,100", "IT,60\ncountry_of_residence,NL,30\ncountry_of_residence,TG,10")
    propose(survey, file)

    with pytest.raises(Refused) as caught:
        fit(survey)

    (problem,) = caught.value.problems
    assert problem.code == "weights.margins.hidden"
    assert problem.params["merged"] == "NL+TG"
    propose(survey, file.replace("NL,30\ncountry_of_residence,TG,10", "NL+TG,40"))
    assert fit(survey, 2)


def test_a_category_in_which_nobody_answered_is_to_be_merged_with_its_neighbour(database, settings, keys, now):
    survey = Survey(database, settings, keys, now)
    survey.answer([{"sex": "female", "country": land} for land in ("GB", "US") for _ in range(50)])
    propose(survey, "variable,category,total\ncountry,GB,5\ncountry,US,3\ncountry,DE,2\n")

    with pytest.raises(Refused) as caught:
        fit(survey)

    assert [one.params["merged"] for one in caught.value.problems] == ["US+DE"]


def test_too_few_responses_have_no_fit(database, settings, keys, now):
    survey = Survey(database, settings, keys, now)
    survey.answer([{"sex": "female"}] * 9)
    propose(survey, "variable,category,total\nsex,female,5\n")

    assert refused(lambda: fit(survey)) == [("weights.margins.few", None, "")]


def test_a_small_channel_says_no_more_than_that(database, settings, keys, now):
    survey = Survey(database, settings, keys, now)
    survey.answer([{"sex": sex} for sex in ("female", "male") for _ in range(60)], channels=("open",))
    survey.answer([{"sex": "male"}] * 4, channels=("assisted",))
    propose(survey, "variable,category,total\nsex,female,6\nsex,male,4\n")

    told = {one.channel: one for one in fit(survey)}

    assert told["assisted"].refused == "weights.margins.few"


# --- deciding --------------------------------------------------------------------------------------------------------


def test_margins_are_accepted_after_their_fit_was_seen_and_the_last_accepted_count(survey):
    propose(survey)
    assert refused(lambda: decide(survey)) == [("weights.margins.unfitted", None, "")]
    fit(survey)
    decide(survey)
    assert refused(lambda: decide(survey)) == [("weights.margins.decided", None, "")]
    propose(survey)

    with survey.database.reading() as session:
        assert queries.accepted_margins(session, survey.activity_id).number == 1
    decide(survey, accept=False)
    with survey.database.reading() as session:
        assert queries.accepted_margins(session, survey.activity_id) is None


def test_every_act_is_in_the_trail(survey):
    accept(survey)

    with survey.database.reading() as session:
        entries = session.scalars(select(Entry).where(Entry.action.like("results.%margins"))).all()
    assert sorted(entry.action for entry in entries) == [
        "results.accept_margins",
        "results.fit_margins",
        "results.propose_margins",
    ]


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(app, database, settings, keys, now, ministry):
    survey = Survey(database, settings, keys, now, lead=ministry)
    survey.answer_at_random(400)

    def browser(*roles, seat=None):
        with database.transaction() as session:
            person = make.user(session, None if seat else ministry, *roles)
            if seat:
                process = session.get_one(Activity, survey.activity_id).process
                make_member(session, process, person, seat=seat, institution=ministry)
        found = app.test_client()
        sign_in(found, person)
        return found

    with database.reading() as session:
        address = f"/en/desk/activities/{session.get_one(Activity, survey.activity_id).slug}/margins"
    return survey, browser, address


def test_an_officer_proposes_sees_the_fit_and_accepts(desk):
    survey, browser, address = desk
    officer = browser(Role.OFFICER)

    page = officer.post(
        address, data={"csrf_token": token(officer), "lines": FILE, "lower": "0.2", "upper": "4"}, follow_redirects=True
    ).text
    assert "See how they fit" in page
    page = officer.post(f"{address}/1/fit", data={"csrf_token": token(officer)}, follow_redirects=True).text
    assert "Effective base" in page
    assert "By invitation" in page
    page = officer.post(
        f"{address}/1", data={"csrf_token": token(officer), "decision": "accept"}, follow_redirects=True
    ).text
    assert "Accepted" in page
    assert "Use them no longer" in page
    with survey.database.reading() as session:
        assert queries.accepted_margins(session, survey.activity_id).upper == 4.0


def test_nothing_that_was_written_is_lost(desk):
    _survey, browser, address = desk
    officer = browser(Role.OFFICER)
    wrong = "variable,category,total\nsex,femal,600\nheight,tall,600\n"

    page = officer.post(address, data={"csrf_token": token(officer), "lines": wrong, "lower": "0.25"}).text

    assert "Mend 2 problems" in page
    assert "sex,femal,600" in page
    assert 'value="0.25"' in page
    assert "It has: female, male." in page


def test_a_second_fit_waits_for_tomorrow(desk):
    _survey, browser, address = desk
    officer = browser(Role.OFFICER)
    for _ in range(2):
        officer.post(address, data={"csrf_token": token(officer), "lines": FILE})
    officer.post(f"{address}/1/fit", data={"csrf_token": token(officer)})

    assert "try again tomorrow" in officer.get(address).text
    assert "try again tomorrow" in officer.post(f"{address}/2/fit", data={"csrf_token": token(officer)}).text


def test_only_those_who_release_decide_and_only_a_steward_names_a_model(desk, client):
    survey, browser, address = desk
    propose(survey)
    steward, officer, member = browser(Role.STEWARD), browser(Role.OFFICER), browser(seat=Seat.MEMBER)

    assert member.get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert officer.get(f"{address}/1/model").status_code == 404
    assert officer.get(f"{address}/9/model").status_code == 404
    assert steward.get(f"{address}/9/model").status_code == 404
    answer = steward.post(f"{address}/1/model", data={"csrf_token": token(steward), "model-en": "They came at random."})
    assert answer.status_code == 302
    with survey.database.reading() as session:
        assert queries.margins(session, survey.activity_id)[0].model == LocalisedText({"en": "They came at random."})


# --- command line ----------------------------------------------------------------------------------------------------


def test_the_command_line_does_the_same(survey, tmp_path, keys):
    file = tmp_path / "margins.csv"
    file.write_text(FILE, encoding="utf-8")
    with survey.database.reading() as session:
        name = f"{survey.slug}/{session.get_one(Activity, survey.activity_id).slug}"

    def run(*arguments):
        installation = Installation(survey.settings, keys, survey.database)
        return CliRunner().invoke(weights, ["margins", name, *arguments], obj=lambda: installation)

    told = json.loads(run("--file", str(file), "--upper", "5", "--format", "json").stdout)
    assert (told["number"], told["state"], told["upper"]) == (1, "proposed", 5.0)
    assert [fit["channel"] for fit in told["fit"]] == ["invited", "open"]
    assert "state: accepted" in run("--accept").stdout
    assert run("--fit").exit_code == 2
    file.write_text("variable,category,total\nsex,mail,3\n", encoding="utf-8")
    wrong = run("--file", str(file))
    assert wrong.exit_code == 2
    assert "row 2, category: “sex” has no category “mail”" in wrong.stderr
