"""The difference of two texts makes one into the other, in any script, and reads as a person would mark it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.drafting.difference import Op, Run, cut, difference
from consult.core.drafting.tokens import essence, tokens, words

WORDS = st.lists(
    st.sampled_from(
        [
            "the",
            "policy",
            "la politique",
            "السياسة",
            "الوطنيّة",
            "نمی‌خواهم",
            "ភាសាខ្មែរ",
            "ประเทศ",
            "移民",
            "l’État",
            ",",
            ".",
        ]
    )
)
TEXTS = WORDS.map(" ".join) | st.text(max_size=60)


def side(runs: list[Run], without: Op) -> str:
    return "".join(run.text for run in runs if run.op is not without)


@given(TEXTS, TEXTS)
def test_kept_and_deleted_are_the_first_text_and_kept_and_inserted_the_second(before: str, after: str) -> None:
    runs = difference(before, after)
    assert side(runs, Op.INSERT) == before and side(runs, Op.DELETE) == after
    assert all(run.text for run in runs)
    assert all(one.op is not other.op for one, other in pairwise(runs))


@given(TEXTS)
def test_nothing_differs_from_itself(text: str) -> None:
    assert {run.op for run in difference(text, text)} <= {Op.KEEP}


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=4))
def test_runs_cut_in_pieces_are_still_all_of_them(before: str, parts: list[str]) -> None:
    after = " ".join(parts)
    pieces = list(cut(difference(before, after), [len(part) + 1 for part in parts]))
    assert len(pieces) == len(parts)
    assert side([run for piece in pieces for run in piece], Op.INSERT) == before
    joined = [side(piece, Op.DELETE) for piece in pieces]
    assert joined == [*(f"{part} " for part in parts[:-1]), parts[-1]]


@given(st.text())
def test_pieces_put_together_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (
            "Every year a report is made.",
            "Every year two reports are made.",
            "Every year [a report is]{two reports are} made.",
        ),
        ("within 90 days", "within 120 days", "within [90]{120} days"),
        ("يحق لكل مهاجر أن يصوت", "يحق لكل مواطن أن يصوت", "يحق لكل [مهاجر]{مواطن} أن يصوت"),
        ("ประเทศของเรา", "ประเทศของเขา", "ประเทศของเ[ร]{ข}า"),
        ("", "New.", "{New.}"),
    ],
)
def test_whole_words_are_marked(before: str, after: str, marked: str) -> None:
    shape = {Op.KEEP: "%s", Op.DELETE: "[%s]", Op.INSERT: "{%s}"}
    assert "".join(shape[run.op] % run.text for run in difference(before, after)) == marked


def test_a_long_text_of_one_word_takes_no_time() -> None:
    assert difference("a " * 2500, "a b " * 1200)[0].op is Op.KEEP


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(ii)  consult and\ncollaborate", "consult and collaborate"),
        ("12. Remittances", "Remittances"),
        ("1.2.3) (a) Remittances", "Remittances"),
        ("• Remittances", "Remittances"),
        ("A migrant", "A migrant"),
    ],
)
def test_numbering_says_nothing(text: str, said: str) -> None:
    assert essence(text) == said


def test_words_keep_what_belongs_to_them() -> None:
    assert words("L’État — نمی‌خواهم, E-mail!") == ["l’état", "نمی‌خواهم", "e", "mail"]
