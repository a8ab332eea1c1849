"""What the expression language means; `language.json` is shared with the browser's evaluator."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from consult.core.expressions import Environment, parse, shuffled

TABLE = json.loads((Path(__file__).parent / "language.json").read_text(encoding="utf-8"))
TODAY = dt.date(2026, 3, 2)
CASES = [
    pytest.param(expression, expected, {**TABLE["context"], **group.get("context", {})}, id=expression)
    for group in TABLE["groups"]
    for expression, expected in group["cases"]
]


@pytest.mark.parametrize(("expression", "expected", "context"), CASES)
def test_meaning(expression, expected, context):
    day = dt.date.fromisoformat(context["today"])
    env = Environment(**{**context, "today": day}, label=lambda value, name: f"label of {value} in {name}")
    expr = parse(expression)

    if isinstance(expected, bool):
        assert expr.truth(env) is expected
    elif isinstance(expected, (int, float)) or (expected in {"NaN", "Infinity"} and isinstance(expr.value(env), float)):
        assert expr.number(env) == pytest.approx(float(expected), rel=0, abs=0, nan_ok=True)
    else:
        assert expr.value(env) == expected


def test_several_choices_may_be_given_as_a_tuple():
    env = Environment({"langs": ("en", "fr")}, today=TODAY)

    assert parse("selected(${langs}, 'fr') and count-selected(${langs}) = 2").truth(env)
    assert parse("${langs}").text(env) == "en fr"


def test_a_calculation_that_has_no_number_stores_nothing():
    assert parse("${missing} * 2").text(Environment(today=TODAY)) == ""


def test_what_is_drawn_once_is_kept_and_read_again():
    kept: dict[str, str] = {}
    env = Environment(today=TODAY, seed="a", place="q1", kept=kept)
    expr = parse("concat(random(), ' ', uuid(), ' ', once(random()), ' ', now())")

    first = expr.text(env)
    later = Environment(today=dt.date(2027, 1, 1), seed="b", place="q1", kept=kept)

    assert expr.text(later) == first
    assert len(kept) == 5


def test_draws_depend_on_seed_place_and_position_only():
    def drawn(seed: str, place: str, source: str = "random()") -> str:
        return parse(source).text(Environment(today=TODAY, seed=seed, place=place))

    assert drawn("a", "q1") == drawn("a", "q1")
    assert len({drawn("a", "q1"), drawn("b", "q1"), drawn("a", "q2")}) == 3
    assert drawn("a", "q1", "random() = random()") == "false"
    assert 0 <= float(drawn("a", "q1")) < 1


def test_once_waits_until_there_is_something_to_keep():
    kept: dict[str, str] = {}
    expr = parse("once(${a})")

    results = [expr.text(Environment({"a": a}, today=TODAY, kept=kept)) for a in ("", "first", "second")]

    assert results == ["", "first", "first"]


def test_a_child_shares_everything_but_what_it_is_given():
    parent = Environment({"a": "1"}, today=TODAY, dot="x")
    child = parent.child(choice={"name": "c"}, place="q2")

    assert (child.dot, child.choice, child.place) == ("x", {"name": "c"}, "q2")
    assert child.kept is parent.kept


def test_an_unknown_time_zone_is_utc():
    assert parse("number('1970-01-02')").number(Environment(today=TODAY, time_zone="Atlantis/Capital")) == 1


def test_midnights_lie_where_the_zone_says():
    env = Environment(today=TODAY, time_zone="America/Phoenix")

    assert parse("number('1970-01-02')").number(env) == pytest.approx(1 + 7 / 24)


def test_joined_texts_stay_bounded():
    env = Environment({"a": "x" * 40_000}, today=TODAY)

    assert len(parse("concat(${a}, ${a}, ${a})").text(env)) == 65_536


@pytest.mark.parametrize(
    ("expression", "names", "volatile"),
    [
        ("${a} > 1 and selected(${b}, 'x')", {"a", "b"}, False),
        ("jr:choice-name(${a}, '${b}')", {"a", "b"}, False),
        (". <= today()", set(), True),
        ("once(1)", set(), True),
        ("if(${a}, uuid(), 'today()')", {"a"}, True),
        ("'${a}'", set(), False),
    ],
)
def test_what_an_expression_depends_on(expression, names, volatile):
    expr = parse(expression)

    assert (expr.names, expr.volatile) == (names, volatile)


def test_the_tree_travels_as_json():
    source = "if(${a} != 'x' and -. >= 2, once(random()), instance('l')/root/item[name = ..]/label)"

    assert parse(source).to_json() == [
        "if",
        ["and", ["!=", ["$", "a"], "x"], [">=", ["neg", ["."]], 2.0]],
        ["keep", 1, ["once", ["keep", 0, ["random"]]]],
        ["instance", "l", ["=", ["@", "name"], [".."]], "label"],
    ]


def test_the_shuffle_is_that_of_openrosa():
    """From seed 42 are drawn 705894, 1126542223, 1579310009: of 4, 3, 2 places these are 0, 1, 1."""
    assert shuffled(["a", "b", "c", "d"], 42.0) == ["d", "c", "b", "a"]
    assert sorted(shuffled(range(100), 7.5)) == list(range(100))
    assert shuffled("abc", float("nan")) == shuffled("abc", 0)
