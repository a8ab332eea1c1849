"""Words of any script, and the codes of the texts most alike."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.coding.neighbours import Coded, Neighbours, Proposal, words

VOTE = "We want to vote at the embassy"
COST = "Sending money home costs too much"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Consulates, more CONSULATES!", ["consulates", "more", "consulates"]),
        ("l’école d'État", ["l", "ecole", "d", "etat"]),
        ("الكِتابُ والكـتاب", ["الكتاب", "والكتاب"]),  # short vowels and tatweel are written or not
        ("Миграция и ВОЗВРАЩЕНИЕ", ["миграция", "и", "возвращение"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("می‌خواهم", ["میخواهم"]),  # a joiner stands inside the word
        ("汉字测试 (2024)", ["汉字", "字测", "测试", "2024"]),
        ("… – ?!", []),
    ],
)
def test_words_are_found_in_any_script(text: str, found: list[str]) -> None:
    assert list(words(text)) == found


def test_a_text_is_most_like_itself() -> None:
    near = Neighbours([Coded("1", VOTE, ("vote",)), Coded("2", COST, ("cost",))]).like(VOTE)
    assert near[0][0].key == "1" and near[0][1] == pytest.approx(1)


def test_likeness_is_the_cosine_of_the_weights() -> None:
    # Of two coded texts one has "b", so its weight is ln(3 / 2) + 1, that of "a" 1, and that of the unseen "c" ln 3 + 1
    rare, unseen = math.log(3 / 2) + 1, math.log(3) + 1
    (found,) = Neighbours([Coded("1", "a b", ("x",)), Coded("2", "a", ())]).like("b c", 1)
    assert found[1] == pytest.approx(rare * rare / (math.hypot(1, rare) * math.hypot(rare, unseen)))


def test_codes_are_proposed_by_the_likeness_of_those_that_have_them() -> None:
    coded = [Coded("1", VOTE, ("vote", "embassy")), Coded("2", VOTE, ("vote",)), Coded("3", COST, ("cost",))]
    found = Neighbours(coded).proposals(VOTE, {"vote", "embassy", "cost"})
    assert [(one.code, round(one.score, 6)) for one in found] == [("vote", 1.0), ("embassy", 0.5)]
    assert Neighbours(coded).proposals(VOTE, {"embassy"}) == [Proposal("embassy", pytest.approx(0.5))]


@pytest.mark.parametrize("text", ["", "…", "Entirely other words"])
def test_nothing_is_proposed_for_what_is_like_nothing(text: str) -> None:
    assert Neighbours([Coded("1", VOTE, ("vote",))]).proposals(text, {"vote"}) == []
    assert Neighbours([]).proposals(VOTE, {"vote"}) == []


TEXTS = st.lists(st.text("ab c", max_size=8), max_size=12)


@given(TEXTS, st.text("ab c", max_size=8), st.integers(0, 5))
def test_the_order_of_texts_does_not_matter(texts: list[str], text: str, seed: int) -> None:
    coded = [Coded(str(place), one, (f"code{place % 3}",)) for place, one in enumerate(texts)]
    shuffled = random.Random(seed).sample(coded, len(coded))
    known = {"code0", "code1", "code2"}
    found = Neighbours(coded).proposals(text, known)
    assert found == Neighbours(shuffled).proposals(text, known)
    assert all(0 < one.score <= 1 for one in found)
