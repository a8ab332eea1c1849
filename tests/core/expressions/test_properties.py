"""What holds for every expression and every answer."""

from __future__ import annotations

import datetime as dt
import json
import math

from hypothesis import assume, given
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.expressions import Environment, parse
from consult.core.expressions.functions import FUNCTIONS, Kind

NAMES = ("a", "b", "c")
ANSWERS = st.one_of(
    st.sampled_from(
        ["", "0", "-1.5", "yes", "no maybe", "2026-03-02", "2026-02-30", "2026-03-02T10:00", "NaN", "1e999"]
    ),
    st.text(max_size=8),
    st.floats().map(str),
    st.lists(st.sampled_from(["x", "y"]), max_size=3).map(tuple),
)
ENVIRONMENTS = st.builds(
    Environment,
    st.dictionaries(st.sampled_from(NAMES), ANSWERS),
    dot=st.text(max_size=5),
    today=st.dates(),
    time_zone=st.sampled_from(["UTC", "Africa/Accra", "Asia/Kathmandu", "Europe/Dublin", "Pacific/Apia", "nowhere"]),
    seed=st.text(max_size=3),
    choice=st.just({"column": "x"}),
    lists=st.just({"list": [{"name": "x", "column": "1"}, {"name": "y"}]}),
)
LEAVES = st.one_of(
    st.integers(0, 10**12).map(str),
    st.floats(0, 1e6, allow_nan=False).map(lambda number: f"{number:.3f}"),
    st.text(max_size=6).filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    st.sampled_from(["${a}", "${b}", "${c}", ".", "..", "column", "'2026-03-02'", "instance('list')/root/item/column"]),
)
NODES = st.sampled_from(["${a}", ".", "..", "instance('list')/root/item[name = 'x']/name", "randomize(${b})"])
OPERATORS = ("+", "-", "*", " div ", " mod ", "=", "!=", "<", "<=", ">", ">=", " and ", " or ")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    @st.composite
    def call(draw: st.DrawFn) -> str:
        name = draw(st.sampled_from(sorted(FUNCTIONS)))
        signature = FUNCTIONS[name]
        count = draw(st.integers(signature.least, signature.least + 3 if signature.most is None else signature.most))
        kinds = [signature.kind(place) for place in range(count)]
        arguments = [draw(NODES if kind is Kind.NODES else inner) for kind in kinds]
        return f"{name}({', '.join(arguments)})"

    return st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda parts: "({}){}({})".format(*parts)),
        inner.map(lambda part: f"-({part})"),
        call(),
    )


EXPRESSIONS = st.recursive(LEAVES, _grown, max_leaves=12)


@given(st.text())
def test_reading_refuses_or_succeeds(source):
    try:
        parse(source)
    except Refused as refusal:
        assert refusal.problems


@given(st.text(alphabet="${}ab.'\"()[]/,=!<>+-*1 andorivm", max_size=40))
def test_reading_refuses_or_succeeds_near_the_language(source):
    try:
        parse(source)
    except Refused as refusal:
        assert refusal.problems


@given(EXPRESSIONS, ENVIRONMENTS)
def test_evaluation_never_fails(source, env):
    expr = parse(source)

    assert isinstance(expr.truth(env), bool)
    assert isinstance(expr.text(env), str)
    assert isinstance(expr.number(env), float)
    assert isinstance(expr.value(env), str | float | bool)


@given(EXPRESSIONS)
def test_written_and_read_again_it_is_the_same(source):
    expr = parse(source)
    again = parse(str(expr))

    assert again.tree == expr.tree
    assert json.dumps(again.to_json(), allow_nan=False) == json.dumps(expr.to_json(), allow_nan=False)


@given(EXPRESSIONS, ENVIRONMENTS)
def test_evaluated_again_it_is_the_same(source, env):
    expr = parse(source)
    first = expr.text(env)

    assert expr.text(env) == first


@given(EXPRESSIONS, EXPRESSIONS, ENVIRONMENTS)
def test_different_is_not_equal(left, right, env):
    assert parse(f"({left}) != ({right})").truth(env) is parse(f"not(({left}) = ({right}))").truth(env)


@given(EXPRESSIONS, EXPRESSIONS, ENVIRONMENTS)
def test_of_two_numbers_exactly_one_relation_holds(left, right, env):
    numbers = [parse(f"number({side})") for side in (left, right)]
    assume(not any(math.isnan(number.number(env)) for number in numbers))

    relations = [parse(f"number({left}) {relation} number({right})").truth(env) for relation in ("<", "=", ">")]

    assert sum(relations) == 1


@given(st.dates(dt.date(1900, 1, 1), dt.date(2058, 1, 1)), st.integers(-20_000, 20_000), ENVIRONMENTS)
def test_days_are_added_and_taken_away_exactly(day, days, env):
    later = day + dt.timedelta(days=days)
    assume(1880 < later.year < 2059)

    assert parse(f"date('{day}' + {days})").text(env) == later.isoformat()
    assert parse(f"'{later}' - '{day}'").number(env) == days


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_as_text(number):
    env = Environment({"a": repr(number)}, today=dt.date(2026, 3, 2))

    assert float(parse("string(number(${a}))").text(env)) == number
