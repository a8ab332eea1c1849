"""What the fieldwork page calls countries, when officers decide anew which question asks for them."""

from __future__ import annotations

import pytest

from consult.core.aggregation.attack import System, broken
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import Span, key
from consult.core.questionnaire.definition import QuestionType
from consult.processes import concepts
from consult.processes.models import Activity
from consult.questionnaires import mapping
from consult.results import fieldwork
from consult.results.content import SUPPRESSION, Plan
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.factories.results import choices
from tests.results.surveying import Survey

RESIDENCE = "country_of_residence"
LANDS = ("GB", "US", "DE")


@pytest.fixture
def survey(database, settings, keys, now):
    """Where people live, and where they were born; the questionnaire says that they live in the first."""
    return Survey(
        database,
        settings,
        keys,
        now,
        questionnaire=make_questionnaire(
            make_question("lives", QuestionType.SELECT_ONE, choices="lands", concept=RESIDENCE),
            make_question("born", QuestionType.SELECT_ONE, choices="lands"),
            lists=(choices("lands", *LANDS),),
        ),
    )


def decide_on(survey, name):
    """The officers decide that another question asks for the country of residence."""
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        lists = concepts.code_lists(session, survey.process_id)
        for question in mapping.measured(session, activity, lists):
            concept = RESIDENCE if question.name == name else ""
            mapping.decide(session, activity, question, concept, {}, lists, by=None, now=survey.now)


def page(survey):
    with survey.database.reading() as session:
        activity = session.get_one(Activity, survey.activity_id)
        store = survey.settings.column_store
        return fieldwork.count(session, activity, Thresholds.of(10), store=store, engine=survey.engine)


def test_the_page_follows_what_officers_have_decided(survey):
    survey.answer([{"lives": "GB", "born": "US"}] * 70)

    before = page(survey)
    decide_on(survey, "born")
    after = page(survey)

    assert (before["asked"], before["country"]) == (survey.ids["lives"], {"GB": 70})
    assert (after["asked"], after["country"]) == (survey.ids["born"], {"US": 70})


@pytest.mark.parametrize("kept", ["with the question", "as it was kept before"])
def test_what_the_page_told_of_a_question_is_known_of_that_question(survey, kept):
    """11 live in the US or in Germany. Who has seen that 10 live in the US knows the one in Germany."""
    survey.answer([{"lives": "GB", "born": "GB"}] * 60 + [{"lives": "US", "born": "DE"}] * 10)
    counts = dict(page(survey))
    if kept != "with the question":
        del counts["asked"]
    survey.count(counts)
    survey.answer([{"lives": "DE", "born": "DE"}])
    decide_on(survey, "born")

    made = survey.draft(Plan(method=SUPPRESSION))

    (dataset,), (restricted,) = made.content.datasets, made.restricted.datasets
    seen = {key((survey.ids["lives"], "US")): Span(10, 19)}
    assert broken(System.of(dataset.tables, seen), dict(restricted.needs)) == []


def test_after_a_release_the_page_counts_as_the_release_did(survey):
    """The release reckons with the page of the same responses: nobody may change what that says."""
    survey.answer([{"lives": "GB", "born": "US"}] * 60 + [{"lives": "US", "born": "GB"}] * 30)
    plan = Plan(method=SUPPRESSION)
    survey.publish(survey.freeze(plan))

    decide_on(survey, "born")
    between = page(survey)
    made = survey.draft(plan)
    survey.publish(survey.keep(made))

    assert between["asked"] == survey.ids["lives"]
    assert page(survey)["asked"] == survey.ids["born"]
    told = {cell[0][0] for cell, _ in made.restricted.datasets[0].told}
    assert {survey.ids["lives"], survey.ids["born"]} <= told, "the page of these responses says either"
