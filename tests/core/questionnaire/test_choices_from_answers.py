"""Choices that are what was answered to another question: who of the household it was."""

from __future__ import annotations

import datetime as dt

from consult.core.aggregation.tables import Kind
from consult.core.aggregation.variables import kind
from consult.core.questionnaire.accepting import Accepted, accept
from consult.core.questionnaire.answers import Answer
from consult.core.questionnaire.lint import lint
from consult.core.questionnaire.routing import Context, Sheet, stand
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load, questionnaire

COMPILED = Compiled(load("choices_from_answers"))
ABOUT = next(page for page in COMPILED.pages if page.group is not None)
CONTEXT = Context(today=dt.date(2026, 3, 2))
HOUSEHOLD: dict[str, Answer] = {
    "member": 3,
    "first_name-1": "Ama Serwaa",
    "first_name-2": "Kofi",
    "first_name-3": "Kofi",
}


def offered(name: str, answers: dict[str, Answer]) -> list[str]:
    question = COMPILED.by_name[name].question
    assert question is not None
    return [choice.name for choice in stand(COMPILED, answers, CONTEXT).choices(question)]


def sent(**form: list[str]) -> Accepted:
    return accept(COMPILED, Sheet(ABOUT), form, HOUSEHOLD, CONTEXT)


def test_each_answer_is_offered_once_in_order_and_filtered() -> None:
    assert offered("eldest", HOUSEHOLD) == ["Ama Serwaa", "Kofi"]
    assert offered("kofi", HOUSEHOLD) == offered("partner", HOUSEHOLD) == ["Kofi"]
    assert "partner" in stand(COMPILED, HOUSEHOLD, CONTEXT).seen


def test_where_nothing_was_answered_the_question_is_passed_over() -> None:
    standing = stand(COMPILED, {"member": 0}, CONTEXT)

    assert offered("eldest", {"member": 0}) == []
    assert not standing.shows(Sheet(ABOUT))


def test_what_is_offered_can_be_chosen_and_nothing_else() -> None:
    right = sent(eldest=["Ama Serwaa"], work=["Kofi", "Ama Serwaa"])
    assert (right.stored["eldest"], right.stored["work"]) == ("Ama Serwaa", ("Ama Serwaa", "Kofi"))
    assert [problem.code for problem in sent(eldest=["Yaw"]).problems] == ["answer.choice.unknown"]


def test_what_is_not_offered_any_more_counts_no_longer() -> None:
    answers = {**HOUSEHOLD, "eldest": "Ama Serwaa", "first_name-1": "Esi"}

    assert stand(COMPILED, answers, CONTEXT).answers["eldest"] is None


def test_names_of_people_are_counted_as_words() -> None:
    question = COMPILED.by_name["eldest"].question
    assert question is not None
    assert kind(question) is Kind.TEXT


def test_the_question_whose_answers_are_the_choices_must_exist() -> None:
    asked = questionnaire({"survey": [{"type": "select_one ${nobody}", "name": "who", "label": "Who?"}]})

    assert {problem.code for problem in lint(asked).errors} == {"questionnaire.list.missing"}
    assert not lint(load("choices_from_answers")).errors
