"""The dialect answers as the OpenRosa evaluator does, case by case."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from consult.core.errors import Refused
from consult.core.expressions import Environment, parse

CASES = json.loads((Path(__file__).parent / "openrosa/cases.json").read_text(encoding="utf-8"))["cases"]

LEFT_OUT = {
    "1 andr\n\t1": "the original has a carriage return, here only its letter; language.json has it right",
    "1 orr\n\t1": "as above",
}


def environment(answer: str | None) -> Environment:
    return Environment({"v": answer or ""}, today=dt.date(2026, 3, 2), time_zone="America/Phoenix")


def of_type(result: str) -> list[pytest.param]:
    return [
        pytest.param(case["expression"], case["v"], case["expected"], id=f"{number}: {case['expression']}")
        for number, case in enumerate(CASES)
        if case["result_type"] == result and case["expression"] not in LEFT_OUT
    ]


def test_no_case_is_forgotten():
    kinds = ("boolean", "string", "number", "number_rounded_100000", "throws")

    assert sum(len(of_type(kind)) for kind in kinds) == len(CASES) - len(LEFT_OUT) == 288


@pytest.mark.parametrize(("expression", "answer", "expected"), of_type("boolean"))
def test_truth(expression, answer, expected):
    assert parse(expression).truth(environment(answer)) is expected


@pytest.mark.parametrize(("expression", "answer", "expected"), of_type("string"))
def test_text(expression, answer, expected):
    assert parse(expression).text(environment(answer)) == expected


@pytest.mark.parametrize(("expression", "answer", "expected"), of_type("number"))
def test_number(expression, answer, expected):
    assert parse(expression).number(environment(answer)) == pytest.approx(float(expected), rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize(("expression", "answer", "expected"), of_type("number_rounded_100000"))
def test_number_to_five_places(expression, answer, expected):
    assert round(parse(expression).number(environment(answer)), 5) == float(expected)


@pytest.mark.parametrize(("expression", "answer", "expected"), of_type("throws"))
def test_refusal(expression, answer, expected):
    with pytest.raises(Refused):
        parse(expression)
