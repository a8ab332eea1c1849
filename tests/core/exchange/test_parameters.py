"""The `parameters` column, by type; what is accepted is accepted by pyxform too."""

from __future__ import annotations

import pytest

from consult.core.exchange.xlsform import read, write
from tests.core.exchange.making import form, found, problems
from tests.core.exchange.structure import converts

CHOICES = "list_name|name|label\nl|x|X"


def written(kind: str, cell: str) -> bytes:
    """A form whose last question is of a type and has these parameters."""
    return form(f"type|name|label|parameters\ninteger|n|N|\n{kind}|a|A|{cell}", CHOICES)


@pytest.mark.parametrize(
    ("kind", "cell", "parameters"),
    [
        ("range", "start=1; end = 5", {"start": "1", "end": "5"}),
        ("range", "start=-1.5,end=1.5 step=.5", {"start": "-1.5", "end": "1.5", "step": ".5"}),
        ("range", "Start=10 end=0 step=2 placeholder=4", {"start": "10", "end": "0", "step": "2", "placeholder": "4"}),
        ("range", "tick_interval=3 step=3", {"tick_interval": "3", "step": "3"}),
        ("text", "rows=5", {"rows": "5"}),
        ("image", "max-pixels=640", {"max-pixels": "640"}),
        ("select_one l", "randomize=true", {"randomize": "true"}),
        ("select_multiple l", "randomize=true seed=7", {"randomize": "true", "seed": "7"}),
        ("rank l", "randomize=true, seed=${n}", {"randomize": "true", "seed": "${n}"}),
        ("select_one_from_file w.csv", "value=code label=title", {"value": "code", "label": "title"}),
    ],
)
def test_what_each_type_understands(kind: str, cell: str, parameters: dict[str, str]) -> None:
    questionnaire = read(written(kind, cell)).questionnaire
    assert list(questionnaire.questions())[-1].parameters == parameters
    converts(write(questionnaire))


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("range", "start=a", "number"),
        ("range", "end=NaN", "number"),
        ("range", "end=1e99999", "number"),
        ("range", "start=0 end=5 step=0", "step"),
        ("range", "start=0 end=5 step=6", "step"),
        ("range", "tick_interval=1.5", "step"),
        ("range", "placeholder=11", "step"),
        ("text", "rows=many", "whole"),
        ("image", "max-pixels=6.5", "whole"),
        ("select_one l", "randomize=perhaps", "truth"),
        ("select_one l", "randomize=true seed=n", "seed"),
        ("select_one l", "seed=7", "seed"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(kind: str, cell: str, code: str) -> None:
    told = [found(problem) for problem in problems(written(kind, cell))]
    assert told == [f"xlsform.parameters.{code} survey 3 parameters"]


@pytest.mark.parametrize(
    ("kind", "cell"), [("text", "start=1"), ("select_one l", "value=code"), ("range", "randomize=true")]
)
def test_a_parameter_of_another_type_is_left_out_with_a_word(kind: str, cell: str) -> None:
    imported = read(written(kind, cell))
    assert list(imported.questionnaire.questions())[-1].parameters == {}
    assert "xlsform.parameters.unknown survey 3 parameters" in [found(problem) for problem in imported.warnings]
    converts(write(imported.questionnaire))
