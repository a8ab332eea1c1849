"""What can be said about an expression before anyone answers."""

from __future__ import annotations

import pytest

from consult.core.expressions import WARNINGS, Scope, check, cycles, parse
from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
)
from consult.core.text import LocalisedText


def question(name: str, kind: QuestionType, choices: str = "", **more: bool) -> Question:
    return Question(id=name, name=name, type=kind, choices=choices, **more)


QUESTIONNAIRE = Questionnaire(
    title=LocalisedText({"en": "Study"}),
    locales=("en",),
    children=(
        question("welcome", QuestionType.NOTE),
        Group(
            id="g",
            name="profile",
            children=(
                question("age", QuestionType.INTEGER),
                question("born", QuestionType.DATE),
                question("country", QuestionType.SELECT_ONE, "countries"),
            ),
        ),
        question("region", QuestionType.SELECT_ONE, "regions", or_other=True),
        question("langs", QuestionType.SELECT_MULTIPLE, "langs"),
        question("comment", QuestionType.TEXT),
    ),
    choice_lists=(
        ChoiceList(name="countries", choices=(Choice(name="GH", attributes={"phone": "233"}), Choice(name="ML"))),
        ChoiceList(name="regions", choices=(Choice(name="north", attributes={"country": "GH"}),)),
        ChoiceList(name="langs", choices=(Choice(name="en"), Choice(name="ak"))),
    ),
)
SCOPE = Scope.of(QUESTIONNAIRE)


def found(source: str, scope: Scope) -> list[tuple[str, dict]]:
    return [(problem.code, dict(problem.params)) for problem in check(parse(source), scope)]


@pytest.mark.parametrize(
    "source",
    [
        "${age} >= 18 and ${country} = 'GH' and selected(${langs}, 'ak')",
        "${region} = 'other' or ${region} = ''",
        "${born} <= today() and ${born} > '1900-01-01'",
        "int((today() - ${born}) div 365.25) > 17",
        "regex(${comment}, '^[A-Z]') and string-length(${comment}) < 10",
        "jr:choice-name(${country}, '${country}')",
        "pulldata('countries', 'phone', 'name', ${country})",
        "instance('countries')/root/item[name = ${country} and phone > 200]/label",
        "count-selected(${langs}) + 1 > number(${comment})",
    ],
)
def test_what_fits_is_not_remarked_upon(source):
    assert found(source, SCOPE.at("comment")) == []


@pytest.mark.parametrize(
    ("source", "code", "params"),
    [
        ("${wealth} > 1", "expression.name.unknown", {"name": "wealth"}),
        ("${countri} = 'GH'", "expression.name.misspelt", {"name": "countri", "suggestion": "country"}),
        ("age > 1", "expression.name.bare", {"name": "age"}),
        ("${country} = GH", "expression.name.quotes", {"name": "GH"}),
        ("jr:choice-name(${age}, '${wealth}')", "expression.name.unknown", {"name": "wealth"}),
        ("jr:choice-name(${age}, 'age')", "expression.choice_name.question", {}),
        ("jr:choice-name(${age}, ${country})", "expression.choice_name.question", {}),
        ("pulldata('towns', 'a', 'b', 'c')", "expression.list.unknown", {"name": "towns"}),
        (
            "instance('country')/root/item/name",
            "expression.list.misspelt",
            {"name": "country", "suggestion": "countries"},
        ),
        ("instance('countries')/root/item/size", "expression.column.unknown", {"name": "size"}),
        (
            "instance('countries')/root/item[phon = 1]/name",
            "expression.column.misspelt",
            {"name": "phon", "suggestion": "phone"},
        ),
        ("regex(${comment}, '(?=a)b')", "expression.regex", {"pattern": "(?=a)b"}),
        ("position(..)", "expression.repeat.needed", {"function": "position"}),
        ("${welcome} = ''", "expression.name.unanswered", {"name": "welcome"}),
        ("${country} = 'FR'", "expression.choice.unknown", {"code": "FR", "name": "country"}),
        ("selected(${langs}, 'fr')", "expression.choice.unknown", {"code": "fr", "name": "langs"}),
        ("${age} = 'old'", "expression.type.comparison", {"text": "old", "type": "integer"}),
        ("'old' != ${born}", "expression.type.comparison", {"text": "old", "type": "date"}),
        ("${comment} > 'old'", "expression.type.number", {"text": "old"}),
        ("${age} + 'one'", "expression.type.number", {"text": "one"}),
        ("round(${age}, 'one')", "expression.type.number", {"text": "one"}),
        ("selected(${age}, '1')", "expression.type.selection", {"function": "selected"}),
    ],
)
def test_what_does_not_fit(source, code, params):
    assert (code, params) in found(source, SCOPE.at("comment"))


def test_a_later_question_is_a_warning():
    assert found("${comment} = ''", SCOPE.at("age")) == [("expression.name.later", {"name": "comment"})]
    assert found("${comment} = ''", SCOPE) == []
    assert "expression.name.later" in WARNINGS
    assert "expression.name.unknown" not in WARNINGS


def test_the_dot_has_the_type_of_the_question():
    assert found(". = 'FR'", SCOPE.at("country")) == [("expression.choice.unknown", {"code": "FR", "name": "country"})]
    assert found(". = 'FR'", SCOPE.at("comment")) == []


def test_bare_names_are_columns_in_a_choice_filter_only():
    assert found("country = ${country}", SCOPE.at("region", choice_filter_of="regions")) == []
    assert found("contry = ${country}", SCOPE.at("region", choice_filter_of="regions")) == [
        ("expression.column.misspelt", {"name": "contry", "suggestion": "country"})
    ]


def test_the_same_remark_is_made_once():
    assert found("${wealth} = 1 or ${wealth} = 2", SCOPE) == [("expression.name.unknown", {"name": "wealth"})]


def test_repeats_make_sense_of_positions():
    repeat = Repeat(id="r", name="child", children=(question("first", QuestionType.TEXT),))
    scope = Scope(questions={"first": QuestionType.TEXT}, repeats=frozenset({repeat.name}))

    assert found("indexed-repeat(${first}, ${child}, position(..))", scope) == []


@pytest.mark.parametrize(
    ("calculations", "expected"),
    [
        ({"a": "${b}", "b": "${c} + 1", "c": "1"}, []),
        ({"a": "${a} + 1"}, [("a",)]),
        ({"a": "${b}", "b": "${a}", "c": "${a}"}, [("a", "b")]),
        ({"a": "${b}", "b": "${c}", "c": "${a}", "x": "${y}", "y": "${x}"}, [("a", "b", "c"), ("x", "y")]),
        ({"a": "jr:choice-name(1, '${a}')"}, []),
    ],
)
def test_calculations_that_wait_for_each_other(calculations, expected):
    found = cycles({name: parse(source) for name, source in calculations.items()})

    assert sorted(tuple(sorted(cycle)) for cycle in found) == expected


def test_a_cycle_is_listed_along_its_references():
    (cycle,) = cycles({"a": parse("${b}"), "b": parse("${c}"), "c": parse("${a}")})

    assert cycle in {("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b")}
