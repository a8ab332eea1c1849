"""Weighted shares do not tell how many of each category of the margins stand behind a count."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from consult.core.aggregation.fits import WEIGHT, KnownMargin
from consult.core.aggregation.shares import weighted
from consult.core.aggregation.tables import SKIPPED, bases, key
from consult.core.aggregation.variables import CHANNEL
from consult.core.aggregation.weighted import broken_by, choose, still_safe
from tests.core.aggregation.attacker import Attacker
from tests.core.aggregation.made import single
from tests.core.aggregation.test_weighted import AGE, OTHER, SEX, THREE, TOPIC, World, drawn, records

HOME = single("home", "n", "s", "w")
EIGHTY = (KnownMargin(variable="age", totals=(("young", 80.0), ("old", 20.0))),)
NEAR = (KnownMargin(variable="age", totals=(("young", 55.0), ("mid+old", 45.0))),)
TWO = (KnownMargin(variable="age", totals=(("young", 800.0), ("mid+old", 200.0))),)


def shown(world, variable, by=""):
    return next(
        (one for one in choose(world.audit, world.weights)[0] if (one.variable, one.by) == (variable, by)), None
    )


@pytest.mark.parametrize("crossings", [(), ((TOPIC, AGE),)])
def test_two_weights_would_tell_who_stands_behind_a_count(crossings):
    """n + m = 50 and 1.6 n + 0.4 m = 0.217 · 120: five of the fifty are young."""
    world = World(records(young_a=5, old_a=45, young_b=55, old_b=15), EIGHTY, crossings)
    assert world.weights.by_cell == {("open", "young"): 1_600_000, ("open", "old"): 400_000}
    told = weighted(world.table("topic"), world.weights)
    assert (world.table("topic").row("a").counts, told.rows[0].shares) == ((50,), (217,))

    assert shown(world, "topic") is None  # whole per cent tell nearly the same
    assert not still_safe(world.audit, [told])


def test_parts_that_could_be_shown_may_be_told():
    world = World(records(young_a=10, old_a=40, young_b=50, old_b=20), EIGHTY, ())

    assert shown(world, "topic").unit == 1


def test_nobody_is_no_secret():
    world = World(records(old_a=45, young_b=60, old_b=15), EIGHTY, ())

    assert shown(world, "topic").unit == 1


def test_whole_per_cent_are_enough_where_weights_are_alike():
    margin = KnownMargin(variable="age", totals=(("young", 52.0), ("old", 48.0)))
    world = World(records(young_a=5, old_a=195, young_b=195, old_b=5), (margin,), ())

    assert shown(world, "topic").unit == 10


def test_a_sensitive_question_needs_twice_the_number():
    """Fifteen are more than the ordinary threshold of ten, and fewer than that of a sensitive question."""
    people = records(young_a=15, old_a=45, young_b=55, old_b=25)

    assert shown(World(people, EIGHTY, ()), "topic")
    sensitive = World(people, EIGHTY, (), sensitive=("topic",))
    assert sensitive.table("topic").threshold == 20
    assert shown(sensitive, "topic") is None
    of_margin = World(people, EIGHTY, (), sensitive=("age",))
    assert shown(of_margin, "topic") is None


def test_groups_hold_parts_too():
    """The share of each sex tells how many of a sex are young, where the topic is broken down by sex."""
    people = [
        {**one, "sex": "f" if place % 2 else "m"}
        for place, one in enumerate(records(young_a=8, old_a=60, young_b=80, old_b=60))
    ]
    world = World(people, EIGHTY, ((TOPIC, SEX),), more=(SEX,))
    assert shown(world, "topic", "sex") is None


def test_a_category_hidden_by_itself_follows_from_the_others():
    """Young, mid and old: where mid and old are one category of the margin, hiding both hides no weight."""
    world = World([*records(young_a=5, old_a=42, young_b=55, old_b=12), *records(mid_a=3, mid_b=3)], TWO, ())
    assert [row.counts for row in world.table("age").rows[:3]] == [(60,), (None,), (None,)]

    assert world.audit.range.weights
    assert shown(world, "topic") is None


def test_hidden_margins_hide_weights():
    """Whoever does not know how many have no age does not know what the others weigh, but between which numbers."""
    people = [*records(young_a=8, old_a=45, young_b=0, old_b=55), *records(_a=4)]
    world = World(people, EIGHTY, ())
    assert [row.code for row in world.table("age").rows if None in row.counts] == ["young", SKIPPED]

    assert world.audit.range.weights == {}


@pytest.mark.parametrize(("few", "units"), [([8, 1, 1], {}), ([4, 3, 3], {"": 10})])
def test_with_many_weights_the_tables_of_a_question_are_judged_together(few, units):
    """Six strata: whole per cent for all tables of a question, or for the question alone, or nothing."""
    rng = random.Random(5)
    people = [
        {"age": rng.choice(["young", "mid", "old"]), "sex": rng.choice("fm"), "topic": rng.choices("abc", few)[0]}
        for _ in range(300)
    ]
    sexes = KnownMargin(variable="sex", totals=(("f", 70.0), ("m", 30.0)))
    world = World(people, (*THREE, sexes), ((TOPIC, SEX), (TOPIC, AGE)), more=(SEX,))
    assert len(world.audit.range.weights) == 6

    kept, _left_out = choose(world.audit, world.weights)

    assert still_safe(world.audit, kept)
    assert {one.by: one.unit for one in kept if one.variable == "topic"} == units


def test_releases_of_the_same_responses_are_held_against_each_other():
    """What one of them tells is told, though the other shows no shares."""
    people = records(young_a=5, old_a=45, young_b=55, old_b=15)
    world = World(people, EIGHTY, ())
    told = weighted(world.table("topic"), world.weights)
    counted = world.counted.tables

    assert list(broken_by(world.audit, [(counted, [told]), (counted, [])])) == ["topic"]


# --- another attacker ---


class Weigher(Attacker):
    """Knows the weight of every age, and bounds how many gave each whole combination of answers."""

    def __init__(self, world, shares):
        tables = [one for one in world.counted.tables if CHANNEL not in (one.variable, one.by)]
        super().__init__([variable for name, variable in world.known.items() if name != CHANNEL], tables)
        (margin,) = world.margins
        weights = {cell[1]: weight / WEIGHT for cell, weight in world.weights.by_cell.items()}
        ages = [profile[self.ids.index(margin.variable)] for profile in self.profiles]
        self.weights = np.array([weights.get(margin.category(age) or age, 0.0) for age in ages])
        self.none = np.array([age not in weights and not weights.get(margin.category(age)) for age in ages])
        self.found = []
        self.upper = [line for one in shares for line in self.told(world.table(one.variable, one.by), one)]

    def told(self, table, one):
        outside = {"answered": (SKIPPED, ":not-relevant"), "asked": (":not-relevant",), "responses": ()}[
            bases(table)[0]
        ]
        for row in one.rows:
            for group, share in zip(table.groups, row.shares, strict=True):
                side = ((table.by, group),) if table.by else ()
                if share is None or table.variable not in self.ids:
                    continue
                cell = self.weights * self.takes_in(key((table.variable, row.code), *side))
                base = self.weights * self.takes_in(key(*side))
                for code in outside:
                    base = base - self.weights * self.takes_in(key((table.variable, code), *side))
                yield (share - one.unit / 2) / 1000 * base - cell
                yield cell - (share + one.unit / 2) / 1000 * base

    def width(self, cell, enough=math.inf):
        """As in the other attacker, or `enough`: what was found for other cells may have shown that already."""
        target = np.array(self.takes_in(cell))
        for sign in (1, -1):
            if self.seen(target) >= enough:
                return enough
            found = linprog(
                sign * target,
                A_ub=csr_array(self.upper) if self.upper else None,
                b_ub=[1e-6] * len(self.upper) or None,
                A_eq=csr_array(self.matrix),
                b_eq=self.values,
                bounds=[(0, 0 if none else None) for none in self.none],
            )
            assert found.status == 0, found.message
            self.found.append(found.x)
        return self.seen(target)

    def seen(self, target):
        values = [solution @ target for solution in self.found] or [0]
        return math.floor(max(values) + 1e-4) - math.ceil(min(values) - 1e-4)


def parts(world):
    """Every cell and group of the tables in each category of the margin, with its count in the records."""
    (margin,) = world.margins
    for table in world.counted.tables:
        if table.withheld or CHANNEL in (table.variable, table.by) or margin.variable in (table.variable, table.by):
            continue
        names = [name for name in (table.variable, table.by) if name]
        pools = {**{(table.variable, k): v for k, v in table.pooled_rows.items()}}
        pools |= {(table.by, k): v for k, v in table.pooled_groups.items()}
        named = {(name, member): code for (name, code), members in pools.items() for member in members}
        counts = Counter()
        for record in world.records:
            places = [(name, named.get((name, code), code)) for name in names for code in [record.get(name) or SKIPPED]]
            age = record.get(margin.variable) or SKIPPED
            for cell in {key(*places), key(places[-1])}:
                counts[cell, margin.category(age) or age] += 1
        for (cell, category), count in counts.items():
            yield key(*cell, (margin.variable, category)), count


def withstands(world, **limits):
    kept, _ = choose(replace(world.audit, **limits), world.weights)
    if not world.audit.range.weights:  # an attacker who does not know the weights cannot weigh
        return
    before, after = Weigher(world, []), Weigher(world, kept)
    before.pools |= {("age", "mid+old"): {"mid", "old"}}
    after.pools |= {("age", "mid+old"): {"mid", "old"}}

    for cell, count in parts(world):
        if 0 < count < 10 and (width := after.width(cell, 10)) < 10:
            assert width >= before.width(cell), cell


def by_sex(seed):
    rng = random.Random(seed)
    return drawn(seed, rng.choice([60, 180, 500]), rng.choice([THREE, TWO]))


def by_home(seed):
    """Two questions by three regions, weighted to two ages of nearly the same weight."""
    rng = random.Random(seed)
    people = [
        {
            "age": rng.choices(["young", "old", "mid"], [5, 4, 2])[0],
            "home": rng.choices(["n", "s", "w", None], [5, 2, 0.7, 0.3])[0],
            "topic": rng.choices(["a", "b", "c", None], [5, 4, 0.5, 0.3])[0],
            "other": rng.choices(["x", "y", None], [5, 1.5, 0.3])[0],
        }
        for _ in range(rng.choice([120, 180]))
    ]
    return World(people, NEAR, ((TOPIC, HOME), (OTHER, HOME)), more=(OTHER, HOME))


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.sampled_from([by_sex, by_home]))
def test_drawn_surveys_withstand_another_attacker(seed, survey):
    withstands(survey(seed))


@pytest.mark.parametrize("limits", [{}, {"at_once": 0}])
def test_the_share_of_a_group_does_not_tell_parts_of_groups_that_stand_together(limits):
    """How much men weigh says how many women, and who skipped that question, are young: nobody broke that down."""
    withstands(by_sex(38171), **limits)


def test_questions_do_not_tell_together_what_each_keeps_to_itself():
    """Each says alone and by groups what groups weigh: where each is attacked by itself, two together tell a count."""
    withstands(by_home(2))
    with pytest.raises(AssertionError):
        withstands(by_home(2), at_once=0)


def test_the_other_attacker_finds_what_is_to_be_found():
    world = World(records(young_a=5, old_a=45, young_b=55, old_b=15), EIGHTY, ())
    told = weighted(world.table("topic"), world.weights)

    assert Weigher(world, [told]).width(key(("topic", "a"), ("age", "young"))) == 0
    assert Weigher(world, []).width(key(("topic", "a"), ("age", "young"))) == 50
    assert dict(parts(world))[key(("topic", "a"), ("age", "young"))] == 5
