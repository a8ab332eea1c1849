"""Plural rules of CLDR and typed by hand, digits of many scripts, the pseudo-locales."""

from __future__ import annotations

import babel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core import numbering, vocabulary
from consult.core.errors import Refused
from consult.core.numbering import ethiopic, written
from consult.core.plurals import CATEGORIES, known, parse
from consult.core.questionnaire.numerals import latin
from consult.core.text import LocalisedText
from consult.core.translation import VALUES, Text, check, placeholders
from consult.core.vocabulary import Word
from consult.web.locale import plural_rule

NUMBERS = (0, 1, 2, 3, 4, 5, 11, 20, 21, 100, 101, 102, 111, 1_000)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("prs", "one one other other other other other other other other other other other other"),
        ("am", "one one other other other other other other other other other other other other"),
        ("ti", "one one other other other other other other other other other other other other"),
        ("ar", "zero one two few few few many many many other other other many other"),
        ("ru", "many one few few few many many many one many one few many many"),
        ("my", "other other other other other other other other other other other other other other"),
    ],
)
def test_numbers_have_the_form_of_their_language(language: str, forms: str) -> None:
    rule = parse(plural_rule(language))
    assert [rule.category(number) for number in NUMBERS] == forms.split()
    assert set(rule.examples) == {*forms.split()}


def test_a_language_that_cldr_does_not_know_has_no_rule() -> None:
    assert plural_rule("tmh") == ""
    assert plural_rule("ti-ER") == plural_rule("ti")


@pytest.mark.parametrize("language", sorted({name.partition("_")[0] for name in babel.localedata.locale_identifiers()}))
def test_every_rule_of_cldr_is_read_as_babel_reads_it(language: str) -> None:
    theirs = babel.Locale.parse(language).plural_form
    ours = known(theirs.rules)
    assert [ours.category(number) for number in range(1_200)] == [theirs(number) for number in range(1_200)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("one", "plural.line"),
        ("single: n = 1", "plural.category"),
        ("other: n = 1", "plural.category"),
        ("one: n = 1\none: n = 2", "plural.twice"),
        ("one:", "plural.condition"),
        ("one: n = ", "plural.condition"),
        ("one: n = 1 and", "plural.condition"),
        ("one: x = 1", "plural.condition"),
        ("one: n == 1", "plural.condition"),
        ("one: n % 0 = 1; two: __import__('os')", "plural.condition"),
        ("one: n = 1; two: n = 1", "plural.never"),
        ("few: f = 3", "plural.never"),
        ("one: n = 1" + " or n = 1" * 300, "plural.long"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert [problem.code for problem in refused.value.problems] == [code]


RANGES = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=3,
)
RELATIONS = st.tuples(st.sampled_from(["n", "i"]), st.sampled_from([0, 10, 100]), st.booleans(), RANGES)
CONDITIONS = st.lists(st.lists(RELATIONS, min_size=1, max_size=3), min_size=1, max_size=3)


@given(CONDITIONS, st.integers(0, 2_000), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_rule_typed_by_hand_means_what_it_says(
    condition: list[list[tuple[str, int, bool, list[tuple[int, int]]]]], number: int, old: bool
) -> None:
    def told(operand: str, modulo: int, denied: bool, ranges: list[tuple[int, int]]) -> str:
        values = ",".join(f"{first}..{last}" if first < last else str(first) for first, last in ranges)
        divided = f" {'mod' if old else '%'} {modulo}" if modulo else ""
        return f"{operand}{divided} {('not in' if old else '!=') if denied else ('in' if old else '=')} {values}"

    def holds(_operand: str, modulo: int, denied: bool, ranges: list[tuple[int, int]]) -> bool:
        value = number % modulo if modulo else number
        return any(first <= value <= last for first, last in ranges) != denied

    text = "one: " + " or ".join(" and ".join(told(*one) for one in relations) for relations in condition)
    expected = any(all(holds(*one) for one in relations) for relations in condition)
    try:
        rule = parse(text)
    except Refused as refused:
        assert [problem.code for problem in refused.problems] == ["plural.never"]
        return
    assert rule.category(number) == ("one" if expected else "other")


@given(st.text(alphabet="onetwfwmay: =!%,.0123456789;\n@", max_size=80))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse(text)
    except Refused:
        return
    assert {rule.category(number) for number in range(50)} <= set(CATEGORIES)


@pytest.mark.parametrize("system", [system for system in numbering.SYSTEMS if numbering.positional(system)])
def test_what_is_shown_can_be_typed(system: str) -> None:
    shown = written("1203456789", system)
    assert len(shown) == 10
    assert latin(shown) == "1203456789"


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(1, "፩"), (10, "፲"), (11, "፲፩"), (100, "፻"), (101, "፻፩"), (2024, "፳፻፳፬"), (10_000, "፼"), (78_010_092, "፸፰፻፩፼፺፪")],
)
def test_ethiopic_numerals(number: int, numeral: str) -> None:
    """The last one is the example of the W3C's standard."""
    assert ethiopic(number) == numeral


def test_ethiopic_numerals_stand_for_whole_numbers_only() -> None:
    assert written("page 3 of 12, 1.5 MB, 14:30, 0", "ethi") == "page ፫ of ፲፪, 1.5 MB, 14:30, 0"


@pytest.mark.parametrize(
    ("source", "words", "codes"),
    [
        ("%(count)s pages", "صفحه", ["translation.placeholder.missing"]),
        ("%(count)s pages", "%(count)s و %(tal)s", ["translation.placeholder.unknown"]),
        ("%(count)s pages", "%(count) صفحه", ["translation.placeholder.missing", "translation.percent"]),
        ("Half", "50%", ["translation.percent"]),
        ("Half", "50%%", []),
        ("Half", "%s", ["translation.percent"]),
    ],
)
def test_a_word_that_would_break_its_page_is_refused(source: str, words: str, codes: list[str]) -> None:
    text = Text("path", "word", LocalisedText(), syntax=VALUES)
    assert [problem.code for problem in check(source, words, text)] == codes


def test_pseudo_locales_change_every_letter_and_no_placeholder() -> None:
    word = Word("It opens on %(moment)s.", "100%% of %(moment)s")
    for one in vocabulary.pseudo([word, Word("Go on")]):
        assert one.code in vocabulary.PSEUDO
        assert {*map(placeholders, one.words.values())} == {()}
        found = one.text("Go on")
        assert found != "Go on"
        assert one.text(word.singular, 5).count("%(moment)s") == 1
    accented, mirrored = vocabulary.pseudo([Word("Go on")])
    assert accented.text("Go on") == "[Ĝô ôñ öñé]"
    assert mirrored.text("Go on") == "\u202eGo on\u202c"
