"""Complementary suppression in tables of any shape: never broken, hardly more hidden than need be."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import prod
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from consult.core.aggregation.attack import ContradictionError, Interval, System, bounds, broken
from consult.core.aggregation.search import Problem, UnprotectableError, least_to_hide
from consult.core.aggregation.suppression import Suppression, suppress
from consult.core.aggregation.tables import EVERYBODY, Key, key
from consult.core.aggregation.tidy import Grid, join
from tests.core.aggregation.grids import filled, grid, margin

K = 10
EXAMPLES = int(os.environ.get("CONSULT_TEST_TABLES", "500"))
"""Random tables: about a minute of computing."""


def cell(**categories: str) -> Key:
    return key(*categories.items())


def learnt(tables: list[Grid], found: Suppression) -> dict[Key, Interval]:
    """What an attacker learns of small cells who has seen the protected tables and nothing else."""
    counts, sums = join([Grid(one.name, one.dimensions, one.categories, found.shown(one)) for one in tables])
    return bounds(System.seen(counts.items(), sums), found.needs, whole=True)


def attack_in_whole_numbers(tables: list[Grid], hidden: frozenset[Key], target: Key) -> tuple[float, float]:
    """A second attacker, who takes every cell for an unknown and shares no code with the first."""
    cells = sorted({one for table in tables for one in table.counts})
    at = {one: place for place, one in enumerate(cells)}
    rows, values = [], []
    for table in tables:
        for whole in table.counts:
            for dimension, names in zip(table.dimensions, table.categories, strict=True):
                if dimension not in dict(whole):
                    row = [0] * len(cells)
                    row[at[whole]] = -1
                    for name in names:
                        row[at[key(*whole, (dimension, name))]] = 1
                    rows.append(row)
                    values.append(0)
        for one, count in table.counts.items():
            if one not in hidden:
                rows.append([int(one == other) for other in cells])
                values.append(count)
    fits, ends = LinearConstraint(rows, values, values), []
    for sign in (1, -1):
        goal = [sign * int(one == target) for one in cells]
        result = milp(goal, integrality=[1] * len(cells), bounds=Bounds(0, 10_000), constraints=fits)
        ends.append(sign * round(result.fun))
    return ends[0], ends[1]


def test_a_small_cell_takes_a_rectangle_with_it():
    table = filled(("region", "sex"), (3, 2), [3, 40, 25, 30, 90, 80])

    found = suppress([table], K, zeros_safe=True)

    assert found.needs == {cell(region="region0", sex="sex0"): K}
    assert found.hidden == {cell(region=r, sex=s) for r in ("region0", "region1") for s in ("sex0", "sex1")}
    assert learnt([table], found)[cell(region="region0", sex="sex0")] == (0, 28)


def test_everybody_and_safe_zeros_are_shown():
    table = grid(("answer",), {("yes",): 50, ("no",): 4, ("perhaps",): 0, ("never",): 80})

    assert suppress([table], K, zeros_safe=True).hidden == {cell(answer="no"), cell(answer="yes")}


def test_zeros_that_tell_something_are_hidden_like_other_small_counts():
    table = grid(("answer",), {("yes",): 50, ("no",): 4, ("perhaps",): 0, ("never",): 80})

    found = suppress([table], K, zeros_safe=False)

    assert found.needs.keys() == {cell(answer="no"), cell(answer="perhaps")}
    assert found.hidden == {cell(answer="no"), cell(answer="perhaps"), cell(answer="yes")}
    assert learnt([table], found)[cell(answer="perhaps")] == (0, 54)


def test_a_margin_goes_too_where_the_cells_inside_are_not_enough():
    table = grid(("region", "sex"), {("N", "F"): 3, ("N", "M"): 0, ("S", "F"): 60, ("S", "M"): 50})

    found = suppress([table], K, zeros_safe=True)

    assert cell(region="N") in found.needs
    assert EVERYBODY not in found.hidden
    assert all(high - low >= K for low, high in learnt([table], found).values())


def test_what_is_under_the_threshold_as_a_whole_cannot_be_protected():
    with pytest.raises(UnprotectableError) as refused:
        suppress([grid(("answer",), {("yes",): 5, ("no",): 4})], K, zeros_safe=True)
    assert EVERYBODY in refused.value.cells


def test_what_must_be_shown_can_make_protection_impossible():
    table = grid(("answer",), {("yes",): 50, ("no",): 4})
    counts, sums = join([table])
    losses = dict.fromkeys(counts, 1.0)

    with pytest.raises(UnprotectableError) as refused:
        least_to_hide(
            Problem(counts, sums, {cell(answer="no"): K}, [EVERYBODY, cell(answer="yes")], losses)  # type: ignore[arg-type]
        )
    assert refused.value.cells == (cell(answer="no"),)


def test_a_table_without_small_cells_stays_as_it_is():
    assert suppress([filled(("a", "b"), (2, 2), [10, 20, 30, 40])], K, zeros_safe=True).hidden == frozenset()


def test_linked_tables_hide_together_what_one_would_tell_of_the_other():
    table = filled(("region", "sex"), (3, 2), [12, 0, 25, 30, 4, 80])
    by_region = grid(("region",), {("region0",): 12, ("region1",): 55, ("region2",): 84})
    of_age = grid(
        ("region", "age"),
        {
            ("region0", "young"): 12, ("region0", "old"): 0, ("region1", "young"): 51, ("region1", "old"): 4,
            ("region2", "young"): 44, ("region2", "old"): 40,
        },
    )  # fmt: skip

    found = suppress([table, by_region, of_age], K, zeros_safe=True)

    told = learnt([table, by_region, of_age], found)
    assert {cell(region="region2", sex="sex0"), cell(region="region1", age="old")} <= found.needs.keys()
    assert all(high - low >= K for one, (low, high) in told.items() if one in found.needs)


FLAT = [(2, 3), (3, 3), (3, 4), (3, 4), (5, 3), (4, 6)]
DEEP = [(2, 2, 2), (2, 2, 2), (2, 2, 3), (3, 2, 2), (2, 3, 2), (3, 2, 3)]
counts = st.one_of(st.just(0), st.integers(1, 12), st.integers(0, 80))


@st.composite
def tables(draw: st.DrawFn, shapes: Sequence[tuple[int, ...]]) -> Grid:
    shape = draw(st.sampled_from(shapes))
    return filled("abc"[: len(shape)], shape, draw(st.lists(counts, min_size=prod(shape), max_size=prod(shape))))


def random_tables(share: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many per cent of all random tables, the same ones in every run."""
    return settings(
        max_examples=EXAMPLES * share // 100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )


@random_tables(70)
@given(table=tables(FLAT), zeros_safe=st.booleans())
def test_no_random_table_of_two_dimensions_is_broken(table: Grid, zeros_safe: bool) -> None:
    never_broken(table, zeros_safe=zeros_safe)


@random_tables(30)
@given(table=tables(DEEP), zeros_safe=st.booleans())
def test_no_random_table_of_three_dimensions_is_broken(table: Grid, zeros_safe: bool) -> None:
    never_broken(table, zeros_safe=zeros_safe)


def never_broken(table: Grid, *, zeros_safe: bool) -> None:
    try:
        found = suppress([table], K, zeros_safe=zeros_safe)
    except UnprotectableError:
        assert table.counts[EVERYBODY] < K
        return
    told = learnt([table], found)
    for primary in found.needs:
        assert table.counts[primary] < K
        assert told[primary].lower <= table.counts[primary] <= told[primary].upper
    for primary in sorted(found.needs)[:2]:
        low, high = attack_in_whole_numbers([table], found.hidden, primary)
        assert high - low >= K
        assert (low, min(high, 10_000)) == (told[primary].lower, min(told[primary].upper, 10_000))
    assert all(told[primary].upper - told[primary].lower >= K for primary in found.needs)


@random_tables(10)
@given(inner=st.lists(counts, min_size=18, max_size=18))
def test_random_tables_that_share_margins_are_not_broken_together(inner: list[int]) -> None:
    whole = filled("abc", (3, 2, 3), inner)
    linked = [margin(whole, "c", "ab.csv"), margin(whole, "b", "ac.csv"), margin(whole, "a", "bc.csv")]
    try:
        found = suppress(linked, K, zeros_safe=True)
    except UnprotectableError:
        assert whole.counts[EVERYBODY] < K
        return
    for primary in sorted(found.needs)[:2]:
        low, high = attack_in_whole_numbers(linked, found.hidden, primary)
        assert high - low >= K
    assert all(high - low >= K for one, (low, high) in learnt(linked, found).items() if one in found.needs)


@pytest.mark.parametrize(
    "inner", [[3, 40, 25, 30, 90, 80], [1, 2, 30, 14, 9, 26], [5, 0, 25, 3, 90, 8], [11, 12, 3, 15, 4, 40]]
)
def test_no_smaller_choice_protects(inner):
    """All choices tried in a table small enough for that."""
    table = filled(("a", "b"), (3, 2), inner)
    counts, sums = join([table])
    found = suppress([table], K, zeros_safe=True)

    fewer = [
        {*found.needs, *more}
        for size in range(len(found.hidden) - len(found.needs))
        for more in combinations([one for one in counts if len(one) == 2 and counts[one]], size)
        if all(len(one) == 2 for one in found.hidden)
    ]
    for hidden in fewer:
        shown = ((one, None if one in hidden else count) for one, count in counts.items())
        assert broken(System.seen(shown, sums), found.needs, whole=True)


def test_the_same_table_always_hides_the_same_cells():
    table = filled("abc", (3, 4, 3), [(7 * n) % 31 for n in range(36)])
    assert suppress([table], K, zeros_safe=True) == suppress([table], K, zeros_safe=True)


def test_an_attacker_who_insists_on_whole_counts_learns_more():
    """x + y + z, each pair of which makes one: halves would do, whole numbers do not."""
    x = cell(n="x")
    pairs = [(cell(n=f"{a}{b}"), (cell(n=a), cell(n=b))) for a, b in ("xy", "yz", "xz")]
    system = System.seen([(whole, 1) for whole, _ in pairs], pairs)

    assert broken(system, {x: 1}) != []
    with pytest.raises(ContradictionError):
        broken(system, {x: 1}, whole=True)


def reference() -> Iterator[tuple[str, str, int, bool]]:
    path = Path(__file__).parent / "ssb" / "z1_expected_maxN3.csv"
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        yield row["region"], row["hovedint"], int(row["freq"]), row["suppressed"] == "True"


def test_no_more_is_hidden_than_by_the_reference_of_ssbtools():
    rows = list(reference())
    inner = {(region, kind): n for region, kind, n, _ in rows if "Total" not in (region, kind)}
    table = grid(("region", "hovedint"), inner)

    found = suppress([table], 4, zeros_safe=True)

    assert len(found.hidden) <= sum(hidden for *_, hidden in rows)
    told = learnt([table], found)
    assert {primary: told[primary] for primary in found.needs} == dict.fromkeys(found.needs, (0, 6))
