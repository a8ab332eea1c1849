"""Two versions of a real migration policy (docs/fixtures): comments on the first land where a reader would say.

The table was written by reading both versions; `docs/fixtures/README.md` says where the text is from.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.core.drafting.document import Draft
from consult.core.drafting.landing import WHOLE, Change, compare, land
from consult.core.drafting.matching import carry
from consult.core.drafting.reading import read

FIXTURES = Path(__file__).parents[3] / "docs" / "fixtures"
LANDINGS = (
    # what begins so in version 1, lands on what begins so in version 2 (nothing: on the whole text), the text changed
    ("Managing migration", "Managing migration", False),
    ("By the authority", "", True),  # left out
    ("Section 1. Policy", "Section 1. Policy", False),
    ("For generations", "For generations", True),
    ("The United States is also", "We cannot solve", True),  # split: the longer half
    ("Consistent with these", "Consistent with these", False),
    ("Sec. 2. United States Strategies", "Sec. 3. Strategies", True),  # moved with its section
    ("(a) The Assistant", "(a) The Assistant", True),
    ("(i) the United States Strategy", "(a) The Assistant", True),  # merged
    ("(ii) the United States Strategy", "(a) The Assistant", True),
    ("(b) The Root Causes", "(b) The Root Causes", False),
    ("(i) coordinate", "(i) coordinate", False),
    ("(A) combating corruption", "(A) combating corruption", True),
    ("(B) promoting respect", "(A) combating corruption", True),  # merged
    ("(C) countering", "(C) countering", True),
    ("(D) combating sexual", "(B) combating sexual", True),  # moved and numbered anew
    ("(E) addressing", "(D) addressing", True),
    ("(ii) consult and", "(iii) consult and", True),  # moved
    ("(iii) encourage", "(ii) encourage", True),
    ("(c) The Collaborative", "(c) The Collaborative", True),  # split in three
    ("(i) the continued", "(i) the continued", False),
    ("(ii) the development", "(ii) the development", True),
    ("(iii) humanitarian", "", True),  # left out
    ("Sec. 3. Expansion", "Sec. 2. Expansion", True),
    ("(a) The Secretary of State", "(a) The Secretary of State", True),
    ("(b) As part of", "(b) As part of", True),
    ("(i) consider taking", "(i) consider taking", False),
    ("(ii) consider promoting", "(ii) keep families", True),  # written anew
    ("(c) The Secretary of State", "(a) The Secretary of State", True),  # merged
)


@pytest.fixture(scope="module")
def versions() -> tuple[Draft, Draft]:
    """Both, the second carried on from the first."""
    files = [read((FIXTURES / f"migration-policy-{number}.md").read_bytes(), "policy.md") for number in (1, 2)]
    first = carry(None, files[0], "en")
    return first, carry(first, files[1], "en")


def test_comments_land_where_a_reader_would_say(versions: tuple[Draft, Draft]) -> None:
    first, second = versions
    landed = [(land(block.id, first, second), first.text(block)) for block in first.blocks]
    assert len(landed) == len(LANDINGS)
    for (found, text), (was, becomes, changed) in zip(landed, LANDINGS, strict=True):
        assert text.startswith(was)
        now = second.text(second.by_id[found.part]) if found.part != WHOLE else ""
        assert now.startswith(becomes) and (now != "") == (becomes != ""), (was, now)
        assert found.changed is changed, was


def test_the_difference_names_what_a_reader_sees(versions: tuple[Draft, Draft]) -> None:
    first, second = versions
    rows = compare(first, second, "en")
    told = {row.block.words["en"]: row for row in rows}
    expected = {
        "By the authority": Change.DELETED,
        "Nothing in this policy": Change.INSERTED,
        "The United States is also": Change.SPLIT,
        "We cannot solve": Change.SPLIT,
        "(d) Priorities": Change.SPLIT,
        "(A) combating corruption": Change.MERGED,
        "(ii) keep families": Change.CHANGED,
        "Consistent with": Change.SAME,
    }
    for begins, change in expected.items():
        assert [row.change for text, row in told.items() if text.startswith(begins)] == [change], begins
    assert [row.moved for row in rows if row.block.words["en"].startswith(("Sec. 2. E", "Sec. 3. S"))].count(True) == 1


def test_ids_are_the_same_on_every_run(versions: tuple[Draft, Draft]) -> None:
    first, second = versions
    again = carry(None, read((FIXTURES / "migration-policy-1.md").read_bytes(), "policy.md"), "en")
    assert again == first
    assert len({block.id for block in second.blocks}) == len(second.blocks)
    assert carry(first, read((FIXTURES / "migration-policy-2.md").read_bytes(), "policy.md"), "en") == second
