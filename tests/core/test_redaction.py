"""What moderators blacken is in nothing that is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.redaction import marked, pieces, public, read, united

TEXT = "Kofi Mensah lives at 4 Ring Road."


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], TEXT),
        ([[0, 11]], "▮▮▮ lives at 4 Ring Road."),
        ([[0, 4], [5, 11]], "▮▮▮ ▮▮▮ lives at 4 Ring Road."),
        ([[21, 99], [-5, 11], [8, 11]], "▮▮▮ lives at ▮▮▮"),
        ([[0, 4], [4, 11]], "▮▮▮ lives at 4 Ring Road."),
    ],
)
def test_a_blackened_part_looks_the_same_however_long_it_is(spans: list[list[int]], shown: str) -> None:
    assert public(TEXT, spans) == shown


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        (TEXT, []),
        ("[[Kofi Mensah]] lives at [[4 Ring Road]].", [[0, 11], [21, 32]]),
        (f"  {TEXT}\r\n", []),
        ("[[Kofi]][[ Mensah]] lives at 4 Ring Road.", [[0, 11]]),
    ],
)
def test_marks_are_read_as_spans(typed: str, spans: list[list[int]]) -> None:
    assert read(TEXT, typed) == spans


def test_brackets_of_the_text_itself_are_no_marks() -> None:
    assert read("see [[1]] there", "see [[1]] [[there]]") == [[10, 15]]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("[[Kofi]] lives at 4 Ring Road.", "redaction.changed"),
        (f"{TEXT} Yes.", "redaction.changed"),
        ("[[Kofi Mensah lives", "redaction.changed"),
        ("[[" + TEXT, "redaction.unpaired"),
        ("]]" + TEXT, "redaction.changed"),
    ],
)
def test_nothing_but_marks_may_be_written_into_a_text(typed: str, code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        read(TEXT, typed)


words = st.text(st.characters(exclude_characters="[]", exclude_categories=("C", "Z", "M")), min_size=1, max_size=30)


@given(words, st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=4))
def test_what_is_marked_is_read_as_it_was(text: str, given_spans: list[tuple[int, int]]) -> None:
    text = unicodedata.normalize("NFC", text).strip()
    spans = united(given_spans, len(text))
    assert read(text, marked(text, spans)) == spans
    assert "".join(piece.text for piece in pieces(text, []) if not piece.hidden) == text
