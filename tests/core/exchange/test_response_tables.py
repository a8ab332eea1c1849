"""Answers go out as tables in which they come in again."""

from __future__ import annotations

import datetime as dt

import pytest

from consult.core.errors import Refused
from consult.core.exchange.responses import read, writing
from consult.core.exchange.responses.writing import Given
from consult.core.questionnaire.answers import Answers
from consult.core.questionnaire.steps import Compiled
from tests.core.exchange.test_responses import PLAIN
from tests.questionnaires import load

DAY = dt.date(2026, 3, 2)
NESTED = Compiled(load("repeats_nested"))


def ids(compiled: Compiled, **answers: object) -> Answers:
    """Answers by id; in names of instances `_` stands for the hyphen."""
    found = {}
    for name, value in answers.items():
        plain, *path = name.split("_")
        found["-".join([compiled.by_name[plain].id, *path])] = value
    return found  # type: ignore[return-value]


def given(answers: Answers, channel: str = "open") -> Given:
    return Given(answers, 1, "en", channel, "submitted", "2026-03-02")


def test_plain_answers_come_back_from_csv_and_from_a_workbook() -> None:
    answers = ids(PLAIN, age=40, moved="yes", when="2020-01-31", about=("work", "other"), agreed="OK")
    answers[PLAIN.by_name["about"].other] = "=cmd()"
    answers[PLAIN.by_name["double"].id] = "80"
    (table,) = found = writing.tables(PLAIN, [given(answers)])
    back = read(writing.xlsx(found), PLAIN, day=DAY)
    assert back.refused == ()
    assert back.rows[0].answers == answers
    told = read(writing.csv(table), PLAIN, day=DAY).rows[0].answers
    assert told == {**answers, PLAIN.by_name["about"].other: "'=cmd()"}, "no spreadsheet runs it"


def test_repeats_within_repeats_come_back() -> None:
    answers = ids(NESTED, n=2, outer=2, inner_1=2, inner_2=2, x_1_1="1", x_1_2="0", x_2_1="0", x_2_2="3")
    answers |= ids(NESTED, y_1_1="one", y_2_2="three")
    found = writing.tables(NESTED, [given(ids(NESTED, n=0)), given(answers)])
    assert [(table.name, len(table.rows)) for table in found] == [("responses", 2), ("outer", 2), ("inner", 4)]
    back = read(writing.xlsx(found), NESTED, day=DAY)
    assert back.refused == ()
    assert {name: value for name, value in back.rows[1].answers.items() if value is not None} == answers


def test_what_was_answered_in_a_trial_is_not_taken_in() -> None:
    found = writing.tables(PLAIN, [given(ids(PLAIN, age=40), "trial")])
    with pytest.raises(Refused, match=r"responses\.trial"):
        read(writing.xlsx(found), PLAIN, day=DAY)
