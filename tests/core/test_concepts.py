"""The bank of concepts, and which choices are surely which codes."""

from __future__ import annotations

import pytest

from consult.core.concepts import CODE_LISTS, STANDARDS, matched

CODES = {"GH": ["Ghana", "غانا"], "TG": ["Togo"], "GN": ["Guinea", "Guinée"], "GW": ["Guinea"], "_O": []}


@pytest.mark.parametrize(
    ("choice", "names", "expected"),
    [
        ("GH", [], "GH"),
        ("gh", ["Togo"], "GH"),
        ("1", ["Togo"], "TG"),
        ("1", ["Ailleurs", " غانا "], "GH"),
        ("1", ["GUINÉE"], "GN"),
        ("1", ["Guinea"], None),
        ("1", ["Ghana", "Togo"], None),
        ("1", ["Elsewhere", ""], None),
    ],
)
def test_a_choice_is_a_code_where_code_or_name_leave_no_doubt(choice, names, expected):
    assert matched({choice: names}, CODES).get(choice) == expected


def test_every_concept_of_the_bank_has_a_list_of_different_codes():
    assert {len(set(codes)) - len(codes) for codes in CODE_LISTS.values()} == {0}
    assert set(STANDARDS.values()) == set(CODE_LISTS)
