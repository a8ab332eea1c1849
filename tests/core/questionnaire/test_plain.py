"""The short ways past questions about which nothing decides lead to where the long ways lead."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.questionnaire.answers import Answers
from consult.core.questionnaire.routing import Context, Standing, stand
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load

FEATURES = sorted(path.stem for path in Path(__file__).parents[2].joinpath("questionnaires").glob("*.json"))


@cache
def short(feature: str) -> Compiled:
    return Compiled(load(feature))


@cache
def long(feature: str) -> Compiled:
    found = Compiled(load(feature))
    found.plain, found.judged = frozenset(), frozenset(found.by_id)
    return found


def told(standing: Standing) -> tuple[object, ...]:
    sheets = [(page.number, path) for page, path in standing.sheets()]
    unfinished = standing.unfinished()
    sheet = None if unfinished is None else (unfinished.page.number, unfinished.path)
    return standing.document(), standing.answers, standing.relevant, standing.seen, sheets, sheet


@pytest.mark.parametrize("feature", FEATURES)
@given(st.data())
def test_the_same_is_put_and_sent(feature: str, data: st.DataObject) -> None:
    answers: Answers = {}
    for step in short(feature).answerable:
        texts = st.sampled_from(step.codes) if step.codes else st.sampled_from(["yes", "no", "5", "2026-03-02"])
        given_one = data.draw(st.none() | texts | st.integers(0, 3))
        if given_one is not None or data.draw(st.booleans()):
            answers[step.id] = given_one
    context = Context(today=dt.date(2026, 3, 2), seed="seed", locale="en")
    ways = [stand(compiled, answers, context) for compiled in (short(feature), long(feature))]
    assert told(ways[0]) == told(ways[1])


def test_what_a_rule_of_another_question_names_is_not_passed_by() -> None:
    assert {step.name for step in short("constraint").steps if step.id in short("constraint").plain}
    for feature in FEATURES:
        compiled = short(feature)
        named = {name for step in compiled.steps for name in step.mentioned()}
        assert not {compiled.by_id[one].name for one in compiled.plain} & named
