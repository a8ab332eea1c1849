"""Standing questions stand in front, keep the words that somebody gave them, and are questions like others."""

from __future__ import annotations

import msgspec
import pytest

from consult.core.aggregation.tables import Kind
from consult.core.aggregation.variables import variables
from consult.core.exchange import xlsform
from consult.core.questionnaire import offline
from consult.core.questionnaire.definition import Group, Questionnaire
from consult.core.questionnaire.identity import keep_ids
from consult.core.questionnaire.lint import lint
from consult.core.questionnaire.routing import opening
from consult.core.questionnaire.standing import NAMES, WORDS, Wanted, carried_over, wanted, with_standing
from consult.core.questionnaire.steps import Compiled
from consult.core.text import LocalisedText
from tests.factories.questionnaires import make_questionnaire

ALL = Wanted(consent=True, least_age=16, guardians=True, filled_in_by=True)
SIX = ("en", "fr", "ar", "es", "pt", "ru")


def front(questionnaire: Questionnaire) -> Group:
    page = questionnaire.children[0]
    assert isinstance(page, Group)
    return page


def codes(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    lists = questionnaire.lists()
    return {name: lists[name].names() for name in NAMES if name in lists}


def test_the_usual_words_are_there_in_every_shipped_language() -> None:
    assert {name: text.missing(SIX) for name, text in WORDS.items() if text.missing(SIX)} == {}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Wanted(), {}),
        (Wanted(consent=True), {"standing_consent": ("yes", "no")}),
        (Wanted(least_age=18), {"standing_age": ("at_least_18", "younger")}),
        (Wanted(least_age=16, guardians=True), {"standing_age": ("at_least_16", "guardian", "younger")}),
        (Wanted(filled_in_by=True), {"standing_filled_in_by": ("self", "helped", "for_somebody")}),
    ],
)
def test_what_is_wanted_is_asked_and_read_back(asked: Wanted, expected: dict[str, tuple[str, ...]]) -> None:
    made = with_standing(make_questionnaire(), asked)
    assert codes(made) == expected
    found = wanted(made)
    assert (found.consent, found.least_age, found.guardians, found.filled_in_by) == (
        asked.consent,
        asked.least_age,
        asked.guardians,
        asked.filled_in_by,
    )
    assert lint(made).errors == ()


def test_they_are_taken_away_again_without_a_trace() -> None:
    plain = make_questionnaire()
    assert with_standing(with_standing(plain, ALL), Wanted()) == plain


def test_words_that_somebody_changed_stay_and_those_of_another_age_do_not() -> None:
    plain = make_questionnaire(locales=("en", "fr", "sw"))
    mine = LocalisedText({"en": "May we use what you say about your health?", "sw": "Tunaomba idhini yako?"})
    made = with_standing(plain, Wanted(consent=True, least_age=16, words={"standing_consent": mine}))
    again = with_standing(made, Wanted(consent=True, least_age=18))
    consent, age = front(again).children
    assert dict(consent.label) == {**mine, "fr": WORDS["standing_consent"]["fr"]}
    assert again.lists()["standing_age"].choices[0].label["en"] == "I am 18 or older"
    assert "sw" not in age.label, "nobody wrote it yet: the overview counts it as missing"


def test_a_file_without_them_keeps_those_of_the_draft_before() -> None:
    before = with_standing(make_questionnaire(), ALL)
    assert carried_over(make_questionnaire(), before) == before
    asked_otherwise = with_standing(make_questionnaire(), Wanted(filled_in_by=True))
    assert carried_over(asked_otherwise, before) == asked_otherwise


def test_tables_know_them_as_questions_but_for_consent_that_everybody_gives() -> None:
    found = {variable.name: variable for variable in variables([with_standing(make_questionnaire(), ALL)])}
    assert "standing_consent" not in found
    assert found["standing_age"].codes() == ("at_least_16", "guardian", "younger")
    assert found["standing_filled_in_by"].kind is Kind.SINGLE
    assert found["standing_filled_in_by"].codes() == ("self", "helped", "for_somebody")


def test_devices_ask_them_too() -> None:
    compiled = Compiled(with_standing(make_questionnaire(), ALL))
    page = opening(compiled)
    assert offline.logic(compiled) is not None
    assert page is not None
    assert [question.name for question in page.asked] == list(NAMES)


def test_an_xlsform_says_all_of_it() -> None:
    made = with_standing(make_questionnaire(), ALL)
    back = xlsform.read(xlsform.write(made), filename="survey.xlsx").questionnaire
    assert keep_ids(back, made).children == made.children
    assert front(back).children[0].turns_away == ("no",)


@pytest.mark.parametrize("turns_away", [("no", "yes"), ("never",)])
def test_somebody_must_be_able_to_take_part(turns_away: tuple[str, ...]) -> None:
    made = with_standing(make_questionnaire(), Wanted(consent=True))
    page = front(made)
    gate = msgspec.structs.replace(page.children[0], turns_away=turns_away)
    broken = msgspec.structs.replace(page, children=(gate,))
    found = lint(msgspec.structs.replace(made, children=(broken, *made.children[1:])))
    assert [problem.code for problem in found.errors] == ["questionnaire.turns_away"]
