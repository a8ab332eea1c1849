"""Codes of answers in words: which answers are counted, what readers know of them, and that they tell of no few."""

from __future__ import annotations

import uuid

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from consult.core.aggregation.audit import protect
from consult.core.aggregation.coded import counted, dependencies, variable
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import (
    ANSWERED,
    NO_CODE,
    NOT_RELEVANT,
    OTHERWISE,
    SELECTED,
    SKIPPED,
    UNSELECTED,
    Category,
    Kind,
    Table,
    Variable,
    key,
)
from consult.core.coding.codebook import Code, Codebook
from consult.core.text import LocalisedText
from tests.core.aggregation.attacker import Attacker
from tests.core.aggregation.made import single
from tests.core.aggregation.recount import Record, crossed, one_way

WISH = Variable(id="wish", name="wish", kind=Kind.TEXT, categories=(Category(code=ANSWERED),), sensitive=True)
BOOK = Codebook(
    codes=(
        Code(code="cost", label=LocalisedText({"en": "Cost", "fr": "Coût"}), theme="money"),
        Code(code="fees", label=LocalisedText({"en": "Fees", "fr": "Frais"}), parent="cost"),
        Code(code="vote", label=LocalisedText({"en": "Vote"}), theme="rights"),
    )
)


@pytest.mark.parametrize(
    ("coded", "answered", "left"),
    [(50, 50, 50), (50, 53, 43), (50, 59, 49), (50, 60, 50), (12, 13, 0), (9, 90, 0), (10, 90, 10), (0, 0, 0)],
)
def test_as_many_as_the_threshold_are_left_out_or_none(coded, answered, left):
    names = [uuid.uuid4() for _ in range(coded)]
    found = counted(names, answered, 10)
    assert len(found) == left
    assert list(found) == list(counted(found, answered, 10)), "counted again they are the same"


def test_codes_are_a_question_of_their_own_and_keep_what_is_known_of_the_answers():
    codes = variable(WISH, BOOK)
    assert (codes.id, codes.kind, codes.sensitive, codes.coded) == ("wish:codes", Kind.MULTIPLE, True, "wish")
    assert codes.codes() == ("cost", "fees", "vote", NO_CODE)
    assert codes.categories[1].label == LocalisedText({"en": "Cost – Fees", "fr": "Coût – Frais"})
    assert [one.theme for one in codes.categories] == ["money", "money", "rights", ""]


def test_what_was_coded_was_answered_and_so_were_those_asked_whom_the_answers_depend_on():
    asked = Dependency(
        fine="wish", coarse="sends", under={ANSWERED: ("yes",), SKIPPED: ("yes",), NOT_RELEVANT: ("no", SKIPPED)}
    )
    found = {(one.fine, one.coarse): one.under for one in dependencies([WISH, variable(WISH, BOOK)], [asked])}
    assert found["wish:codes", "wish"] == {NOT_RELEVANT: (ANSWERED, SKIPPED, NOT_RELEVANT), OTHERWISE: (ANSWERED,)}
    assert found["wish:codes/vote", "sends"] == {SELECTED: ("yes",), OTHERWISE: ("yes", "no", SKIPPED)}


TEXT, SEX = single("wish", ANSWERED), single("sex", "f", "m")
CODES = variable(TEXT, Codebook(codes=tuple(one for one in BOOK.codes if not one.parent)))
KNOWN = {one.id: one for one in (TEXT, CODES, SEX)}


class Reader(Attacker):
    """Knows that what was coded was answered, that nobody with a code has none, and that nobody is skipped."""

    @staticmethod
    def possible(profile: dict[str, object]) -> bool:
        codes = profile[CODES.id]
        uncoded = codes == NOT_RELEVANT
        alone = isinstance(codes, tuple) and (NO_CODE not in codes or codes == (NO_CODE,))
        return uncoded or (alone and profile["wish"] == ANSWERED)


@st.composite
def writers(draw: st.DrawFn) -> list[Record]:
    codes = st.sampled_from([["cost"], ["vote"], ["cost", "vote"], [NO_CODE], "uncoded", None])
    clump = st.tuples(codes, st.sampled_from(["f", "m", None]), st.integers(1, 12))
    return [
        {"wish": ANSWERED if given else None, "sex": sex, **({CODES.id: given} if isinstance(given, list) else {})}
        for given, sex, size in draw(st.lists(clump, min_size=1, max_size=14))
        for _ in range(size)
    ]


def protected(records: list[Record], k: int) -> tuple[list[Table], dict]:
    tables = [*(one_way(records, one) for one in KNOWN.values()), crossed(records, CODES, SEX)]
    audited = protect(KNOWN, tables, Thresholds.of(k), depends=tuple(dependencies(KNOWN.values(), ())))
    return list(audited.tables), dict(audited.needs)


@settings(max_examples=60, deadline=None)
@given(writers(), st.sampled_from([3, 5]))
def test_no_reader_bounds_a_few_with_a_code_or_without_it(records, k):
    tables, needs = protected(records, k)
    reader = Reader(list(KNOWN.values()), tables)
    by_sex = tables[-1]
    few = {
        key((f"{CODES.id}/{code}", UNSELECTED), (by_sex.by, group))
        for row in crossed(records, CODES, SEX).rows
        for code in [row.code]
        if row.unselected
        for group, n in zip(("f", "m", SKIPPED, NOT_RELEVANT), row.unselected, strict=True)
        if 0 < n < k and group in by_sex.groups
    }
    for cell in {*needs, *few}:
        assert reader.width(cell) >= k, (cell, tables)
