"""Codebooks: written, checked, kept; which texts are coded twice; names that do not join."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.coding import codebook, unlinking
from consult.core.coding.codebook import Code, Codebook, counted, decode, encode, problems
from consult.core.coding.sampling import drawn
from consult.core.errors import Refused
from consult.core.text import LocalisedText


def code(name: str, **given: str) -> Code:
    return Code(code=name, label=LocalisedText({"en": name.title()}), **given)


BOOK = Codebook(
    codes=(
        code("vote", theme="rights"),
        code("embassy", parent="vote"),
        code("cost", theme="money"),
        code("fees", parent="cost", theme="rights"),
    )
)


def test_a_document_is_canonical_and_reads_as_it_was_written() -> None:
    assert decode(encode(BOOK)) == BOOK and encode(decode(encode(BOOK))) == encode(BOOK)
    assert encode(Codebook(codes=(code("vote"),))) == (
        b'{"codes":[{"code":"vote","label":{"en":"Vote"}}],"schema_version":1}'
    )
    with pytest.raises(Refused, match=r"document\.malformed"):
        decode(b'{"codes":[{"code":1}]}')


@pytest.mark.parametrize(
    ("codes", "wrong"),
    [
        (BOOK.codes, []),
        ((code("two words"),), ["codebook.code"]),
        ((code("vote"), code("vote")), ["codebook.code_twice"]),
        ((Code(code="vote", label=LocalisedText({"fr": "Vote"})),), ["codebook.label"]),
        ((code("vote", theme="gone"),), ["codebook.theme"]),
        ((code("vote", parent="gone"),), ["codebook.parent"]),
        ((code("vote", parent="vote"),), ["codebook.parent"]),
        ((code("a"), code("b", parent="a"), code("c", parent="b")), ["codebook.parent"]),
    ],
)
def test_what_is_wrong_with_a_codebook_is_named(codes: tuple[Code, ...], wrong: list[str]) -> None:
    found = problems(Codebook(codes=codes), source="en", themes={"rights", "money"})
    assert [problem.code for problem in found] == wrong


def test_codes_stand_under_codes_and_belong_to_their_themes() -> None:
    assert [(one.code, depth) for one, depth in BOOK.tree()] == [("vote", 0), ("embassy", 1), ("cost", 0), ("fees", 1)]
    assert BOOK.themes(["embassy"]) == ("rights",), "a code without a theme has its parent's"
    assert BOOK.themes(["cost", "fees", "gone"]) == ("money", "rights")


def test_a_code_is_changed_with_those_under_it_and_taken_out_with_them() -> None:
    renamed = BOOK.with_code(code("ballot"), instead="vote")
    assert [(one.code, one.parent) for one in renamed.codes[:2]] == [("ballot", ""), ("embassy", "ballot")]
    assert [one.code for one in BOOK.without("vote").codes] == ["cost", "fees"]


MAPS = {2: {"vote": "ballot", "old": ""}, 3: {"ballot": "franchise"}}


@pytest.mark.parametrize(
    ("given", "version", "found"),
    [
        (["vote", "cost"], 1, ("cost", "franchise")),
        (["ballot"], 2, ("franchise",)),
        (["old"], 1, ()),
        (["vote"], 3, ()),  # in version 3 nobody can have meant it
    ],
)
def test_what_was_coded_earlier_counts_as_later_versions_say(
    given: list[str], version: int, found: tuple[str, ...]
) -> None:
    assert counted(given, version, 3, MAPS, {"franchise", "cost"}) == found


@given(st.lists(st.uuids(), max_size=30), st.binary(min_size=1, max_size=8))
def test_a_larger_sample_has_all_of_a_smaller_one(texts: list[uuid.UUID], seed: bytes) -> None:
    shares = [{text for text in texts if drawn(text.bytes, seed, share)} for share in (0, 10, 60, 100)]
    assert shares[0] == set() and shares[1] <= shares[2] <= shares[3] == set(texts)


def test_a_sample_is_about_as_large_as_it_was_asked_for() -> None:
    texts = [number.to_bytes(16) for number in range(10_000)]
    assert 900 < sum(drawn(text, b"seed", 10) for text in texts) < 1100


KEY, ACTIVITY = b"k" * 32, uuid.UUID(int=7)


@given(st.lists(st.uuids(), min_size=1, max_size=20, unique=True))
def test_a_name_leads_back_to_its_response_for_who_has_the_key_alone(responses: list[uuid.UUID]) -> None:
    names = unlinking.names(KEY, ACTIVITY, "q1", responses)
    assert unlinking.responses(KEY, ACTIVITY, "q1", names) == responses
    assert len(set(names)) == len(responses)
    for key, activity, question in ((b"o" * 32, ACTIVITY, "q1"), (KEY, uuid.UUID(int=8), "q1"), (KEY, ACTIVITY, "q2")):
        assert not set(unlinking.responses(key, activity, question, names)) & set(responses)


def test_names_of_answers_to_two_questions_have_nothing_in_common_nor_their_order() -> None:
    responses = [uuid.uuid5(ACTIVITY, str(number)) for number in range(400)]
    one, other = (unlinking.names(KEY, ACTIVITY, question, responses) for question in ("q1", "q2"))
    assert not set(one) & set(other) and not set(one) & set(responses)
    places = [sorted(names).index(names[0]) for names in (one, other)]
    ranks = [{name: rank for rank, name in enumerate(sorted(names))} for names in (one, other)]
    pairs = [(ranks[0][a], ranks[1][b]) for a, b in zip(one, other, strict=True)]
    spearman = 1 - 6 * sum((a - b) ** 2 for a, b in pairs) / (400 * (400**2 - 1))
    assert abs(spearman) < 0.2 and places[0] != places[1]


def test_documents_have_a_hash() -> None:
    assert codebook.digest(b"{}").startswith("44136fa3")
