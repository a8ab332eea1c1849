"""Weighted shares stand beside counts, and do not tell what the counts hide."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from consult.core.aggregation.audit import protect
from consult.core.aggregation.cellkey import Noise
from consult.core.aggregation.cellweights import by_cell, weigh
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.fits import WEIGHT, KnownMargin
from consult.core.aggregation.shares import Weights, weighted
from consult.core.aggregation.splits import Range, split_needs
from consult.core.aggregation.tables import SKIPPED, UNTOLD, Kind, Variable, bases
from consult.core.aggregation.variables import CHANNEL
from consult.core.aggregation.weighted import Audit, _attack, _lines, broken_by, choose, still_safe
from tests.core.aggregation.made import single
from tests.core.aggregation.recount import crossed, one_way, outcome

AGE, TOPIC = single("age", "young", "mid", "old"), single("topic", "a", "b", "c")
SEX, OTHER = single("sex", "f", "m"), single("other", "x", "y")
CHANNELS = Variable(id=CHANNEL, name="channel", kind=Kind.SINGLE, categories=single("x", "open", "invited").categories)
MARGINS = (KnownMargin(variable="age", totals=(("young", 700.0), ("old", 300.0))),)
THREE = (KnownMargin(variable="age", totals=(("young", 600.0), ("mid", 100.0), ("old", 300.0))),)


class World:
    """Records with their channel, protected tables of counts, and the weights of margins."""

    def __init__(self, records, margins=MARGINS, crossings=((TOPIC, AGE),), more=(), sensitive=(), **bounds):
        self.records = [{CHANNEL: "open", **record} for record in records]
        variables = (AGE, TOPIC, *more, CHANNELS)
        self.known = {one.id: msgspec.structs.replace(one, sensitive=one.id in sensitive) for one in variables}
        self.margins = margins
        full = [one_way(self.records, one) for one in self.known.values()]
        full += [crossed(self.records, *pair) for pair in crossings]
        self.counted = protect(self.known, full, Thresholds.of(10))
        cells = sum(self.count("", "").values(), start=Counter())
        self.fits, weighed = weigh(cells, margins, **bounds)
        self.weights = Weights(weighed, by_cell(weighed, cells), cache(self.count), uncertain=("invited",))

    def count(self, variable, by):
        found = defaultdict(Counter)
        for record in self.records:
            codes = [outcome(record, self.known[margin.variable]) for margin in self.margins]
            known = [margin.category(code) or code for margin, code in zip(self.margins, codes, strict=True)]
            place = [outcome(record, self.known[name]) if name else "" for name in (variable, by)]
            found[tuple(place)][record[CHANNEL], *known] += 1
        return found

    def table(self, variable, by=""):
        return next(one for one in self.counted.tables if (one.variable, one.by) == (variable, by))

    @property
    def band(self):
        return min(1.0, *(fit.least for fit in self.fits), 1.0), max(1.0, *(fit.greatest for fit in self.fits), 1.0)

    @property
    def audit(self):
        return Audit(
            tables=self.counted.tables,
            needs={**split_needs(self.counted.tables, self.weights, self.margins), **self.counted.needs},
            told=UNTOLD,
            depends=(),
            range=Range.seen(self.counted.tables, self.margins, self.weights.by_cell, self.band),
            exact=not any(fit.trimmed or fit.refused for fit in self.fits),
        )


def records(**counts):
    """`young_a=30` makes thirty of them; `_` is no answer."""
    return [
        {"age": None if age == "_" else age, "topic": None if topic == "_" else topic}
        for name, number in counts.items()
        for age, topic in [name.split("_", 1) if not name.startswith("_") else ("_", name[1:])]
        for _ in range(number)
    ]


def test_shares_are_those_of_weights_that_meet_the_margins():
    world = World(records(young_a=30, young_b=20, old_a=40, old_b=60))  # of 150, 50 are young: 105 they should be

    (fit,) = world.fits
    assert (fit.least, fit.greatest) == (0.3, 3.0)
    assert [world.weights.by_cell["open", age] / WEIGHT for age in ("young", "old")] == [2.1, 0.45]
    assert fit.design_effect == pytest.approx(150 * (50 * 2.1**2 + 100 * 0.45**2) / 150**2, abs=0.05)
    table = weighted(world.table("topic"), world.weights)
    assert {row.code: row.shares for row in table.rows} == {
        "a": (round(1000 * (30 * 2.1 + 40 * 0.45) / 150),),
        "b": (round(1000 * (20 * 2.1 + 60 * 0.45) / 150),),
        "c": (0,),
    }
    crossed_table = weighted(world.table("topic", "age"), world.weights)
    assert dict(zip(world.table("topic", "age").groups, crossed_table.rows[0].shares, strict=True)) == {
        "young": 600,
        "old": 400,
    }


def test_whoever_gave_no_answer_keeps_their_share():
    world = World(records(young_a=40, old_b=40, _a=20))

    assert world.weights.of(world.count("age", "")[SKIPPED, ""]) == 20 * WEIGHT
    assert world.weights.of(world.count("age", "")["young", ""]) == 56 * WEIGHT


def test_categories_that_a_margin_merges_have_one_weight():
    margin = KnownMargin(variable="topic", totals=(("a+b", 50.0), ("c", 50.0)))
    world = World(records(young_a=20, old_b=40, old_c=20), (margin,))

    assert world.weights.by_cell == {("open", "a+b"): round(WEIGHT * 40 / 60), ("open", "c"): 2 * WEIGHT}


def test_a_channel_that_lacks_a_category_has_no_weights_and_the_others_have():
    people = [*records(young_a=40, old_b=40), *({CHANNEL: "invited", **one} for one in records(old_a=30))]
    world = World(people, crossings=((TOPIC, CHANNELS),))

    assert {fit.channel: fit.refused for fit in world.fits} == {"invited": "weights.margin.empty", "open": ""}
    table = world.table("topic", CHANNEL)
    first = weighted(table, world.weights).rows[0]
    assert dict(zip(table.groups, first.shares, strict=True)) == {"open": 700, "invited": None}
    assert not world.weights.allowed(world.table("topic"))  # both channels in one


def test_invited_samples_have_intervals_and_others_none():
    people = records(young_a=40, young_b=30, old_a=50, old_b=80)
    for channel in ("open", "invited"):
        world = World([{**one, CHANNEL: channel} for one in people])
        row = weighted(world.table("topic"), world.weights).rows[0]
        assert bool(row.errors) is (channel == "invited")
    (found,) = row.errors
    assert found.lower < row.shares[0] < found.upper
    # Residuals on age, clusters of one, by hand: stratified variance with the weights 1.5 … of each age.
    young, old = (70, 40 / 70, 140 / 70), (130, 50 / 130, 60 / 130)
    variance = sum(n * w**2 * p * (1 - p) for n, p, w in (young, old)) * 200 / 199 / 200**2
    assert found.error == round(1000 * variance**0.5)


def test_trimmed_weights_keep_their_mean_and_say_how_far_they_miss():
    world = World(records(young_a=20, old_a=80), upper=2.0)

    (fit,) = world.fits
    assert fit.greatest == 2.0
    assert fit.trimmed == 20
    assert fit.missed == 100.0  # the old are twice what they should be
    assert sum(world.weights.by_cell[cell] * n for cell, n in sum(world.count("", "").values(), Counter()).items()) == (
        100 * WEIGHT
    )


# --- the attack ------------------------------------------------------------------------------------------------------


def test_a_weighted_margin_that_gives_hidden_counts_away_is_rounded_or_left_out():
    """Two equations for two unknowns: n(young) + n(old) follows from the row, a n(young) + b n(old) from its share."""
    people = records(young_a=4, young_b=46, young_c=25, mid_a=30, mid_b=20, mid_c=20, old_a=60, old_b=40, old_c=25)
    world = World(people, THREE)
    assert world.counted.needs
    assert None in world.table("topic", "age").row("a").counts

    kept, left_out = choose(world.audit, world.weights)

    assert ("topic", "") in left_out or next(one for one in kept if one.variable == "topic").unit > 1
    assert still_safe(world.audit, kept)
    assert not still_safe(world.audit, [weighted(world.table("topic"), world.weights)])


def test_releases_of_the_same_responses_are_held_against_each_other():
    """What the first shows of a margin is what the second, which breaks it down, leaves out or rounds."""
    people = records(young_a=4, young_b=46, young_c=25, mid_a=30, mid_b=20, mid_c=20, old_a=60, old_b=40, old_c=25)
    first, second = World(people, THREE, ()), World(people, THREE)
    before, now = ((world.counted.tables, choose(world.audit, world.weights)[0]) for world in (first, second))
    audit = replace(second.audit, tables=(*before[0], *now[0]))

    assert list(broken_by(audit, [before, now])) == ["topic"]
    assert list(broken_by(audit, [now, now])) == []


def test_without_hidden_counts_everything_is_shown_with_a_decimal():
    world = World(records(young_a=40, young_b=46, old_a=60, old_b=40, young_c=25, old_c=25))

    kept, left_out = choose(world.audit, world.weights)

    assert left_out == ()
    assert {one.unit for one in kept} == {1}
    assert {(one.variable, one.by) for one in kept} == {("age", ""), ("topic", ""), ("topic", "age"), (CHANNEL, "")}


def learnt(world, shown):
    """Another attacker, who knows the weight of each age and takes the very answers for unknowns, not cells."""
    ages = (*AGE.codes(), SKIPPED)
    weight = {age: world.weights.by_cell.get(("open", age), 0) / WEIGHT for age in ages}
    places = list(product(("a", "b", "c", SKIPPED), ages))
    equal, upper = [], []

    def row(chosen, factor=lambda _: 1.0):
        return np.array([factor(age) if chosen(topic, age) else 0.0 for topic, age in places])

    for table in world.counted.tables:
        if table.withheld or table.variable == CHANNEL or table.by == CHANNEL:
            continue
        for line in table.rows:
            for group, count in zip(table.groups, line.counts, strict=True):
                rows = table.pooled_rows.get(line.code, (line.code,))
                groups = table.pooled_groups.get(group, (group,))
                if count is not None and table.by:
                    equal.append((row(lambda t, a, r=rows, g=groups: t in r and a in g), count))
                elif count is not None:
                    equal.append((row(lambda t, a, v=table.variable, r=rows: (t if v == "topic" else a) in r), count))
        for total, group in zip(table.totals, table.groups, strict=True):
            groups = table.pooled_groups.get(group, (group,)) if table.by else ages
            equal.append((row(lambda t, a, g=groups: a in g), total))
    for table in shown:
        counts = world.table(table.variable, table.by)
        outside = (SKIPPED,) if bases(counts)[0] == "answered" else ()
        for line in table.rows:
            for group, share in zip(counts.groups, line.shares, strict=True):
                if share is None or table.variable != "topic":
                    continue
                rows = counts.pooled_rows.get(line.code, (line.code,))
                groups = counts.pooled_groups.get(group, (group,)) if table.by else ages
                cell = row(lambda t, a, r=rows, g=groups: t in r and a in g, weight.get)
                base = row(lambda t, a, o=outside, g=groups: t not in o and a in g, weight.get)
                upper.append((share - table.unit / 2) / 1000 * base - cell)
                upper.append(cell - (share + table.unit / 2) / 1000 * base)
    found = {}
    for cell in world.counted.needs:
        codes = {name: code.split("+") for name, code in cell}
        target = row(lambda t, a, c=codes: t in c.get("topic", [t]) and a in c.get("age", [a]))
        ends = [
            linprog(
                sign * target,
                A_eq=[line for line, _ in equal],
                b_eq=[count for _, count in equal],
                A_ub=upper or None,
                b_ub=[1e-7] * len(upper) or None,
            )
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends)
        found[cell] = np.floor(-ends[1].fun + 1e-6) - np.ceil(ends[0].fun - 1e-6)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_what_is_kept_withstands_another_attacker(seed):
    chance = random.Random(seed)
    numbers = [3, 7, 9, 12, 20, 40, 80]
    sizes = {f"{age}_{topic}": chance.choice(numbers) for age in AGE.codes() for topic in TOPIC.codes()}
    world = World(records(**sizes, young__=chance.choice([0, 0, 4, 15])), THREE)

    kept, _ = choose(world.audit, world.weights)

    needs = world.counted.needs
    assert all(learnt(world, kept)[cell] >= need for cell, need in needs.items())


# --- beside noise ---


def test_beside_noise_weighted_shares_would_give_small_counts_away():
    """ADR 19: two answers, 4 and 596 people of mean weights 1.5 and 0.9966…, noise of up to 15 in each count.

    Published would be mean weight × perturbed count, as a share of 600 to a tenth of a per cent. Who divides it by the
    perturbed count has the mean weights m, and n(a) = N (1 − m(b)) / (m(a) − m(b)) for each N that there can be.
    """
    noise, everybody, true = Noise.of(10), 600, 4
    means = [1.5, (everybody - true * 1.5) / (everybody - true)]
    found = []
    for changed in ((19, 590), (9, 604), (12, 611)):
        shares = [round(1000 * mean * count / everybody) / 1000 for mean, count in zip(means, changed, strict=True)]
        ends = [
            [(share + end) * everybody / count for end in (-0.0005, 0.0005)]
            for share, count in zip(shares, changed, strict=True)
        ]
        found.append(
            [
                total * (1 - other) / (one - other)
                for one, other in product(*ends)
                for total in (everybody - noise.bound, everybody + noise.bound)
            ]
        )
    assert all(max(one) - min(one) < 10 for one in found)


# --- tables that are audited apart, taken together ---


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_shares_of_several_questions_tell_no_more_together(seed):
    world = drawn(seed, 180)
    everything = [table for table in world.counted.tables if not table.withheld]
    holds = _attack(world.audit, everything)
    kept, _ = choose(world.audit, world.weights)

    assume(holds([]))  # what a release says of its weights can bound a category of the margins by itself
    assert holds(_lines(everything, kept))


def drawn(seed, count, margins=THREE):
    """Two questions by sex, weighted to ages."""
    rng = random.Random(seed)
    people = [
        {
            "age": rng.choices(["young", "old", "mid"], [5, 4, 2])[0],
            "sex": rng.choices(["f", "m", None], [5, 5, 0.3])[0],
            "topic": rng.choices(["a", "b", "c", None], [5, 4, 0.5, 0.3])[0],
            "other": rng.choices(["x", "y", None], [5, 0.8, 0.3])[0],
        }
        for _ in range(count)
    ]
    return World(people, margins, ((TOPIC, SEX), (OTHER, SEX)), more=(OTHER, SEX))
