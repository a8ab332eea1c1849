"""The noise of cell keys: no bias, as much as was asked for, the same for the same respondents."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from consult.core.aggregation.cellkey import (
    RANGE,
    Noise,
    NoSuchNoiseError,
    cell_key,
    derived_key,
    same_respondents,
)
from consult.core.aggregation.tables import EVERYBODY, key
from consult.core.aggregation.tidy import join
from tests.core.aggregation.grids import grid

NOISES = [Noise(), Noise(3, 1.0, 0), Noise(5, 2.5), Noise(8, 6.0), Noise(4, 2.0, 1), Noise(10, 8.0, 0)]


@pytest.mark.parametrize("noise", NOISES, ids=str)
def test_every_row_has_mean_zero_the_variance_asked_for_and_no_small_counts(noise):
    for count in range(1, 30):
        row = noise.row(count)
        assert sum(row.values()) == pytest.approx(1, abs=1e-12)
        assert sum(p * change for change, p in row.items()) == pytest.approx(0, abs=1e-9)
        assert sum(p * change**2 for change, p in row.items()) == pytest.approx(noise.variance, abs=1e-9)
        assert all(abs(change) <= noise.bound and p > 0 for change, p in row.items())
        assert all(count + change == 0 or count + change > noise.none_up_to for change in row)


def test_zeros_stay():
    assert Noise().row(0) == {0: 1.0}
    assert Noise().perturb(0, 123) == 0


@pytest.mark.parametrize("count", [1, 2, 4, 50])
def test_no_other_noise_with_these_properties_has_more_entropy(count):
    """Any direction that keeps Σp, the mean and the variance lessens the entropy, whichever way one goes."""
    row = Noise().row(count)
    changes = sorted(row)
    for at in range(len(changes) - 3):
        four = changes[at : at + 4]
        # The coefficients of a divided difference annihilate polynomials of degree two.
        moved = dict(zip(four, (1 / math.prod(v - w for w in four if w != v) for v in four), strict=True))
        for step in (1e-4, -1e-4):
            other = {v: p + step * moved.get(v, 0) for v, p in row.items()}
            if min(other.values()) > 0:
                assert _entropy(other) < _entropy(row)


def _entropy(row):
    return -sum(p * math.log(p) for p in row.values())


def test_uniform_keys_make_the_noise_of_the_table():
    drawn = Counter(Noise().perturb(7, step * (RANGE // 100_000)) - 7 for step in range(100_000))
    for change, chance in Noise().row(7).items():
        assert drawn[change] / 100_000 == pytest.approx(chance, abs=1e-4)


def test_noise_that_cannot_be_is_refused():
    for noise in (Noise(2, 9.0), Noise(5, 1.0)):  # more than the bound allows; less than it takes to leave no 1 and 2
        with pytest.raises(NoSuchNoiseError):
            noise.row(1)


def test_a_group_has_the_same_key_wherever_it_is_counted_and_another_when_it_grows():
    draw = random.Random(4)
    keys = [draw.randrange(RANGE) for _ in range(50)]

    assert cell_key(keys) == cell_key(reversed(keys)) == (cell_key(keys[:20]) + cell_key(keys[20:])) % RANGE
    assert cell_key(keys) != cell_key(keys[1:])


def test_derived_keys_depend_on_secret_cell_and_count_and_not_on_where_names_end():
    cell = key(("a", "bc"))
    found = {
        derived_key(secret, one, count)
        for secret in (b"x" * 16, b"y" * 16)
        for one in (cell, key(("ab", "c")), EVERYBODY)
        for count in (3, 4)
    }
    assert len(found) == 12
    assert derived_key(b"x" * 16, cell, 3) == derived_key(b"x" * 16, cell, 3)


def test_a_margin_with_one_filled_part_counts_the_same_respondents():
    counts, sums = join([grid(("a", "b"), {("x", "u"): 3, ("x", "v"): 0, ("y", "u"): 4, ("y", "v"): 5})])

    same = same_respondents(counts, sums)

    assert same[key(("a", "x"), ("b", "u"))] == same[key(("a", "x"))] == key(("a", "x"))
    assert same[key(("b", "v"))] == same[key(("a", "y"), ("b", "v"))] == key(("b", "v"))
    assert same[EVERYBODY] == EVERYBODY


@pytest.mark.parametrize("threshold", [2, 3, 5, 10, 20, 50, 100, 1000])
def test_every_threshold_has_its_noise(threshold):
    noise = Noise.of(threshold)

    assert noise.bound >= threshold
    for count in (1, 2, 3, 4, 7, noise.bound, noise.bound + 3):
        assert sum(p * v for v, p in noise.row(count).items()) == pytest.approx(0, abs=1e-8)


def test_the_example_of_the_document_for_statisticians():
    noise = Noise.of(10)

    shown = {4 + change: p for change, p in noise.row(4).items()}

    assert (noise.bound, noise.variance) == (15, 5)
    assert round(shown[0], 2) == 0.15
    assert round(sum(shown[count] for count in (3, 4, 5, 6)), 2) == 0.73
    assert noise.span(6) == (1, 21)
    assert noise.span(6).narrowed(noise.span(0)) == (1, 15)
    far = noise.row(100)
    assert sum(p * q for v, p in far.items() for w, q in far.items() if abs(v - w) > 20) < 1e-9
