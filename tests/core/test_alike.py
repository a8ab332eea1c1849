"""Texts that say nearly the same find each other; others do not, whatever their script."""

from __future__ import annotations

import pytest

from consult.core.alike import ALIKE, MARKS, likeness, marks, shingles
from consult.core.bands import Band, band

PASTED = (
    "The draft forgets those of us who were born abroad. We pay consular fees and send money home every month, "
    "and still we cannot vote for the parliament. Give the diaspora two seats and let the embassies open polls."
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (PASTED, PASTED.upper().replace(". ", " – "), True),
        (PASTED, f"{PASTED} Thank you!", True),
        (PASTED, PASTED.replace("two seats", "three seats"), True),
        (PASTED, PASTED[:110], False),
        ("Yes", "No", False),
        ("We should vote.", "We should not vote.", False),
        ("نريد أن نصوّت في السفارات", "نريد أن نصوّت في السفارات.", True),
        ("我们希望能够在使馆投票选举议会代表", "我们希望能够在使馆投票选举议会代表。", True),
        ("我们希望能够在使馆投票", "请降低护照的费用", False),
        ("", "", False),
    ],
)
def test_alike(one: str, other: str, same: bool) -> None:
    assert (likeness(shingles(one), shingles(other)) >= ALIKE) is same
    if same:
        assert set(marks(one)) & set(marks(other))


def test_marks_are_the_same_everywhere_and_tell_what_they_are_within() -> None:
    assert marks("We want to vote")[0].hex() == "7cc030082e2f588a"
    assert len(marks(PASTED)) == MARKS and marks(" – ") == ()
    assert not set(marks(PASTED, within="a")) & set(marks(PASTED, within="b"))


@pytest.mark.parametrize(
    ("count", "threshold", "told"),
    [
        (0, 10, None),
        (1, 10, Band(1, 9)),
        (9, 10, Band(1, 9)),
        (10, 10, Band(10, 49)),
        (7, 5, Band(5, 9)),
        (19, 20, Band(1, 19)),
        (20, 20, Band(20, 49)),
        (250_000, 10, Band(100_000, None)),
    ],
)
def test_a_band_tells_nothing_below_the_threshold(count: int, threshold: int, told: Band | None) -> None:
    assert band(count, threshold) == told
