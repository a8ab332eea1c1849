"""Conditions of LimeSurvey in the dialect used here, or listed as lost."""

from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.exchange.lss import Imported
from consult.core.exchange.lss.container import read_document
from consult.core.exchange.lss.naming import Names
from consult.core.exchange.lss.script import Lost, parse
from consult.core.exchange.lss.shapes import shape
from consult.core.exchange.lss.survey import read_survey
from consult.core.exchange.lss.translating import condition, value
from consult.core.exchange.lss.variables import Own, Variables
from consult.core.expressions import WARNINGS, Environment, Scope, check
from consult.core.expressions import parse as parse_ours
from tests.core.exchange.lss.making import Asked, Page, imported, lss, question, told

YES_NO = {"Y": "Yes", "N": "No"}
QUESTIONS = [
    Asked("age", "N"),
    Asked("name", "S"),
    Asked("sex", "G"),
    Asked("rel", "L", options={"1": "One", "2": "Two"}, other=True),
    Asked("col", "M", rows={"SQ1": "Red", "SQ2": "Blue"}, other=True),
    Asked("com", "P", rows={"a": "A", "b": "B"}),
    Asked("arr", "F", rows={"r1": "R1", "r2": "R2"}, options=YES_NO),
    Asked("num", ":", rows={"y1": "Y1"}, columns={"x1": "X1", "x2": "X2"}),
    Asked("dual", "1", rows={"r": "R"}, options={"A": "A"}, second={"B": "B"}),
    Asked("rank", "R", options={"a": "A", "b": "B"}),
    Asked("lc", "O", options={"a": "A"}),
    Asked("tick", ":", rows={"y": "Y"}, columns={"x": "X"}, attributes={"multiflexible_checkbox": "1"}),
]
CASES = [
    # Operators
    ("age == 5", "${age} = 5"),
    ("age != 5 && age<10", "${age} != 5 and ${age} < 10"),
    ("age eq 5 or age GE 10", "${age} = 5 or ${age} >= 10"),
    ("age lt 5 || age le 6 or age gt 7 and age ne 8", "${age} < 5 or ${age} <= 6 or ${age} > 7 and ${age} != 8"),
    ("!(age == 5)", "not(${age} = 5)"),
    ("(age + 2) * 3 - 1 / 2 > -4", "(${age} + 2) * 3 - 1 div 2 > -4"),
    ("age == '5'", "${age} = 5"),
    ("age > '5'", "${age} > 5"),
    ("5 < age", "5 < ${age}"),
    # Names
    ("age.NAOK == 5", "${age} = 5"),
    ("age.value > 5", "${age} > 5"),
    ("sex.code == 'F'", "${sex} = 'F'"),
    ("sex.shown == 'Female'", "jr:choice-name(${sex}, '${sex}') = 'Female'"),
    ("1X1X10 == 5", "${age} = 5"),
    ("1X1X50SQ1.NAOK == 'Y'", "selected(${col}, 'SQ1')"),
    ("arr_r1 == 'Y'", "${arr_r1} = 'Y'"),
    ("num_y1_x2 > 2", "${num_y1_x2} > 2"),
    ("dual_r_0 == 'A' and dual_r_1 == 'B'", "${dual_r_0} = 'A' and ${dual_r_1} = 'B'"),
    ("1X1X90r#1 == 'B'", "${dual_r_1} = 'B'"),
    ("rank_1 == 'a'", "selected-at(${rank}, 0) = 'a'"),
    ("lc_comment != ''", "${lc_comment} != ''"),
    ("com_acomment == 'x'", "${com_acomment} = 'x'"),
    # Ticks and other
    ("col_SQ1 == 'Y'", "selected(${col}, 'SQ1')"),
    ('col_SQ1.NAOK != "Y"', "not(selected(${col}, 'SQ1'))"),
    ("col_SQ1 == ''", "not(selected(${col}, 'SQ1'))"),
    ("is_empty(col_SQ1)", "not(selected(${col}, 'SQ1'))"),
    ("col_SQ1", "selected(${col}, 'SQ1')"),
    ("col_SQ1 == 'N'", "false()"),
    ("tick_y_x == 1", "selected(${tick_y}, 'x')"),
    ("rel == '-oth-'", "${rel} = 'other'"),
    ("rel_other != ''", "selected(${rel}, 'other')"),
    ("!is_empty(col_other)", "not(not(selected(${col}, 'other')))"),
    # Functions
    ("is_empty(age)", "${age} = ''"),
    ("if(age > 5, 1, 0) == 1", "if(${age} > 5, 1, 0) = 1"),
    ("count(that.col) > 1", "count-selected(${col}) > 1"),
    ("count(age, name) == 2", "if(${age} != '', 1, 0) + if(${name} != '', 1, 0) = 2"),
    ("count(that.arr) > 0", "if(${arr_r1} != '', 1, 0) + if(${arr_r2} != '', 1, 0) > 0"),
    ("countif('Y', that.arr) > 0", "if(${arr_r1} = 'Y', 1, 0) + if(${arr_r2} = 'Y', 1, 0) > 0"),
    ("count(that.com.nocomments) > 0", "count-selected(${com}) > 0"),
    ("sum(num_y1_x1, num_y1_x2) > 3", "coalesce(${num_y1_x1}, 0) + coalesce(${num_y1_x2}, 0) > 3"),
    ("sum(that.num.sq_y1) > 3", "coalesce(${num_y1_x1}, 0) + coalesce(${num_y1_x2}, 0) > 3"),
    ("max(age, 5) > min(age, 9)", "max(${age}, 5) > min(${age}, 9)"),
    ("strlen(name) >= 3", "string-length(${name}) >= 3"),
    ("intval(age) == floor(age)", "int(${age}) = floor(${age})"),
    ("ceil(age) + round(age, 1) > pow(2, 3)", "ceiling(${age}) + round(${age}, 1) > pow(2, 3)"),
    ("regexMatch('/^a.b$/i', name)", "regex(${name}, '(?i)^a.b$')"),
    ("substr(name, 1, 2) == 'bc'", "substr(${name}, 1, 3) = 'bc'"),
    ("join('a', name) == 'ab'", "concat('a', ${name}) = 'ab'"),
    ("implode('-', name, sex) == 'a-F'", "join('-', ${name}, ${sex}) = 'a-F'"),
    ("date('Y') > 2000", "format-date(today(), '%Y') > 2000"),
    ("is_numeric(name)", "number(${name}) = number(${name})"),
    ("'a' + name == 'ab'", "concat('a', ${name}) = 'ab'"),
    # Truth
    ("1 or age == 5", "true() or ${age} = 5"),
    ("0 or age", "false() or ${age} != '' and ${age} != 0"),
    ("count(that.col)", "coalesce(count-selected(${col}), 0) != 0"),
    # How it may be written
    ("age &gt; 5 &amp;&amp; name == “x”", "${age} > 5 and ${name} = 'x'"),
    ('name == "it\\"s"', "${name} = 'it\"s'"),
    ('name == "it\'s 5\\""', "${name} = concat('it', \"'\", 's 5\"')"),
]
LOST = [
    ("age = 5", "age = 5"),
    ("age ==", "age =="),
    ("nobody == 1", "nobody"),
    ("TOKEN:FIRSTNAME == 'x'", "TOKEN:FIRSTNAME"),
    ("rel_other == 'x'", "rel"),
    ("rel.value > 1", "rel.value"),
    ("age.relevanceStatus == 1", "age.relevanceStatus"),
    ("strtoupper(name) == 'X'", "strtoupper()"),
    ("rand(1, 2) == 1", "rand()"),
    ("name + sex == 'xF'", "+"),
    ("name < 'x'", "< 'x'"),
    ("regexMatch('/(?=a)b/', name)", "/(?=a)b/"),
    ("is_empty(that.col)", "that.col"),
    ("self == 1", "last"),
    ("date('D') == 'Mon'", "date()"),
    ("substr(name, -1) == 'x'", "substr()"),
    ("strlen()", "strlen()"),
    ("sum(that.col) > 1", "sum()"),
]


def note(relevance: str) -> Imported:
    return imported(*QUESTIONS, Asked("last", "X", relevance=relevance))


@pytest.mark.parametrize(("source", "ours"), CASES)
def test_an_expression_is_translated(source: str, ours: str) -> None:
    found = note(source)
    assert question(found, "last").relevant == ours
    assert told(found.warnings) == []


@pytest.mark.parametrize(("_", "ours"), CASES)
def test_what_was_translated_can_be_read_and_checked(_: str, ours: str) -> None:
    scope = Scope.of(note("1").questionnaire).at("last")
    assert [each for each in check(parse_ours(ours), scope) if each.code not in WARNINGS] == []


@pytest.mark.parametrize(("source", "part"), LOST)
def test_what_has_no_counterpart_is_listed_and_the_question_stays(source: str, part: str) -> None:
    found = note(source)
    assert question(found, "last").relevant == ""
    assert told(found.warnings) == ["lss.expression.lost | Page | last · relevance"]
    assert dict(found.warnings[0].params) == {"source": source, "part": part}


@pytest.mark.parametrize(
    ("source", "answers", "holds"),
    [
        ("age > 17", {"age": "18"}, True),
        ("age > 17", {}, False),
        ("age != 5", {}, True),
        ("age", {}, False),
        ("age", {"age": "0"}, False),
        ("age", {"age": "2"}, True),
        ("sex", {"sex": "F"}, True),
        ("count(that.col) == 2", {"col": ("SQ1", "SQ2")}, True),
        ("count(age, name, sex) == 2", {"age": "1", "sex": "F"}, True),
        ("sum(num_y1_x1, num_y1_x2) == 3", {"num_y1_x1": "3"}, True),
        ("rank_2 == 'a'", {"rank": ("b", "a")}, True),
        ("substr(name, 1, 2) == 'bc'", {"name": "abcd"}, True),
        ("if(sex == 'F', 'her', 'his') == 'her'", {"sex": "F"}, True),
        ("col_SQ1 == col_SQ2", {}, True),
        ("col_SQ1 == col_SQ2", {"col": ("SQ1",)}, False),
    ],
)
def test_a_translation_holds_when_the_source_does(
    source: str, answers: dict[str, str | tuple[str, ...]], holds: bool
) -> None:
    expression = parse_ours(question(note(source), "last").relevant)
    assert expression.truth(Environment(values=answers, today=dt.date(2026, 1, 1))) is holds


def test_a_long_expression_is_lost_and_a_deep_one_too() -> None:
    for source in ("age == 1 and " * 2_000 + "1", "(" * 300 + "age" + ")" * 300 + " == 1 and " + "!" * 200 + "age"):
        assert told(note(source).warnings) == ["lss.expression.lost | Page | last · relevance"]


@pytest.mark.parametrize(
    ("relevance", "warned"),
    [
        ("b != 'x'", ["b"]),
        ("b.NAOK != 'x'", []),
        ("b == 'x'", []),
        ("b == 'x' or a == 1", ["b"]),
        ("!is_empty(b)", []),
        ("is_empty(b)", ["b"]),
        ("a != 2", []),
    ],
)
def test_a_condition_that_differs_while_a_question_is_not_asked_is_told(relevance: str, warned: list[str]) -> None:
    found = imported(Asked("a", "N"), Asked("b", "S", relevance="a == 1"), Asked("c", "S", relevance=relevance))
    assert [each.params["name"] for each in found.warnings if each.code == "lss.expression.hidden"] == warned


def variables() -> Variables:
    """The variables of the survey above."""
    found, names = Variables(), Names()
    for each in read_survey(read_document(lss(Page(QUESTIONS)))).groups[0].questions:
        shape(each, names.give(each.code), f"1X1X{each.id}", names, found)
    return found


VARIABLES = variables()
SCOPE = Scope.of(note("1").questionnaire).at("last")
NAMES = st.sampled_from(
    [
        *("age", "name", "sex.shown", "rel", "rel_other", "col_SQ1", "col_SQ2.NAOK", "com_acomment", "arr_r1", "self"),
        *("num_y1_x1", "that.col", "that.arr", "this", "rank_1", "1X1X50SQ1", "dual_r_0", "tick_y_x", "nobody"),
        "TOKEN:A",
    ]
)
LITERALS = st.integers(0, 99).map(str) | st.sampled_from(["''", '"Y"', "'-oth-'", '"it\'s"', "1.5", "'2020-01-01'"])
OPERATORS = st.sampled_from(["==", "!=", "<", ">=", "+", "-", "*", "/", "&&", "||", "and", "or", "eq", "ne", "lt"])
FUNCTIONS = st.sampled_from(
    [
        *("is_empty", "count", "sum", "min", "max", "strlen", "if", "intval", "round", "substr", "join", "implode"),
        *("regexMatch", "date", "countif", "log", "pow", "nothing"),
    ]
)
SOURCES = st.recursive(
    NAMES | LITERALS,
    lambda inner: st.one_of(
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        inner.map("({})".format),
        inner.map("!{}".format),
        inner.map("-{}".format),
        st.tuples(FUNCTIONS, st.lists(inner, max_size=3)).map(lambda call: f"{call[0]}({', '.join(call[1])})"),
    ),
    max_leaves=12,
)


@given(st.text() | st.text(alphabet=string.printable) | SOURCES)
def test_reading_refuses_or_reads_and_never_fails(source: str) -> None:
    try:
        parse(source)
    except Lost as lost:
        assert lost.part == source[:60]


@given(SOURCES)
def test_every_translation_is_an_expression_of_ours(source: str) -> None:
    for translate in (condition, value):
        try:
            ours = translate(source, VARIABLES, Own("arr", "r1"))
        except Lost:
            continue
        assert [each for each in check(parse_ours(ours), SCOPE) if each.code not in WARNINGS] == []
