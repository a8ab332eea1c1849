"""Weights meet the margins, or it is said why they cannot."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.aggregation.weights import Margin, classify, deviation, rake, spread
from consult.core.errors import Refused

CASES = json.loads(Path(__file__).with_name("weighting").joinpath("small_cases.json").read_text(encoding="utf-8"))


def raked(columns, totals, base=None, **bounds):
    respondents = classify(columns, [Margin(variable, each) for variable, each in totals.items()])
    size = len(next(iter(columns.values())))
    return rake(respondents, base or [1.0] * size, **bounds)


def counted(column, weights=None):
    found = defaultdict(float)
    for category, weight in zip(column, weights or [1.0] * len(column), strict=True):
        found[category] += weight
    return dict(found)


# --- cases of other packages (weighting/README.md) -------------------------------------------------------------------


def test_iterative_proportional_fitting_of_a_table():
    case = CASES["ipf_2d"]
    cells = [(row, column) for row in range(3) for column in range(4)]
    columns = {"row": [str(row) for row, _ in cells], "column": [str(column) for _, column in cells]}
    margins = {
        "row": {str(place): total for place, total in enumerate(case["row_margin"])},
        "column": {str(place): total for place, total in enumerate(case["col_margin"])},
    }
    found = raked(columns, margins, [case["seed"][row][column] for row, column in cells])

    assert found.weights == pytest.approx([case["expected"][row][column] for row, column in cells], abs=5e-9)


@pytest.mark.parametrize("name", ["rake_two_margins", "rake_weighted_target"])
def test_raking_to_a_population(name):
    case = CASES[name]
    people, size = case["population"], case["sum_to"]
    margins = {variable: counted(people[variable], people.get("weight")) for variable in ("a", "b")}
    margins = {
        variable: {category: total * size / sum(totals.values()) for category, total in totals.items()}
        for variable, totals in margins.items()
    }

    assert [round(weight, 2) for weight in raked(case["sample"], margins).weights] == case["expected_weights_2dp"]


@pytest.mark.parametrize(("name", "left_out"), [("rake_missing_drop", True), ("rake_missing_as_category", False)])
def test_respondents_without_an_answer_are_left_out_or_a_category_without_a_name(name, left_out):
    case = CASES[name]

    def named(people):
        pairs = [(str(a or ""), b) for a, b in zip(people["a"], people["b"], strict=True) if a or not left_out]
        return {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}

    sample, people = named(case["sample"]), named(case["population"])
    margins = {variable: counted(people[variable]) for variable in ("a", "b")}
    expected = [weight for weight in case["expected_weights_2dp"] if weight is not None]

    assert [round(weight, 2) for weight in raked(sample, margins).weights] == expected


def test_one_margin_of_crossed_categories_is_post_stratification():
    cells = CASES["poststratify_12_cells"]["cells"]
    units = [(f"{a}:{b}", float(weight)) for a, b, weight, _ in cells for _ in range(10)]
    found = raked(
        {"a:b": [cell for cell, _ in units]},
        {"a:b": {f"{a}:{b}": float(total) for a, b, _, total in cells}},
        [weight for _, weight in units],
    )
    factors = [found.weights[10 * place] / weight for place, (_, _, weight, _) in enumerate(cells)]

    assert found.rounds == 1
    assert factors == pytest.approx(CASES["poststratify_12_cells"]["expected_adjustment"], abs=5e-7)


# --- what always holds -----------------------------------------------------------------------------------------------


@st.composite
def samples(draw):
    """Respondents who fill every cell of two variables, base weights, and margins that agree."""
    sizes = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    cells = [(str(a), str(b)) for a in range(sizes[0]) for b in range(sizes[1])]
    people = cells + draw(st.lists(st.sampled_from(cells), max_size=30))
    people = draw(st.permutations(people))
    base = draw(st.lists(st.floats(0.1, 10), min_size=len(people), max_size=len(people)))
    totals = [draw(st.lists(st.floats(1, 100), min_size=size, max_size=size)) for size in sizes]
    scale = sum(totals[0]) / sum(totals[1])
    margins = {
        "a": {str(place): total for place, total in enumerate(totals[0])},
        "b": {str(place): total * scale for place, total in enumerate(totals[1])},
    }
    return {"a": [a for a, _ in people], "b": [b for _, b in people]}, margins, base


@settings(deadline=None)
@given(samples())
def test_weights_are_positive_and_meet_every_margin(sample):
    columns, margins, base = sample
    found = raked(columns, margins, base)

    assert min(found.weights) > 0
    for variable, totals in margins.items():
        assert counted(columns[variable], found.weights) == pytest.approx(totals, rel=1e-8)


@settings(deadline=None)
@given(samples())
def test_weights_are_base_weights_times_a_factor_for_each_category(sample):
    """What makes the solution unique: log(w / d) is a sum of effects, so every rectangle of cells has cross ratio 1."""
    columns, margins, base = sample
    found = raked(columns, margins, base)
    factor = {
        (a, b): weight / before
        for a, b, weight, before in zip(columns["a"], columns["b"], found.weights, base, strict=True)
    }

    for a, b in factor:
        ratio = factor[a, b] * factor["0", "0"] / (factor[a, "0"] * factor["0", b])
        assert ratio == pytest.approx(1, rel=1e-9)


@settings(deadline=None)
@given(samples(), st.floats(0.01, 100), st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_scale_and_order_do_not_matter(sample, times_base, times_totals, random):
    columns, margins, base = sample
    found = raked(columns, margins, base).weights
    order = list(range(len(base)))
    random.shuffle(order)
    again = raked(
        {variable: [column[place] for place in order] for variable, column in columns.items()},
        {variable: {name: total * times_totals for name, total in each.items()} for variable, each in margins.items()},
        [base[place] * times_base for place in order],
    ).weights

    assert again == pytest.approx([found[place] * times_totals for place in order], rel=1e-7)


def test_weights_that_meet_the_margins_stay():
    columns = {"a": ["1", "1", "2"], "b": ["x", "y", "y"]}
    margins = {"a": {"1": 3.0, "2": 4.0}, "b": {"x": 1.0, "y": 6.0}}

    assert raked(columns, margins, [1.0, 2.0, 4.0]).weights == pytest.approx([1, 2, 4])


# --- trimming --------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(samples(), st.floats(0.3, 0.99), st.floats(1.01, 3))
def test_trimming_keeps_the_sum_and_shifts_what_is_in_between_evenly(sample, low, high):
    columns, margins, base = sample
    before = raked(columns, margins, base).weights
    mean = sum(before) / len(before)
    lower, upper = low * mean, high * mean
    found = raked(columns, margins, base, lower=lower, upper=upper)

    assert sum(found.weights) == pytest.approx(sum(before), rel=1e-9)
    assert all(lower <= weight <= upper for weight in found.weights)
    assert found.trimmed == sum(weight in (lower, upper) for weight in found.weights)
    shifts = [w - v for w, v in zip(found.weights, before, strict=True) if lower < w < upper]
    assert shifts == pytest.approx(shifts[:1] * len(shifts), abs=1e-9 * mean)


def test_what_is_cut_is_spread_until_nothing_is_outside():
    """8 is cut to 5: 1 each for the others, which lifts 4.5 above the bound as well."""
    columns = {"a": ["1", "2", "3", "4"]}
    margins = {"a": {"1": 8.0, "2": 4.5, "3": 2.0, "4": 1.5}}
    found = raked(columns, margins, upper=5)

    assert found.weights == pytest.approx([5, 5, 3.25, 2.75])
    assert found.trimmed == 2
    assert found.deviation < 1e-10
    assert found.categories[0].weighted == pytest.approx(5)


def test_the_report_tells_who_answered_and_what_they_weigh():
    first = raked({"sex": ["f", "f", "m"]}, {"sex": {"f": 10.0, "m": 30.0}}, [1.0, 3.0, 2.0]).categories[0]

    assert (first.variable, first.category, first.respondents) == ("sex", "f", 2)
    assert (first.total, first.base, first.weighted) == pytest.approx((10, 4, 10))


def test_unequal_weights_cost_a_design_effect():
    found = spread([1.0, 1.0, 4.0])

    assert (found.sum, found.least, found.greatest) == (6, 1, 4)
    assert (found.design_effect, found.effective_base) == pytest.approx((3 * 18 / 36, 2))
    assert spread([2.0] * 7).design_effect == pytest.approx(1)


def test_how_far_weights_are_from_margins():
    respondents = classify({"a": ["1", "2"]}, [Margin("a", {"1": 10.0, "2": 20.0})])

    assert deviation(respondents, [10.0, 20.0])[0] == 0
    assert deviation(respondents, [10.0, 19.0]) == (pytest.approx(0.05), "a", "2")


# --- refusals --------------------------------------------------------------------------------------------------------

AGES = {"18-29": 30.0, "30-44": 40.0, "45-59": 20.0, "60+": 10.0}


@pytest.mark.parametrize(
    ("columns", "margins", "code", "params"),
    [
        (
            {"age": ["18-29", "60+", "60+", "30-44", "30-44"]},
            {"age": AGES},
            "weights.margin.empty",
            {"category": "45-59", "total": 20, "neighbour": "30-44", "count": 2},
        ),
        (
            {"age": ["18-29", "30-44", "30-44", "60+"]},
            {"age": AGES},
            "weights.margin.empty",
            {"category": "45-59", "neighbour": "60+", "count": 1},
        ),
        (
            {"age": [*AGES, "old", "old"]},
            {"age": AGES},
            "weights.margin.unknown",
            {"variable": "age", "category": "old", "count": 2},
        ),
        ({"age": [*AGES, ""]}, {"age": AGES}, "weights.margin.unanswered", {"variable": "age", "count": 1}),
        (
            {"age": [*AGES], "sex": ["f", "m", "f", "m"]},
            {"age": AGES, "sex": {"f": 50.0, "m": 49.0}},
            "weights.margin.totals",
            {"variable": "sex", "total": 99, "first": "age", "first_total": 100},
        ),
        (
            {"a": ["1", "2"], "b": ["x", "y"]},
            {"a": {"1": 50.0, "2": 50.0}, "b": {"x": 90.0, "y": 10.0}},
            "weights.margin.unmet",
            {"variable": "a"},
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(columns, margins, code, params):
    with pytest.raises(Refused) as refused:
        raked(columns, margins)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert params.items() <= dict(refused.value.problems[0].params).items()


def test_every_reason_is_told_at_once():
    with pytest.raises(Refused) as refused:
        raked({"age": ["18-29", "", "old"]}, {"age": AGES})

    assert [problem.code for problem in refused.value.problems] == [
        "weights.margin.unanswered",
        "weights.margin.unknown",
        "weights.margin.empty",
        "weights.margin.empty",
        "weights.margin.empty",
    ]


def test_totals_that_differ_by_rounding_are_taken_to_agree():
    found = raked({"a": ["1", "2"], "b": ["x", "x"]}, {"a": {"1": 0.3333333, "2": 0.6666667}, "b": {"x": 1.0000001}})

    assert sum(found.weights) == pytest.approx(1)


@pytest.mark.parametrize("bounds", [{"upper": 9.0}, {"lower": 26.0}, {"lower": 30.0, "upper": 20.0}])
def test_bounds_that_no_weights_can_keep_are_refused(bounds):
    with pytest.raises(Refused) as refused:
        raked({"age": list(AGES)}, {"age": AGES}, **bounds)

    assert refused.value.problems[0].code == "weights.bounds"
    assert refused.value.problems[0].params["mean"] == 25
