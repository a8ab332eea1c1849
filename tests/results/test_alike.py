"""Questions of different questionnaires are compared in the codes of the concept that they share."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from consult.core.questionnaire.definition import QuestionType
from consult.processes import concepts
from consult.processes.models import Activity
from consult.questionnaires import mapping
from consult.questionnaires.models import Edition
from consult.results import columns
from consult.results.alike import over_questionnaires
from consult.results.content import Plan, content_of
from consult.results.presentation import Reader, items
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, make_responses
from tests.results.recording import records
from tests.results.surveying import Survey

HERE = make_questionnaire(
    make_question("sex", QuestionType.SELECT_ONE, choices="sexes", concept="sex"), lists=(choices("sexes", "F", "M"),)
)
THERE = make_questionnaire(
    make_question("gender", QuestionType.SELECT_ONE, choices="genders"),
    lists=(choices("genders", "woman", "girl", "man", "other"),),
)


@pytest.fixture
def survey(database, settings, keys, now):
    """The sex of people here, and what there is mapped to it: women and girls are female, others are left out."""
    survey = Survey(database, settings, keys, now, questionnaire=HERE)
    survey.answer([{"sex": "F"}] * 60 + [{"sex": "M"}] * 40)
    with database.transaction() as session:
        edition = make_edition(session, questionnaire=THERE)
        second = session.get_one(Activity, edition.activity_id)
        second.process, second.sealed_at = session.get_one(Activity, survey.activity_id).process, now
        given = [{"gender": "woman"}] * 30 + [{"gender": "girl"}] * 20 + [{"gender": "man"}] * 45
        make_responses(session, session.get_one(Edition, (second.id, 1)), THERE, [*given, *[{"gender": "other"}] * 15])
        lists = concepts.code_lists(session, second.process_id)
        (gender,) = mapping.measured(session, second, lists)
        codes = {"woman": "F", "girl": "F", "man": "M"}
        mapping.decide(session, second, gender, "sex", codes, lists, by=None, now=now)
        survey.second = second.id
    columns.refresh(database, survey.second, store=settings.column_store, least=10, rng=random.Random(1))
    return survey


def compared(survey, name, locale="en"):
    content = content_of(survey.release().content)
    reader = Reader(locale, str)
    found = {item.variable.name: item for dataset in content.datasets for item in items(dataset, reader)}
    return over_questionnaires(found[name], content, reader)


def test_categories_of_one_code_count_together(survey):
    survey.freeze()

    found = compared(survey, "sex")

    assert [one.base for one in found.columns] == [100, 110]
    assert [(line.label, line.cells) for line in found.lines] == [
        ("Female", ((60, 60.0), (50, 45.5))),
        ("Male", ((40, 40.0), (45, 40.9))),
    ]
    assert compared(survey, "gender").columns[0].base == 110, "each has its own page"
    assert survey.verify() == (True, True, True)


def test_what_is_hidden_stays_hidden(survey):
    with survey.database.transaction() as session:
        edition = session.get_one(Edition, (survey.activity_id, 1))
        make_responses(session, edition, HERE, [{"sex": None}] * 4)
    columns.refresh(
        survey.database, survey.activity_id, store=survey.settings.column_store, least=10, rng=random.Random(2)
    )
    survey.freeze()

    hidden = [line.label for line in compared(survey, "sex").lines if line.cells[0] == (None, None)]

    assert hidden, "a category is hidden with the four who skipped it"


def test_a_question_alone_has_nothing_to_be_compared_with(survey):
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.second)
        lists = concepts.code_lists(session, activity.process_id)
        (gender,) = mapping.measured(session, activity, lists)
        mapping.decide(session, activity, gender, "", {}, lists, by=None, now=survey.now)
    survey.freeze()

    assert compared(survey, "sex") is None


# --- numbers ---

AGES = make_questionnaire(make_question("years", QuestionType.INTEGER), make_question("sent", QuestionType.DECIMAL))
IN_GROUPS = make_questionnaire(
    make_question("ages", QuestionType.SELECT_ONE, choices="ages", concept="stage"),
    lists=(choices("ages", "young", "grown", "old"),),
)


@pytest.fixture
def numbers(database, settings, keys, now):
    """Ages in groups here, in years there: the years are mapped to the groups from 18 on, up to 90."""
    survey = Survey(database, settings, keys, now, questionnaire=IN_GROUPS)
    survey.answer([{"ages": "young"}] * 40 + [{"ages": "grown"}] * 30 + [{"ages": "old"}] * 30)
    with database.transaction() as session:
        edition = make_edition(session, questionnaire=AGES)
        second = session.get_one(Activity, edition.activity_id)
        second.process, second.sealed_at = session.get_one(Activity, survey.activity_id).process, now
        years = [*range(10, 17), 17] * 2 + [18, 29] * 10 + [30, 64] * 20 + [65, 89] * 15 + [90] * 12
        given = [{"years": age, "sent": age / 4} for age in years]
        make_responses(session, session.get_one(Edition, (second.id, 1)), AGES, given)
        found = mapping.measured(session, second, concepts.code_lists(session, second.process_id))
        (ages,) = mapping.measured(session, session.get_one(Activity, survey.activity_id), {})
        concepts.adopt(session, second.process, "stage", ages.choices, by=None, now=now)
        bounds = {"young": 18.0, "grown": 30.0, "old": 65.0}
        decide_bounds(session, survey, second, found[0], bounds)
        survey.second, survey.years = second.id, years
    columns.refresh(database, survey.second, store=settings.column_store, least=10, rng=random.Random(1))
    return survey


def decide_bounds(session, survey, activity, question, bounds):
    lists = concepts.code_lists(session, activity.process_id)
    mapping.decide_bounds(session, activity, question, "stage", bounds, 90.0, lists, by=None, now=survey.now)


def test_numbers_are_compared_by_the_codes_whose_ranges_they_are_in(numbers):
    numbers.freeze()

    found = compared(numbers, "ages")

    assert [one.base for one in found.columns] == [100, 118]
    assert [(line.label, line.cells) for line in found.lines] == [
        ("young (en)", ((40, 40.0), (20, 16.9))),
        ("grown (en)", ((30, 30.0), (40, 33.9))),
        ("old (en)", ((30, 30.0), (30, 25.4))),
    ]


def test_tables_are_broken_down_by_the_ranges_of_the_concept(numbers):
    made = numbers.draft(Plan(crossings=("stage",)))

    second = made.content.datasets[1]
    (table,) = (table for table in second.tables if table.by)
    codes = ("..18", "18..30", "30..65", "65..90", "90..")
    assert table.groups[:5] == codes
    assert table.totals[:5] == (16, 20, 40, 30, 12)
    assert second.variable(table.by).codes() == codes


def test_single_records_leave_in_the_bins_of_tables(numbers, tmp_path):
    made = numbers.draft(Plan()).content.datasets[1]
    numbers.activity_id = numbers.second

    rows = records(numbers, tmp_path).rows

    assert Counter(row["years"] for row in rows) == {"..18": 16, "18..30": 20, "30..65": 40, "65..90": 30, "90..": 12}
    in_tables = next(variable for variable in made.variables if variable.name == "sent").codes()
    assert {row["sent"] for row in rows} <= set(in_tables)
    assert len(in_tables) > 2


def test_a_release_is_recomputed_with_what_its_questions_measured_then(numbers):
    numbers.freeze()
    with numbers.database.transaction() as session:
        second = session.get_one(Activity, numbers.second)
        found = mapping.measured(session, second, concepts.code_lists(session, second.process_id))
        decide_bounds(session, numbers, second, found[0], {"young": 20.0, "grown": 40.0, "old": 65.0})

    assert numbers.verify() == (True, True, True)
