"""Standard errors agree with the formulas of simple designs, with perturbation, and with the jackknife."""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from consult.core.aggregation.estimates import Sample, means, quantiles, shares, sizes, totals
from consult.core.aggregation.weights import Calibration, Margin, classify, rake
from consult.core.errors import Refused


class Drawn:
    """Some hundred people: two variables that margins are known of, strata, clusters, base weights, an answer."""

    def __init__(self, seed=1, size=120):
        chance = random.Random(seed)
        self.sex = [chance.choice("fm") for _ in range(size)]
        self.age = [chance.choice("123") for _ in range(size)]
        self.stratum = [chance.choice("NS") for _ in range(size)]
        self.cluster = [str(chance.randrange(size // 8)) for _ in range(size)]
        self.base = [chance.uniform(5, 15) for _ in range(size)]
        self.answers = [
            10 * (sex == "f") + 5 * int(age) + 3 * int(cluster) % 7 + chance.gauss(0, 4)
            for sex, age, cluster in zip(self.sex, self.age, self.cluster, strict=True)
        ]
        self.margins = [Margin("sex", {"f": 700.0, "m": 500.0}), Margin("age", {"1": 300.0, "2": 400.0, "3": 500.0})]

    def respondents(self, margins=None):
        return classify({"sex": self.sex, "age": self.age}, self.margins if margins is None else margins)

    def raked(self, base=None, margins=None):
        return rake(self.respondents(margins), base or self.base).weights


@pytest.fixture
def drawn():
    return Drawn()


# --- designs for which textbooks have a formula ----------------------------------------------------------------------


def test_a_simple_random_sample():
    answers = [3.0, 5.0, 8.0, 9.0, 15.0]
    (found,) = means(Sample([20.0] * 5, population=[100.0] * 5), answers)
    variance = (1 - 5 / 100) * np.var(answers, ddof=1) / 5

    assert found.estimate == found.raw == pytest.approx(8)
    assert found.se == pytest.approx(math.sqrt(variance))
    assert found.ci == pytest.approx((8 - 2.7764451 * found.se, 8 + 2.7764451 * found.se))
    assert found.deff == pytest.approx(1)
    assert found.n_eff == pytest.approx(5)


def test_the_share_drawn_says_the_same_as_the_size_of_the_population():
    answers = [3.0, 5.0, 8.0, 9.0, 15.0]

    assert means(Sample([20.0] * 5, population=[0.05] * 5), answers) == means(
        Sample([20.0] * 5, population=[100.0] * 5), answers
    )


@pytest.mark.parametrize("scale", [1 / 5, 1.0])
def test_weights_that_add_up_to_one_or_to_the_respondents_have_the_design_effect_of_an_endless_population(scale):
    (found,) = means(Sample([scale] * 5), [3.0, 5.0, 8.0, 9.0, 15.0])

    assert found.deff == pytest.approx(1)


def test_a_stratified_sample(drawn):
    """The variance of a total is the sum of the strata's: N_h² (1 − f_h) s_h² / n_h."""
    sizes_, counted = {"N": 900.0, "S": 300.0}, {name: drawn.stratum.count(name) for name in "NS"}
    weights = [sizes_[name] / counted[name] for name in drawn.stratum]
    sample = Sample(weights, strata=drawn.stratum, population=[sizes_[name] for name in drawn.stratum])
    (found,) = totals(sample, drawn.answers)
    variance = sum(
        sizes_[name] ** 2
        * (1 - counted[name] / sizes_[name])
        * np.var([y for y, own in zip(drawn.answers, drawn.stratum, strict=True) if own == name], ddof=1)
        / counted[name]
        for name in "NS"
    )

    assert found.se == pytest.approx(math.sqrt(variance))


def test_clusters_count_as_what_they_add_up_to(drawn):
    """n / (n − 1) Σ(u − ū)² is the sum over all pairs of clusters (u − u′)² / (n − 1)."""
    (found,) = totals(Sample(drawn.base, clusters=drawn.cluster), drawn.answers)
    sums = {}
    for name, weight, y in zip(drawn.cluster, drawn.base, drawn.answers, strict=True):
        sums[name] = sums.get(name, 0.0) + weight * y
    variance = sum((one - other) ** 2 for one, other in combinations(sums.values(), 2)) / (len(sums) - 1)

    assert found.se == pytest.approx(math.sqrt(variance))


def test_clusters_of_one_are_no_clusters(drawn):
    names = [str(place) for place in range(len(drawn.base))]

    assert means(Sample(drawn.base, clusters=names), drawn.answers)[0] == pytest.approx(
        means(Sample(drawn.base), drawn.answers)[0]
    )


def test_names_of_clusters_count_within_their_stratum(drawn):
    apart = [stratum + cluster for stratum, cluster in zip(drawn.stratum, drawn.cluster, strict=True)]

    assert means(Sample(drawn.base, strata=drawn.stratum, clusters=drawn.cluster), drawn.answers) == means(
        Sample(drawn.base, strata=drawn.stratum, clusters=apart), drawn.answers
    )


# --- independent ways to the same variance ---------------------------------------------------------------------------


def perturbed(estimator, weights):
    """The variance of clusters of one from numerical derivatives: of the estimator towards the weight of each."""
    influence = []
    for place, weight in enumerate(weights):
        step = 1e-5 * weight
        ends = [estimator([*weights[:place], weight + sign * step, *weights[place + 1 :]]) for sign in (1, -1)]
        influence.append(weight * (ends[0] - ends[1]) / (2 * step))
    return len(weights) * np.var(influence, ddof=1)


def test_a_mean_and_the_mean_of_a_group_are_what_perturbation_says(drawn):
    def mean(weights, members=None):
        kept = [place for place in range(len(weights)) if members is None or drawn.sex[place] == members]
        return sum(weights[place] * drawn.answers[place] for place in kept) / sum(weights[place] for place in kept)

    sample = Sample(drawn.base)
    (whole,), by_sex = means(sample, drawn.answers), means(sample, drawn.answers, drawn.sex)

    assert whole.se == pytest.approx(math.sqrt(perturbed(mean, drawn.base)), rel=1e-6)
    for group in by_sex:
        expected = perturbed(lambda weights, name=group.by: mean(weights, name), drawn.base)
        assert group.se == pytest.approx(math.sqrt(expected), rel=1e-6)


def test_post_stratified_estimates_are_what_perturbation_says(drawn):
    """With one margin, the regression with base weights is the exact derivative of the estimator."""
    margins = drawn.margins[1:]
    sample = Sample(drawn.raked(margins=margins), calibration=Calibration(drawn.respondents(margins), drawn.base))
    (found,) = totals(sample, drawn.answers)

    def total(base):
        return float(np.dot(drawn.raked(base, margins), drawn.answers))

    assert found.se == pytest.approx(math.sqrt(perturbed(total, drawn.base)), rel=1e-6)


def test_raked_estimates_are_the_residuals_of_a_plain_regression(drawn):
    """Written as in Deville and Särndal: dummies for all categories but the last, one row per respondent."""
    design = np.array(
        [[1, sex == "f", age == "1", age == "2"] for sex, age in zip(drawn.sex, drawn.age, strict=True)], float
    )
    base, weights, y = np.array(drawn.base), np.array(drawn.raked()), np.array(drawn.answers)
    mean = weights @ y / weights.sum()
    z = (y - mean) / weights.sum()
    effects = np.linalg.solve(design.T @ (base[:, None] * design), design.T @ (base * z))
    u = weights * (z - design @ effects)
    (found,) = means(Sample(drawn.raked(), calibration=Calibration(drawn.respondents(), drawn.base)), drawn.answers)

    assert found.se == pytest.approx(math.sqrt(len(u) * np.var(u, ddof=1)), rel=1e-9)


def test_raked_estimates_agree_with_the_jackknife_in_large_samples():
    """Every respondent left out in turn, and the others raked anew."""
    drawn = Drawn(seed=7, size=600)
    (found,) = means(Sample(drawn.raked(), calibration=Calibration(drawn.respondents(), drawn.base)), drawn.answers)
    left = []
    for place in range(600):
        keep = [each for each in range(600) if each != place]
        others = classify(
            {"sex": [drawn.sex[each] for each in keep], "age": [drawn.age[each] for each in keep]}, drawn.margins
        )
        weights = rake(others, [drawn.base[each] for each in keep]).weights
        left.append(float(np.dot(weights, [drawn.answers[each] for each in keep])) / sum(weights))
    jackknife = 599 / 600 * sum((each - sum(left) / 600) ** 2 for each in left)

    assert found.se == pytest.approx(math.sqrt(jackknife), rel=0.02)
    assert found.se < 0.95 * means(Sample(drawn.raked()), drawn.answers)[0].se


def test_what_the_margins_know_has_no_error(drawn):
    sample = Sample(drawn.raked(), calibration=Calibration(drawn.respondents(), drawn.base))

    assert [(row.category, round(row.estimate, 6), row.se) for row in sizes(sample, drawn.sex)] == [
        ("f", 700, 0),
        ("m", 500, 0),
    ]
    assert [row.se for row in shares(sample, drawn.age)] == [0, 0, 0]
    assert sizes(sample, drawn.stratum)[0].se > 1


def test_intervals_hold_their_level():
    """Stratified samples from a population of 3,000: about 95 of 100 intervals contain its mean."""
    chance = random.Random(3)
    population = {"N": [chance.gauss(10, 2) for _ in range(2000)], "S": [chance.gauss(20, 6) for _ in range(1000)]}
    truth = sum(map(sum, population.values())) / 3000
    held = 0
    for _ in range(300):
        people = [(name, y) for name, size in (("N", 40), ("S", 30)) for y in chance.sample(population[name], size)]
        weights = [{"N": 50.0, "S": 1000 / 30}[name] for name, _ in people]
        (found,) = means(Sample(weights, strata=[name for name, _ in people]), [y for _, y in people])
        held += found.ci[0] <= truth <= found.ci[1]

    assert 0.91 <= held / 300 <= 0.99


# --- scale, order, missing answers -----------------------------------------------------------------------------------


def test_scale_of_weights_and_order_of_respondents_do_not_matter(drawn):
    (found,) = means(Sample(drawn.base, strata=drawn.stratum, clusters=drawn.cluster), drawn.answers)
    order = random.Random(5).sample(range(120), 120)
    (again,) = means(
        Sample(
            [drawn.base[place] * 3 for place in order],
            strata=[drawn.stratum[place] for place in order],
            clusters=[drawn.cluster[place] for place in order],
        ),
        [drawn.answers[place] for place in order],
    )

    assert (again.estimate, again.se, *again.ci) == pytest.approx((found.estimate, found.se, *found.ci))


def test_whoever_did_not_answer_is_a_group_of_their_own(drawn):
    answers = [y if sex == "f" else None for y, sex in zip(drawn.answers, drawn.sex, strict=True)]
    sample = Sample(drawn.base, clusters=drawn.cluster)
    (found,), of_women = means(sample, answers), means(sample, drawn.answers, drawn.sex)[0]

    assert (found.n, found.estimate, found.se) == (of_women.n, of_women.estimate, of_women.se)


def test_groups_add_up(drawn):
    sample = Sample(drawn.base)
    parts, (whole,) = totals(sample, drawn.answers, drawn.sex), totals(sample, drawn.answers)

    assert [part.by for part in parts] == ["f", "m"]
    assert sum(part.estimate for part in parts) == pytest.approx(whole.estimate)
    assert sum(row.estimate for row in sizes(sample, drawn.age)) == pytest.approx(sum(drawn.base))
    assert sum(row.estimate for row in shares(sample, drawn.age)) == pytest.approx(1)


# --- shares and quantiles --------------------------------------------------------------------------------------------


def test_a_share_has_an_interval_within_nought_and_one():
    answers = ["yes"] + ["no"] * 19
    no, yes = shares(Sample([1.0] * 20), answers)
    se = math.sqrt(0.05 * 0.95 / 19)
    centre, reach = math.log(0.05 / 0.95), student.ppf(0.975, 19) * se / (0.05 * 0.95)

    assert (yes.category, yes.n, yes.estimate) == ("yes", 20, pytest.approx(0.05))
    assert yes.se == pytest.approx(se)
    assert yes.ci == pytest.approx(tuple(1 / (1 + math.exp(-centre + sign * reach)) for sign in (1, -1)))
    assert no.ci == pytest.approx((1 - yes.ci[1], 1 - yes.ci[0]))


def test_nothing_is_said_of_the_error_where_everybody_said_the_same():
    found = shares(Sample([1.0] * 6), ["yes", "yes", "yes", "no", "yes", "yes"], ["a", "a", "a", "b", "b", "b"])

    assert [(row.by, row.category, row.estimate, row.se, row.ci) for row in found if row.by == "a"] == [
        ("a", "no", 0, None, (None, None)),
        ("a", "yes", 1, None, (None, None)),
    ]


def test_quantiles_are_the_smallest_answers_reached():
    sample = Sample([1.0, 1.0, 2.0, 4.0])
    answers = [40.0, 10.0, 20.0, 30.0]

    assert [quantiles(sample, answers, each)[0].estimate for each in (0.1, 0.125, 0.126, 0.375, 0.5, 0.9)] == [
        10,
        10,
        20,
        20,
        30,
        40,
    ]
    assert quantiles(sample, answers, 0.5)[0].raw == 20


def test_the_interval_of_a_median_is_that_of_the_share_below_it(drawn):
    (found,) = quantiles(Sample([1.0] * 120), drawn.answers, 0.5)
    below = 60 / 120
    reach = student.ppf(0.975, 119) * math.sqrt(below * (1 - below) / 119)
    ordered = sorted(drawn.answers)
    ends = [ordered[math.ceil(round(120 * (below + sign * reach), 9)) - 1] for sign in (-1, 1)]

    assert found.ci == pytest.approx(tuple(ends))
    assert found.se == pytest.approx((ends[1] - ends[0]) / (2 * student.ppf(0.975, 119)))


def test_the_error_of_a_median_is_that_of_large_samples():
    """1 / (2 f(m) √n), f being the density at the median, here of the normal distribution."""
    chance = random.Random(11)
    answers = [chance.gauss(0, 1) for _ in range(20_000)]
    (found,) = quantiles(Sample([1.0] * len(answers)), answers, 0.5)

    assert found.se == pytest.approx(1 / (2 * norm.pdf(0) * math.sqrt(len(answers))), rel=0.1)


def test_an_end_beyond_all_answers_is_not_given():
    (found,) = quantiles(Sample([1.0] * 8), [float(each) for each in range(8)], 0.95)

    assert (found.estimate, found.ci, found.se) == (7, (None, None), None)


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "code", "params"),
    [
        ({"strata": ["a", "a", "a", "b"]}, "weights.stratum.single", {"stratum": "b"}),
        ({"clusters": ["x", "x", "x", "x"]}, "weights.stratum.single", {"stratum": "all"}),
        ({"population": [9.0, 9.0, 9.0, 8.0]}, "weights.fpc.varies", {"stratum": "all", "least": 8, "most": 9}),
        ({"population": [3.0] * 4}, "weights.fpc.small", {"stratum": "all", "size": 3, "drawn": 4}),
    ],
)
def test_a_design_that_cannot_be_is_refused(design, code, params):
    with pytest.raises(Refused) as refused:
        Sample([1.0] * 4, **design)

    assert refused.value.problems[0].code == code
    assert dict(refused.value.problems[0].params) == params


def test_a_stratum_that_was_drawn_completely_may_have_one_respondent():
    sample = Sample([5.0, 5.0, 1.0], strata=["a", "a", "b"], population=[10.0, 10.0, 1.0])

    assert totals(sample, [1.0, 3.0, 9.0])[0].se == pytest.approx(math.sqrt(10**2 * (1 - 2 / 10) * 2 / 2))


# --- respondents who are alike ---------------------------------------------------------------------------------------


def test_those_who_are_alike_may_be_given_once_with_their_number():
    people = [("f", "1", "yes"), ("f", "2", "no"), ("m", "1", "no"), ("m", "2", "yes"), ("m", "2", "")]
    heads = [7, 11, 5, 9, 3]
    everybody = [person for person, count in zip(people, heads, strict=True) for _ in range(count)]
    margins = [Margin("sex", {"f": 600.0, "m": 400.0}), Margin("age", {"1": 300.0, "2": 700.0})]

    def found(rows, many):
        placed = classify({"sex": [row[0] for row in rows], "age": [row[1] for row in rows]}, margins)
        raked = rake(placed, [1.0] * len(rows), upper=45.0, heads=many)
        base = [float(count) for count in many] or [1.0] * len(rows)
        sample = Sample(raked.weights, calibration=Calibration(placed, base), heads=many)
        answers, sex = [row[2] for row in rows], [row[0] for row in rows]
        numbers = [float(len(row[2])) for row in rows]
        return raked, [*shares(sample, answers), *shares(sample, answers, sex), *sizes(sample, answers)], [
            *totals(sample, numbers), *quantiles(sample, numbers, 0.5)
        ]  # fmt: skip

    (once, few, sums), (apart, many, single) = found(people, heads), found(everybody, [])

    assert (once.trimmed, once.rounds) == (apart.trimmed, apart.rounds)
    assert [each.weighted for each in once.categories] == pytest.approx([each.weighted for each in apart.categories])
    assert [each.respondents for each in once.categories] == [each.respondents for each in apart.categories]
    for one, other in zip([*few, *sums], [*many, *single], strict=True):
        assert (one.by, one.category, one.n) == (other.by, other.category, other.n)
        for name in ("estimate", "se", "deff", "n_eff", "raw"):
            assert getattr(one, name) == pytest.approx(getattr(other, name))
        assert list(one.ci) == pytest.approx(list(other.ci))
