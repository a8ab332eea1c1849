"""Rounds are compared from the protected tables of one release, each with its own base."""

from __future__ import annotations

import re

import msgspec
import pytest

from consult.processes.models import Activity
from consult.results.content import content_of
from consult.results.presentation import Reader, items
from consult.results.rounds import over_rounds
from tests.results.surveying import two_rounds

READER = Reader("en", str)


@pytest.fixture
def rounds(database, settings, keys, now):
    return two_rounds(database, settings, keys, now)


def items_of(survey, number):
    content = content_of(survey.release().content)
    dataset = next(one for one in content.datasets if one.round == number)
    return content, {item.variable.name: item for item in items(dataset, READER)}


def test_a_question_is_held_beside_that_of_the_same_concept(rounds):
    content, this_year = items_of(rounds, 2)
    _, last_year = items_of(rounds, 1)

    found = over_rounds(this_year["hue"], content, READER)

    assert [(one.label, one.base) for one in found.columns] == [
        ("Round 1", last_year["colour"].one_way.bases[0]),
        ("Round 2", 100),
    ]
    lines = {line.label: line.cells for line in found.lines}
    assert lines["red (en)"] == ((60, last_year["colour"].one_way.lines[0].shares[0]), (30, 30.0))
    assert lines["green (en)"] == (None, (30, 30.0)), "not offered last year"
    assert lines["grey (en)"] == ((None, None), None), "hidden last year, not offered this year"


def test_the_same_id_is_enough_and_numbers_and_the_first_round_are_not_compared(rounds):
    content, this_year = items_of(rounds, 2)
    _, last_year = items_of(rounds, 1)

    assert len(over_rounds(this_year["sex"], content, READER).columns) == 2
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
    assert re.search(r"Round 1<br>\s*<span class=\"hint\">Questionnaire for the diaspora", page)
