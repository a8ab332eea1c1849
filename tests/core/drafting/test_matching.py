"""Ids are carried from version to version, and comments with them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.drafting.document import Draft, Kind, decode, encode
from consult.core.drafting.landing import WHOLE, Change, Landing, compare, land, landings
from consult.core.drafting.matching import Found, carry
from consult.core.errors import Refused

CARDS = "Residence cards are renewed by consulates within sixty days of the request."
FEES = "Fees for documents are published in every language that citizens abroad speak."
VOTE = "Citizens who live abroad vote by post or at their consulate in national elections."
BOTH = f"{CARDS} {FEES}"


def text(*said: str) -> list[Found]:
    return [Found(Kind.PARAGRAPH, one) for one in said]


def chain(*versions: list[Found]) -> list[Draft]:
    made: list[Draft] = []
    for found in versions:
        made.append(carry(made[-1] if made else None, found, "en"))
    return made


@pytest.mark.parametrize(
    ("later", "lands", "changed"),
    [
        ((VOTE, CARDS, FEES), CARDS, False),
        ((CARDS.replace("sixty", "thirty"), FEES, VOTE), CARDS.replace("sixty", "thirty"), True),
        ((BOTH, VOTE), BOTH, True),
        ((FEES, VOTE), "", True),
        (("Passports are made at home.", CARDS, FEES, VOTE), CARDS, False),
    ],
    ids=["moved", "changed", "merged", "deleted", "one before"],
)
def test_a_comment_on_a_paragraph_follows_it(later: tuple[str, ...], lands: str, changed: bool) -> None:
    first, second = chain(text(CARDS, FEES, VOTE), text(*later))
    found = land(first.blocks[0].id, first, second)
    assert found.changed is changed
    assert (second.text(second.by_id[found.part]) if found.part else "") == lands
    assert landings(first, second)[first.blocks[0].id] == found


def test_a_split_keeps_the_id_in_the_largest_part_and_the_others_remember() -> None:
    first, second = chain(text(f"{FEES} {VOTE}", CARDS), text(FEES, VOTE, CARDS))
    assert second.blocks[1].id == first.blocks[0].id and second.blocks[0].origins == (first.blocks[0].id,)
    third = carry(second, text(FEES, CARDS), "en")
    assert land(first.blocks[0].id, first, third) == Landing(second.blocks[0].id, changed=True)


def test_what_was_merged_and_split_again_lands_on_its_own_words() -> None:
    first, second, third = chain(text(CARDS, FEES), text(BOTH), text(CARDS, FEES))
    for block in first.blocks:
        found = land(block.id, first, third)
        assert third.text(third.by_id[found.part]) == first.text(block) and not found.changed
    assert second.blocks[0].origins


def test_a_paragraph_that_comes_back_is_the_same_again() -> None:
    first, _second, third = chain(text(CARDS, VOTE), text(VOTE), text(VOTE, CARDS))
    assert land(first.blocks[0].id, first, third) == Landing(first.blocks[0].id, changed=False)


def test_formulas_of_the_law_join_nothing() -> None:
    formula = "The Minister of the Interior and the Minister of Foreign Affairs shall promptly review and report on"
    first, second = chain(
        text(f"{formula} passports.", f"{formula} pensions.", f"{formula} schooling abroad."),
        text(f"{formula} schooling abroad.", f"{formula} remittances of nurses.", f"{formula} passports."),
    )
    assert [row.change for row in compare(first, second, "en")].count(Change.SAME) == 2


def test_a_comment_on_the_whole_stays_on_it() -> None:
    first, second = chain(text(CARDS), text(FEES))
    assert land(WHOLE, first, second) == Landing(WHOLE, changed=True)
    assert land(WHOLE, first, first) == Landing(WHOLE, changed=False)
    assert land("p00000000", first, second) == Landing(WHOLE, changed=True)


def test_a_heading_is_no_paragraph() -> None:
    first, second = chain(
        [Found(Kind.HEADING, "Consular services abroad", 2)], text("Consular services abroad are better.")
    )
    assert land(first.blocks[0].id, first, second).part == WHOLE


POOL = st.lists(st.sampled_from([CARDS, FEES, VOTE, BOTH, CARDS[:40], "Short.", "2. Short."]), min_size=1, max_size=7)


@given(st.lists(POOL, min_size=2, max_size=4))
def test_every_comment_lands_somewhere_and_every_text_is_in_the_difference(versions: list[list[str]]) -> None:
    drafts = chain(*(text(*said) for said in versions))
    for before, after in [*pairwise(drafts), (drafts[0], drafts[-1])]:
        assert len(after.by_id) == len(after.blocks)
        for found in landings(before, after).values():
            assert found.part == WHOLE or found.part in after.by_id
        rows = compare(before, after, "en")
        assert [row.block for row in rows if row.change is not Change.DELETED] == list(after.blocks)
        same = compare(after, after, "en")
        assert {row.change for row in same} == {Change.SAME} and not any(row.moved for row in same)


def test_a_document_is_canonical() -> None:
    (draft,) = chain(text(CARDS, FEES))
    assert decode(encode(draft)) == draft and encode(decode(encode(draft))) == encode(draft)
    for broken in ("{", "[]", '{"schema_version":1,"source":"en","blocks":[{}]}'):
        with pytest.raises(Refused, match=r"document\.malformed"):
            decode(broken)
    with pytest.raises(Refused, match=r"document\.version"):
        decode('{"schema_version":9,"source":"en","blocks":[]}')
