"""Real forms are read as the reference implementation reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.core.exchange.xlsform import read
from consult.core.questionnaire.lint import lint

FORMS = Path(__file__).parent / "forms"

# Counts by pyxform 4.5.0. What differs on purpose stands in the last two columns: rows that are never stored
# (`start` in the first, a `geopoint` with its label in the fourth). pyxform counts the `required` of groups and the
# word `false` too, so that count is not compared.
EXPECTED = [
    # form, questions, choices, groups, relevant, constraint, calculation, labels, rows and labels not stored
    ("correlaid_testB_en_de", 49, 36, 7, 30, 1, 3, {"de": 52, "en": 51}, 1, 0),
    ("correlaid_mitwirken_umfrage_de", 42, 97, 9, 14, 1, 0, {"de": 50}, 0, 0),
    ("ona_multi_lingual_en_fr_sw", 5, 14, 1, 0, 0, 0, {"en": 6, "sw": 6, "fr": 6}, 0, 0),
    ("ona_tutorial_arabic", 6, 6, 0, 0, 0, 0, {"en": 6, "ar": 6}, 1, 1),
    ("ona_unicode_relevant_en_tetun", 2, 6, 0, 1, 0, 0, {"en": 2, "tet": 2}, 0, 0),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected[0])
def test_counts_equal_those_of_the_reference(
    expected: tuple[str, int, int, int, int, int, int, dict, int, int],
) -> None:
    name, questions, choices, groups, relevant, constraint, calculation, labels, rows_left, labels_left = expected
    summary = read((FORMS / f"{name}.xlsx").read_bytes(), filename=f"{name}.xlsx").summary
    assert summary.questions == questions - rows_left
    assert (summary.choices, summary.groups, summary.repeats) == (choices, groups, 0)
    assert (summary.relevant, summary.constraint, summary.calculation) == (relevant, constraint, calculation)
    assert summary.labels == {locale: count - labels_left for locale, count in labels.items()}
    assert set(summary.languages) == set(labels)


@pytest.mark.parametrize("name", [expected[0] for expected in EXPECTED])
def test_nothing_stands_against_publishing_them(name: str) -> None:
    assert lint(read((FORMS / f"{name}.xlsx").read_bytes(), filename=name).questionnaire).errors == ()


def test_the_default_language_comes_first() -> None:
    assert read((FORMS / "correlaid_testB_en_de.xlsx").read_bytes()).questionnaire.source == "de"


def test_rows_that_would_trace_a_participant_are_told() -> None:
    warnings = read((FORMS / "correlaid_testB_en_de.xlsx").read_bytes()).warnings
    told = {problem.params["name"] for problem in warnings if problem.code == "xlsform.left_out.trace"}
    assert told == {"start", "end"}


def test_a_household_survey_whose_choices_stand_in_a_file_can_be_published_with_it() -> None:
    name = "unhcr_RMS_CAPI_v3.xlsx"
    attached = {"admin_level.csv": (FORMS / "admin_level.csv").read_bytes()}
    found = read((FORMS / name).read_bytes(), filename=name, attached=attached)
    assert lint(found.questionnaire).errors == ()
    assert {problem.code for problem in found.warnings} == {
        "expression.choice.unknown",
        "expression.name.later",
        "xlsform.cell.unused",
        "xlsform.column.left_out",
        "xlsform.language.incomplete",
        "xlsform.left_out.trace",
        "xlsform.reference.reversed",
    }
