"""The browser's evaluator means what the server's means: the same cases, and expressions that nobody would write."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Page

from consult.core.expressions import Environment, Expression, browser, parse
from consult.core.expressions.functions import FUNCTIONS
from consult.core.expressions.values import text_of
from consult.db.session import Database
from tests.core.expressions import making
from tests.core.expressions.test_language import TABLE
from tests.core.expressions.test_openrosa import CASES, LEFT_OUT, environment

EVALUATE = """
async (cases) => {
  const { asNumber, evaluate, holds, numberText, stored, text, value } = await import("/static/js/expressions.js");
  return cases.map(([tree, env]) => {
    env.label = (code, question) => `label of ${code} in ${question}`;
    const number = asNumber(tree, env);
    return [typeof value(tree, env), text(value(tree, env)), stored(tree, env), holds(tree, env), numberText(number),
            Object.is(number, -0)];
  });
}
"""
KINDS = {str: "string", bool: "boolean", float: "number"}
LEFT = {
    "digest('abc', 'SHA-1', 'hex')": "no digest in the browser",
    "digest('abc', 'MD5')": "as above",
    "digest('abc', 'CRC')": "as above",
    "indexed-repeat(${a}, ${b}, 1)": "pages of repeats are left to the server",
    "indexed-repeat(${a}, ${b}, 2)": "as above",
}
"""Cases that the browser leaves to the server, with the reason. OpenRosa's `throws` are refused when they are read."""

Seen = list[object]
Evaluated = Callable[[list[tuple[Expression, Environment]]], list[Seen]]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Expressions do not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def evaluated(device: Callable[..., BrowserContext]) -> Iterator[Evaluated]:
    """Evaluates expressions in Chromium."""
    page: Page = device().new_page()
    page.goto("/en/help")

    def evaluate(cases: list[tuple[Expression, Environment]]) -> list[Seen]:
        sent = [[browser.tree(expr), context(expr, env)] for expr, env in cases]
        return page.evaluate(EVALUATE, json.loads(json.dumps(sent)))

    yield evaluate


def context(expr: Expression, env: Environment) -> dict[str, Any]:
    """An environment as the browser has it."""
    return {
        **browser.context(env),
        "values": {name: env.answer(name) for name in env.values},
        "dot": env.dot,
        "place": env.place,
        "choice": dict(env.choice),
        "lists": {name: [dict(row) for row in rows] for name, rows in env.lists.items()},
        "kept": browser.drawn(expr, env),
    }


def on_the_server(expr: Expression, env: Environment) -> Seen:
    value, number = expr.value(env), expr.number(env)
    negative_zero = number == 0 and math.copysign(1, number) < 0
    return [KINDS[type(value)], text_of(value), expr.text(env), expr.truth(env), text_of(number), negative_zero]


def test_the_cases_of_the_language(evaluated: Evaluated) -> None:
    cases = []
    for group in TABLE["groups"]:
        given = {**TABLE["context"], **group.get("context", {})}
        env = Environment(**{**given, "today": dt.date.fromisoformat(given["today"])}, label=_label)
        cases += [(parse(source), env, expected) for source, expected in group["cases"] if source not in LEFT]
    found = evaluated([(expr, env) for expr, env, _ in cases])
    for (expr, env, expected), (kind, text, _, truth, number, _zero) in zip(cases, found, strict=True):
        if isinstance(expected, bool):
            assert truth is expected, expr
        elif isinstance(expected, (int, float)) or (expected in {"NaN", "Infinity"} and kind == "number"):
            assert number == text_of(float(expected)), expr
        else:
            assert (kind, text) == (KINDS[type(expr.value(env))], expected), expr
    assert len(cases) + len(LEFT) == sum(len(group["cases"]) for group in TABLE["groups"])


def _label(value: str, question: str) -> str:
    return f"label of {value} in {question}"


def test_the_cases_of_openrosa(evaluated: Evaluated) -> None:
    cases = [case for case in CASES if case["result_type"] != "throws" and case["expression"] not in LEFT_OUT]
    found = evaluated([(parse(case["expression"]), environment(case["v"])) for case in cases])
    for case, (_, _, stored, truth, number, _zero) in zip(cases, found, strict=True):
        expected = case["expected"]
        match case["result_type"]:
            case "boolean":
                assert truth is expected, case
            case "string":
                assert stored == expected, case
            case "number":
                assert number == text_of(float(expected)), case
            case _:
                assert round(float(str(number)), 5) == float(expected), case
    assert len(cases) == 239
    assert [case["expression"] for case in cases if browser.tree(parse(case["expression"])) is None] == []


def test_what_is_left_to_the_server() -> None:
    assert [source for source in LEFT if browser.tree(parse(source)) is not None] == []
    assert sorted(browser.LEFT) == ["digest", "indexed-repeat"]
    assert browser.tree(parse("regex(., ${pattern})")) is None
    assert browser.tree(parse("regex(., '(?i)yes')")) is None
    assert browser.tree(parse("1 + count-selected(pulldata(${list}, 'a', 'b', 'c'))")) is None
    assert browser.tree(parse("jr:choice-name(., ${name})")) is None


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**64))
def test_any_expression(evaluated: Evaluated, seed: int) -> None:
    """40 times 250 random expressions, each with random answers."""
    rng = random.Random(seed)
    cases = [(parse(making.expression(rng)), making.environment(rng)) for _ in range(250)]
    assert [expr for expr, _ in cases if browser.tree(expr) is None] == []
    expected = [on_the_server(expr, env) for expr, env in cases]
    found = evaluated(cases)
    differing = [
        (expr.source, context(expr, env), here, there)
        for (expr, env), here, there in zip(cases, expected, found, strict=True)
        if here != there
    ]
    assert not differing, min(differing, key=lambda case: len(case[0]))


def test_functions_of_nature_agree_to_the_fourteenth_digit(evaluated: Evaluated) -> None:
    rng = random.Random(5)
    numbers = [*(rng.uniform(-20, 20) for _ in range(100)), *(rng.uniform(-1, 1) for _ in range(100)), 0.0, math.inf]
    cases = []
    for name in sorted(making.APPROXIMATE | {"pow", "exp10"}):
        expr = parse(f"{name}({', '.join(('${a}', '${b}')[: FUNCTIONS[name].least])})")
        for a, b in zip(numbers, rng.sample(numbers, len(numbers)), strict=True):
            cases.append((expr, Environment({"a": text_of(a), "b": text_of(b)}, today=dt.date(2026, 3, 2))))
    found = [float(str(seen[4])) for seen in evaluated(cases)]
    expected = [expr.number(env) for expr, env in cases]
    assert found == pytest.approx(expected, rel=1e-14, abs=1e-300, nan_ok=True)
