"""`consult xlsform check` says what a form contains, or all that is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.questionnaires.commands import xlsform
from tests.core.exchange.making import form

FORMS = Path(__file__).parents[1] / "core" / "exchange" / "forms"


def check(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(xlsform, ["check", str(path), *options])
    return result.exit_code, result.output


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "form.xlsx"
    found.write_bytes(form("type|name|label|relevant\nstart|s||\ntext|a|A|\ninteger|b|B|${a} = 'x'"))
    return found


def test_a_good_form_is_summarised_as_json(path: Path) -> None:
    code, output = check(path, "--format", "json")
    assert code == 0
    assert json.loads(output) == {
        "title": "Test",
        "languages": ["en"],
        "questions": 2,
        "choices": 0,
        "groups": 0,
        "repeats": 0,
        "relevant": 1,
        "constraint": 0,
        "calculation": 0,
        "choice_filter": 0,
        "required": 0,
        "labels": {"en": 2},
        "warnings": [
            {
                "sheet": "survey",
                "row": 2,
                "column": "type",
                "code": "xlsform.left_out.trace",
                "message": "“start” was left out: nothing is stored that could tell who answered, where, when or on "
                "which device.",
            }
        ],
    }


def test_a_good_form_is_summarised_as_text(path: Path) -> None:
    code, output = check(path)
    assert code == 0
    assert "questions: 2\n" in output
    assert "survey, row 2, type: “start” was left out" in output


def test_the_source_of_unlabelled_columns_can_be_said(path: Path) -> None:
    assert json.loads(check(path, "--format", "json", "--source", "fr")[1])["languages"] == ["fr"]


@pytest.mark.parametrize("name", sorted(path.name for path in FORMS.glob("pyxform_BAD_*.xlsx")))
def test_a_bad_form_is_refused_with_the_list(name: str) -> None:
    code, output = check(FORMS / name, "--format", "json")
    problems = json.loads(output)["problems"]
    assert code == 1
    assert problems
    assert all(problem["sheet"] and problem["row"] and problem["message"].endswith(".") for problem in problems)
    assert check(FORMS / name)[1].count("\n") == len(problems)
