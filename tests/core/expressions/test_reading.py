"""What cannot be read is refused with a code, a place, and what would mend it."""

from __future__ import annotations

import pytest

from consult.core.errors import Refused
from consult.core.expressions import parse


def refusal(source: str) -> list[tuple[str, dict]]:
    with pytest.raises(Refused) as caught:
        parse(source)
    return [(problem.code, dict(problem.params)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("source", "code", "params"),
    [
        ("", "expression.empty", {}),
        (" \n", "expression.empty", {}),
        ("${a} >", "expression.unfinished", {}),
        ("(1 + 2", "expression.unfinished", {}),
        ("${a} == 2", "expression.syntax", {"position": 7, "near": "= 2"}),
        ("${a} & ${b}", "expression.syntax", {"position": 6, "near": "& ${b}"}),
        ("${a b} = 1", "expression.syntax", {"position": 1, "near": "${a b} = 1"}),
        ("1 2", "expression.syntax", {"position": 3, "near": "2"}),
        ("${a} = 'yes", "expression.quote.open", {"position": 8, "near": "'yes"}),
        ("/data/a = 1", "expression.path", {"position": 1, "near": "/data/a = 1"}),
        ("../a = 1", "expression.path", {"position": 3, "near": "/a = 1"}),
        ("${a}[1]", "expression.path", {"position": 5, "near": "[1]"}),
        ("child::a", "expression.path", {"position": 6, "near": "::a"}),
        ("instance('l')/root/a", "expression.instance", {}),
        ("instance('l')", "expression.function.unknown", {"name": "instance"}),
        ("concat('l')/root/item/a", "expression.instance", {}),
        (
            "instance('l')/root/item[instance('m')/root/item/a = 1]/b",
            "expression.instance.nested",
            {"list": "l"},
        ),
        ("9" * 400, "expression.number", {"near": "9" * 20}),
        ("frobnicate(1)", "expression.function.unknown", {"name": "frobnicate"}),
        ("select(${a}, 'b')", "expression.function.misspelt", {"name": "select", "suggestion": "selected"}),
        ("selected(${a})", "expression.arity.few", {"function": "selected", "given": 1, "least": 2}),
        ("today(1)", "expression.arity.many", {"function": "today", "given": 1, "most": 0}),
        ("count(1)", "expression.argument.nodeset", {"function": "count", "argument": 1}),
        ("indexed-repeat(${a}, 2, 1)", "expression.argument.nodeset", {"function": "indexed-repeat", "argument": 2}),
        ("1" + " + 1" * 3000, "expression.too_long", {"length": 12_001, "most": 10_000}),
        ("-" * 150 + "1", "expression.too_deep", {"depth": 151, "most": 100}),
        ("1" + "or 1" * 2000, "expression.too_many_parts", {"parts": 2002, "most": 2000}),
    ],
)
def test_refusal(source, code, params):
    assert refusal(source) == [(code, params)]


def test_every_wrong_call_is_listed_at_once():
    assert [code for code, _ in refusal("frobnicate(1) + today(2) + count('x')")] == [
        "expression.function.unknown",
        "expression.arity.many",
        "expression.argument.nodeset",
    ]


def test_typographic_quotes_are_quotes_where_nothing_else_makes_sense():
    assert str(parse("selected(${a}, ‘yes’) and ${b} = “no”")) == "selected(${a}, 'yes') and ${b} = 'no'"
    assert str(parse("${a} = 'l’été'")) == "${a} = 'l’été'"


def test_spaces_of_every_kind_may_stand_between_words():
    assert str(parse(" ${a}\u00a0=\n1 ")) == "${a} = 1"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "1 - 2 - 3"),
        ("((a or b)) and c", "(a or b) and c"),
        ("-(1+2)", "-(1 + 2)"),
        ('"it\'s"', '"it\'s"'),
        ("position( .. )", "position(..)"),
        ("instance( 'l' )/root/item/a", "instance('l')/root/item/a"),
    ],
)
def test_an_expression_is_written_with_the_brackets_it_needs(source, written):
    assert str(parse(source)) == written


def test_names_may_be_in_any_script_and_may_be_words_of_the_language():
    assert parse("${país} = ${ንገሩ} and ${and} or ${div}").names == {"país", "ንገሩ", "and", "div"}


def test_the_same_source_is_read_once():
    assert parse("${a} = 1") is parse("${a} = 1")
