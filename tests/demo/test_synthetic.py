"""Synthetic answers follow the population, the questionnaire and its rules, and are the same every time."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from consult.core.exchange.xlsform import read
from consult.core.expressions.environment import Environment
from consult.core.expressions.expression import parse
from consult.core.questionnaire.definition import Question, Questionnaire, QuestionType
from consult.demo.content import load, opinions, population, questionnaire_file
from consult.demo.synthetic import Answers, synthetic_answers

TODAY = dt.date(2026, 3, 2)
COUNT = 1200

Submissions = list[tuple[str, Answers]]


def _draw(questionnaire: Questionnaire, *, count: int = COUNT, seed: int = 1) -> Submissions:
    return list(synthetic_answers(questionnaire, population(), opinions(), count=count, seed=seed, today=TODAY))


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return read(questionnaire_file(load())).questionnaire


@pytest.fixture(scope="module")
def submissions(questionnaire: Questionnaire) -> Submissions:
    return _draw(questionnaire)


def _environment(questionnaire: Questionnaire, answers: Answers) -> Environment:
    """The answers with what is calculated from them."""
    values: dict[str, str | tuple[str, ...]] = dict(answers)
    for question in questionnaire.questions():
        if question.calculation:
            values[question.name] = parse(question.calculation).text(Environment(values, today=TODAY))
    return Environment(values, today=TODAY)


def test_the_same_seed_draws_the_same_and_another_seed_does_not(
    questionnaire: Questionnaire, submissions: Submissions
) -> None:
    assert _draw(questionnaire) == submissions
    assert _draw(questionnaire, seed=2) != submissions


def test_country_and_sex_follow_the_population(questionnaire: Questionnaire) -> None:
    count = 20_000
    drawn = Counter((answers["country"], answers["sex"]) for _, answers in _draw(questionnaire, count=count))
    total = sum(stock.female + stock.male for stock in population())
    for stock in population()[:12]:
        for sex, size in (("F", stock.female), ("M", stock.male)):
            expected = 0.985 * size / total
            deviation = (expected * (1 - expected) / count) ** 0.5
            assert drawn[stock.country, sex] / count == pytest.approx(expected, abs=4 * deviation)


def test_small_countries_stay_under_the_threshold(submissions: Submissions) -> None:
    sizes = Counter(answers["country"] for _, answers in submissions).values()
    assert sum(size < 10 for size in sizes) >= 10
    assert sum(size >= 10 for size in sizes) >= 10


def test_answers_use_questions_and_choices_that_exist(questionnaire: Questionnaire, submissions: Submissions) -> None:
    lists = questionnaire.lists()
    questions = {question.name: question for question in questionnaire.questions()}
    for _, answers in submissions:
        for name, value in answers.items():
            question = questions[name]
            if question.type is QuestionType.SELECT_ONE:
                assert value in lists[question.choices].names()
            elif question.type is QuestionType.SELECT_MULTIPLE:
                chosen = value.split()
                assert len(set(chosen)) == len(chosen)
                assert set(chosen) <= set(lists[question.choices].names())
            assert value


def test_relevance_constraints_required_and_filters_are_honoured(
    questionnaire: Questionnaire, submissions: Submissions
) -> None:
    lists = questionnaire.lists()
    for _, answers in submissions:
        env = _environment(questionnaire, answers)
        for question in questionnaire.questions():
            value = answers.get(question.name, "")
            assert value or not question.required, question.name
            if not value:
                continue
            assert not question.relevant or parse(question.relevant).truth(env), question.name
            assert not question.constraint or parse(question.constraint).truth(env.child(dot=value)), question.name
            if question.choice_filter:
                choice = next(choice for choice in lists[question.choices].choices if choice.name == value)
                row = {"name": choice.name, **choice.attributes}
                assert parse(question.choice_filter).truth(env.child(choice=row)), value


def test_every_question_is_answered_by_many_and_skipped_by_some(
    questionnaire: Questionnaire, submissions: Submissions
) -> None:
    answered = Counter(name for _, answers in submissions for name in answers)
    asked = [question for question in questionnaire.questions() if _takes_an_answer(question)]
    assert all(answered[question.name] > COUNT / 5 for question in asked)
    assert all(answered[question.name] < COUNT for question in asked if not question.required)


def _takes_an_answer(question: Question) -> bool:
    return question.type not in {QuestionType.NOTE, QuestionType.CALCULATE}


def test_locales_follow_the_country_and_open_answers_the_locale(
    questionnaire: Questionnaire, submissions: Submissions
) -> None:
    locales = Counter(locale for locale, _ in submissions)
    assert locales.keys() <= set(questionnaire.locales)
    assert locales["en"] > locales["fr"] > COUNT / 10
    texts = opinions()
    assert all(answers["suggestion"] in texts[locale] for locale, answers in submissions if "suggestion" in answers)


def test_questions_the_officer_removed_are_not_answered(questionnaire: Questionnaire) -> None:
    shorter = Questionnaire(
        title=questionnaire.title,
        locales=("en",),
        children=questionnaire.children[:2],
        choice_lists=questionnaire.choice_lists,
    )
    kept = {question.name for question in shorter.questions()}
    drawn = _draw(shorter, count=50)
    assert {locale for locale, _ in drawn} == {"en"}
    assert all(answers.keys() <= kept for _, answers in drawn)
