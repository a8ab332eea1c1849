"""The bank of concepts, and which choices are surely which codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.concepts import AGE, CODE_LISTS, SEX, STANDARDS, bounds_read, bounds_written, matched, youngest

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


@given(st.dictionaries(st.decimals(-(10**9), 10**9, places=6).map(float), st.sampled_from(["", "Y15T19", "old"])))
def test_bounds_are_kept_beside_choices_and_read_back_in_their_order(starts):
    kept = {"18": "a choice", "..": "another", "x..": "a third", **bounds_written(starts)}

    assert list(bounds_read(kept).items()) == sorted(starts.items())


def test_the_groups_of_ages_begin_at_their_youngest():
    found = youngest(AGE)

    assert (found["Y15T19"], found["Y_GE100"], tuple(found)) == (15, 100, CODE_LISTS[AGE])
    assert youngest(SEX) == {}
