"""Agreement of two coders, against examples of the literature and against its definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.coding.agreement import Agreement, agreement, cohen, pooled

# Counts of 100 objects by the categories of two raters, and kappa as the authors print it.
EXAMPLES = {
    # J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968), table 1: (.70 - .41) / .59
    "cohen_1968": ([[44, 7, 9], [5, 20, 5], [1, 3, 6]], 0.492),
    # J. L. Fleiss, Statistical methods for rates and proportions (1981), table 13.1: (.89 - .66) / .34
    "fleiss_1981": ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676),
    # Grant proposals: 20 twice yes, 15 twice no, 5 and 10 apart: (.7 - .5) / .5
    "two_readers": ([[20, 5], [10, 15]], 0.4),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_kappa_is_that_of_the_literature(name: str) -> None:
    table, expected = EXAMPLES[name]
    pairs = [(row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)]
    assert cohen(pairs) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("found", "kappa", "f1"),
    [
        (Agreement(20, 5, 10, 15), 0.4, 40 / 55),
        (Agreement(10, 0, 0, 10), 1.0, 1.0),
        (Agreement(0, 10, 10, 0), -1.0, 0.0),
        (Agreement(0, 0, 0, 20), None, None),
        (Agreement(20, 0, 0, 0), None, 1.0),
        (Agreement(0, 0, 0, 0), None, None),
        # A rare code on which they never agree: nearly all texts have it not, so most are agreed on
        (Agreement(0, 1, 1, 98), pytest.approx(-0.0101, abs=1e-4), 0.0),
    ],
)
def test_a_code_has_kappa_and_f1(found: Agreement, kappa: float | None, f1: float | None) -> None:
    assert (found.kappa, found.f1) == (pytest.approx(kappa) if isinstance(kappa, float) else kappa, f1)


def test_codes_of_the_same_texts_have_one_pooled_kappa() -> None:
    one, other = Agreement(20, 5, 10, 15), Agreement(10, 0, 0, 40)
    observed, expected = (0.7 + 1.0) / 2, (0.5 + 0.68) / 2
    assert pooled([one, other]) == pytest.approx((observed - expected) / (1 - expected))
    assert pooled([one]) == one.kappa and pooled([]) is None


CODES = st.frozensets(st.sampled_from("abc"))


@given(st.lists(st.tuples(CODES, CODES), min_size=1, max_size=40))
def test_one_code_is_two_categories(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    found, turned = agreement(pairs, "a"), agreement([(second, first) for first, second in pairs], "a")
    assert found.texts == len(pairs)
    assert found.kappa == pytest.approx(cohen([("a" in one, "a" in other) for one, other in pairs]))
    assert found.kappa == pytest.approx(turned.kappa) and found.f1 == turned.f1, "neither coder is the truth"
    assert found.kappa is None or -1 - 1e-9 <= found.kappa <= 1 + 1e-9
