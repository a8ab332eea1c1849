"""What cannot be imported is refused whole, with everything that is wrong and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.core.errors import Refused
from consult.core.exchange.xlsform import read
from tests.core.exchange.making import form, found, problems, workbook

FORMS = Path(__file__).parent / "forms"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("calculate_without_calculation", ["xlsform.calculation.missing survey 34 calculation"]),
        ("duplicate_columns", ["xlsform.column.duplicate survey 1 label"]),
        ("group_no_name", ["xlsform.name.missing survey 3 name"]),
        (
            "unknown_question_type",
            ["xlsform.column.duplicate survey 1 relevance", "xlsform.type.unknown survey 52 type"],
        ),
    ],
)
def test_the_bad_forms_of_the_reference(name: str, told: list[str]) -> None:
    assert [found(problem) for problem in problems((FORMS / f"pyxform_BAD_{name}.xlsx").read_bytes())] == told


def test_forms_from_the_field_that_the_reference_refuses() -> None:
    """It names the rows of repeated choices, but not the column of settings; and the first row that speaks of `S1`."""
    data = (FORMS / "unhcr_XlsFormUtil_demo_adapt1.xlsx").read_bytes()
    assert [found(problem) for problem in problems(data)] == [
        *(f"xlsform.choice.duplicate choices {row} name" for row in (7, 8, 9, 13)),
        "xlsform.column.duplicate settings 1 form_id",
    ]
    told = problems((FORMS / "unhcr_surveyDesigner_wt_badcalcref.xlsx").read_bytes())
    assert found(told[0]) == "xlsform.reference.unknown survey 64 calculation"
    assert {(problem.code, problem.params["name"]) for problem in told} == {("xlsform.reference.unknown", "S1")}
    assert len(told) == 70


def test_all_problems_come_at_once_in_the_order_of_the_rows() -> None:
    data = form(
        """
        type             | name   | label           | relevant           | calculation
        txet             | a      | A               |                    |
        select_one yesno | b      | B               |                    |
                         | c      | C               |                    |
        text             | 1d     | D               |                    |
        text             |        | E               |                    |
        calculate        | f      |                 |                    |
        text             | g      | Hello ${nobody} | ${total} = 'yes'   |
        text             | g      | Again           | ${a                |
        integer          | h      | H               | {b}$ = 1           |
        end_group        |        |                 |                    |
        begin_repeat     | r      | R               |                    |
        text             | i      | I               |                    |
        end_group        |        |                 |                    |
        begin_group      | s      | S               |                    |
        """,
        """
        list_name | name | label
        yes_no    | yes  | Yes
        yes_no    | yes  | Yes again
        yes_no    |      | Nameless
        """,
    )
    assert [found(problem) for problem in problems(data)] == [
        "xlsform.type.misspelt survey 2 type",
        "xlsform.list.misspelt survey 3 type",
        "xlsform.type.missing survey 4 type",
        "xlsform.name.invalid survey 5 name",
        "xlsform.name.missing survey 6 name",
        "xlsform.calculation.missing survey 7 calculation",
        "xlsform.reference.unknown survey 8 relevant",
        "xlsform.reference.unknown survey 8 label",
        "xlsform.name.duplicate survey 9 name",
        "expression.syntax survey 9 relevant",
        "xlsform.reference.reversed survey 10 relevant",
        "xlsform.section.unopened survey 11 type",
        "xlsform.section.mismatch survey 14 type",
        "xlsform.section.unclosed survey 15 type",
        "xlsform.choice.duplicate choices 3 name",
        "xlsform.choice.name_missing choices 4 name",
    ]


@pytest.mark.parametrize(
    ("survey", "choices", "told"),
    [
        ("name|label\na|A", "", "xlsform.column.missing survey 1"),
        ("type|name|label", "", "xlsform.empty survey 1"),
        ("type|name|label\nselect_one|a|A", "", "xlsform.list.unnamed survey 2 type"),
        ("type|name|label\nselect_one l|a|A", "name|label\nx|X", "xlsform.column.missing choices 1"),
        (
            "type|name|label\nselect_multiple l|a|A",
            "list_name|name|label\nl|x y|X",
            "xlsform.choice.space choices 2 name",
        ),
        ("type|name|label\nbegin loop over l|a|A\nend loop||", "", "xlsform.loop survey 2 type"),
        ("type|name|label|parameters\ntext|a|A|rows 5", "", "xlsform.parameters survey 2 parameters"),
        ("type|name|label|trigger\ntext|a|A|b", "", "xlsform.trigger survey 2 trigger"),
        ("type|name|label|our::id\ntext|a|A|1x", "", "xlsform.id.invalid survey 2 our::id"),
        ("type|name|label|our::id\ntext|a|A|x\ntext|b|B|x", "", "xlsform.id.duplicate survey 3 our::id"),
        ("type|name|label|our::type\ntext|a|A|fax", "", "xlsform.type.unknown survey 2 our::type"),
        ("type|name|label|our::type\ndate|a|A|email", "", "xlsform.type.unknown survey 2 our::type"),
        ("type|name|label|relevant\ntext|a|A|#REF!", "", "xlsform.cell.error survey 2 relevant"),
        ("type|name|label|caption\ntext|a|A|A", "", "xlsform.column.duplicate survey 1 caption"),
        (
            "type|name|label::English (en)|label::english\ntext|a|A|A",
            "",
            "xlsform.column.duplicate survey 1 label::english",
        ),
    ],
)
def test_each_problem_names_its_place(survey: str, choices: str, told: str) -> None:
    assert told in [found(problem) for problem in problems(form(survey, choices))]


def test_a_name_used_in_two_groups_cannot_be_referred_to() -> None:
    survey = """
        type        | name | label | relevant
        begin_group | g    | G     |
        text        | a    | A     |
        end_group   |      |       |
        begin_group | h    | H     |
        text        | a    | A     |
        text        | b    | B     | ${a} = 'x'
        end_group   |      |       |
    """
    assert [found(problem) for problem in problems(form(survey))] == ["xlsform.reference.ambiguous survey 7 relevant"]


def test_a_workbook_without_a_survey_says_which_sheets_it_has() -> None:
    (problem,) = problems(workbook(Fragen=[["type"]], choices=[["list_name"]]))
    assert (problem.code, problem.params["sheets"]) == ("xlsform.sheet.missing", "Fragen, choices")


def test_suggestions_are_made_for_slips_of_the_pen() -> None:
    data = form("type|name|label|relevant\ninteger|age|Age|\ntext|b|B|${aeg} > 1\nselct_one yn|c|C|")
    assert [dict(problem.params) for problem in problems(data)] == [
        {"name": "aeg", "suggestion": "age"},
        {"type": "selct_one yn", "suggestion": "select_one"},
    ]


def test_thousands_of_problems_end_in_how_many_more_there_are() -> None:
    rows = [["type", "name", "label"], *[["nonsense", f"q{number}", "Q"] for number in range(3000)]]
    with pytest.raises(Refused) as refused:
        read(workbook(survey=rows))
    assert len(refused.value.problems) == 1001
    assert dict(refused.value.problems[-1].params) == {"count": 2000}
