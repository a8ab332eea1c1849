"""Bins stay from one release to the next; where officers move them, both releases together must not tell of few."""

from __future__ import annotations

import pytest

from consult.core.errors import Refused
from consult.core.questionnaire.definition import QuestionType
from consult.processes import concepts
from consult.processes.models import Activity
from consult.questionnaires import mapping
from consult.results.content import SUPPRESSION, Plan, content_of
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.factories.results import choices
from tests.results.surveying import Survey

PLAN = Plan(crossings=("sex",), method=SUPPRESSION)
FEW = {27: 1, 28: 2, 29: 1}


def people(years):
    often = {year: FEW.get(year, 12) for year in years}
    return [
        {"age": year, "came": f"{year + 1980}-05-01", "sex": "fm"[number % 2]}
        for year, many in often.items()
        for number in range(many)
    ]


@pytest.fixture
def survey(database, settings, keys, now):
    """A release that counts people by age, from 25 on in steps of five; four of them are 27, 28 or 29."""
    survey = Survey(
        database,
        settings,
        keys,
        now,
        questionnaire=make_questionnaire(
            make_question("age", QuestionType.INTEGER),
            make_question("came", QuestionType.DATE),
            make_question("sex", QuestionType.SELECT_ONE, choices="sexes"),
            make_question("stage", QuestionType.SELECT_ONE, choices="stages"),
            lists=(choices("sexes", "f", "m"), choices("stages", "young", "grown")),
        ),
    )
    survey.answer(people(range(20, 60)))
    survey.publish(survey.freeze(PLAN))
    assert bins(content_of(survey.release().content), "age")[:3] == ("..25", "25..30", "30..35")
    return survey


def bins(content, name):
    (dataset,) = content.datasets
    return next(variable.codes() for variable in dataset.variables if variable.name == name)


def begin_at(survey, young, grown):
    """Officers decide from which ages on people are young, and grown."""
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        by_name = {one.name: one for one in mapping.measured(session, activity, {})}
        concepts.adopt(session, activity.process, "stage", by_name["stage"].choices, by=None, now=survey.now)
        lists = concepts.code_lists(session, survey.process_id)
        starts = {"young": float(young), "grown": float(grown)}
        mapping.decide_bounds(session, activity, by_name["age"], "stage", starts, None, lists, by=None, now=survey.now)


def refused(survey):
    with pytest.raises(Refused) as found:
        survey.draft(PLAN)
    return {(one.code, one.params.get("cell")) for one in found.value.problems}


def test_bins_stay_where_they_were_when_answers_spread(survey):
    survey.answer(people(range(60, 100)))
    number = survey.freeze(PLAN)

    first, second = (content_of(survey.release(one).content) for one in (1, number))

    assert [bins(first, name) for name in ("age", "came")] == [bins(second, name) for name in ("age", "came")]
    assert survey.verify(1).good
    assert survey.verify(number) == (True, True, True)


def test_bounds_of_officers_that_tell_of_few_beside_a_published_release_are_refused(survey):
    """Who are under 30 in the one, less who are under 27 in the other."""
    begin_at(survey, 27, 50)

    assert ("results.release.together", "age = 27..30") in refused(survey)


def test_they_are_refused_too_where_all_who_came_since_are_elsewhere(survey):
    survey.answer(people(range(50, 60)))
    begin_at(survey, 27, 50)

    assert ("results.release.together", "age = 27..30") in refused(survey)


def test_bounds_of_officers_that_tell_of_enough_are_taken(survey):
    begin_at(survey, 40, 50)

    assert bins(survey.draft(PLAN).content, "age") == ("..40", "40..50", "50..")
