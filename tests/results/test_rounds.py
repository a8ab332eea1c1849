"""Rounds are compared from the protected tables of one release, each with its own base."""

from __future__ import annotations

import random

import msgspec
import pytest

from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType
from consult.core.text import LocalisedText
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from consult.results import columns
from consult.results.content import content_of
from consult.results.presentation import Reader, items
from consult.results.rounds import over_rounds
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, make_responses
from tests.results.surveying import Survey

READER = Reader("en", str)


def questionnaire(*colours, name="colour", **sends):
    return make_questionnaire(
        make_question(name, QuestionType.SELECT_ONE, choices="colours", concept="colour"),
        make_question("sex", QuestionType.SELECT_ONE, choices="sexes"),
        make_question("age", QuestionType.INTEGER),
        make_question("sends", QuestionType.SELECT_ONE, choices="often"),
        lists=(
            choices("colours", *colours),
            choices("sexes", "f", "m"),
            ChoiceList(
                name="often",
                choices=tuple(Choice(name=code, label=LocalisedText({"en": words})) for code, words in sends.items()),
            ),
        ),
    )


def answers(**often):
    return [
        {"colour": colour or None, "sex": "f", "age": 30 + number % 20, "sends": "12"[number % 2]}
        for colour, count in often.items()
        for number in range(count)
    ]


@pytest.fixture
def rounds(database, settings, keys, now):
    """Last year's activity and this year's, in one release."""
    survey = Survey(
        database, settings, keys, now, questionnaire=questionnaire("red", "blue", "grey", **{"1": "Yes", "2": "No"})
    )
    survey.answer(answers(red=60, blue=36, grey=4))
    this_year = questionnaire("red", "blue", "green", name="hue", **{"1": "Never", "2": " no"})
    with database.transaction() as session:
        last = session.get_one(Activity, survey.activity_id)
        edition = make_edition(session, questionnaire=this_year)
        second = session.get_one(Activity, edition.activity_id)
        second.process, second.previous_id, second.round, second.sealed_at = last.process, last.id, 2, now
        renamed = [{**one, "hue": one["colour"]} for one in answers(red=30, blue=40, green=30)]
        for one in renamed:
            del one["colour"]
        make_responses(session, session.get_one(Edition, (second.id, 1)), this_year, renamed)
    columns.refresh(database, second.id, store=settings.column_store, least=10, rng=random.Random(1))
    survey.freeze()
    return survey


def items_of(survey, number):
    content = content_of(survey.release().content)
    dataset = next(one for one in content.datasets if one.round == number)
    return content, {item.variable.name: item for item in items(dataset, READER)}


def test_a_question_is_held_beside_that_of_the_same_concept(rounds):
    content, this_year = items_of(rounds, 2)
    _, last_year = items_of(rounds, 1)

    found = over_rounds(this_year["hue"], content, READER)

    assert [(one.number, one.base) for one in found.rounds] == [
        (1, last_year["colour"].one_way.bases[0]),
        (2, 100),
    ]
    lines = {line.label: line.cells for line in found.lines}
    assert lines["red (en)"] == ((60, last_year["colour"].one_way.lines[0].shares[0]), (30, 30.0))
    assert lines["green (en)"] == (None, (30, 30.0)), "not offered last year"
    assert lines["grey (en)"] == ((None, None), None), "hidden last year, not offered this year"


def test_the_same_id_is_enough_and_numbers_and_the_first_round_are_not_compared(rounds):
    content, this_year = items_of(rounds, 2)
    _, last_year = items_of(rounds, 1)

    assert [one.number for one in over_rounds(this_year["sex"], content, READER).rounds] == [1, 2]
    assert over_rounds(this_year["age"], content, READER) is None
    assert over_rounds(last_year["colour"], content, READER) is None


def test_a_code_with_other_words_than_last_year_has_a_row_of_its_own(rounds):
    content, this_year = items_of(rounds, 2)

    lines = {line.label: line.cells for line in over_rounds(this_year["sends"], content, READER).lines}

    assert lines["Never"][0] is None
    assert lines["Yes"][1] is None
    assert None not in lines[" no"], "the same words, written otherwise"


def test_a_round_that_is_withheld_or_not_in_the_release_is_not_compared(rounds):
    content, this_year = items_of(rounds, 2)
    alone = msgspec.structs.replace(content, datasets=tuple(one for one in content.datasets if one.round == 2))

    assert over_rounds(this_year["hue"], alone, READER) is None


def test_the_page_of_the_question_shows_it(rounds, app, client, database):
    with database.transaction() as session:
        slug = session.get_one(Activity, rounds.activity_id).process.slug
    rounds.publish(1)
    _, this_year = items_of(rounds, 2)
    item = this_year["hue"]

    page = client.get(f"/en/p/{slug}/results/1/{item.dataset.slug}/{item.variable.id}").text

    assert "Compared with earlier rounds" in page
    assert "Round 1: " in page
