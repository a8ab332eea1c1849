"""Two releases that cut a number otherwise must not tell, together, of the few between their edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from consult.core.aggregation.attack import ContradictionError, System, bounds
from consult.core.aggregation.audit import Audited, protect
from consult.core.aggregation.bins import Cuts
from consult.core.aggregation.cells import cells
from consult.core.aggregation.compare import broken_between, broken_together, too_close
from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.joint import dependencies, join
from consult.core.aggregation.refinement import dependencies_of, moved
from consult.core.aggregation.tables import ANSWERED, STATUSES, Category, Key, Kind, Row, Table, Variable, key
from tests.core.aggregation.made import single
from tests.core.aggregation.recount import crossed, one_way

K = 5
SEX = single("sex", "f", "m")
YEARS = range(40)
Person = tuple[int, str]


def age(*edges: float) -> Variable:
    return Variable(id="age", name="age", kind=Kind.NUMBER, categories=Cuts(edges, 1).categories())


def inside(year: int, category: Category) -> bool:
    above = category.lower is None or category.lower <= year
    return above and (category.upper is None or year < category.upper)


def release(people: list[Person], years: Variable) -> Audited:
    """Sex and age, each by the other."""
    records = [
        {"age": next(one.code for one in years.categories if inside(year, one)), "sex": sex} for year, sex in people
    ]
    ways = (one_way(records, years), one_way(records, SEX), crossed(records, SEX, years), crossed(records, years, SEX))
    return protect({"age": years, "sex": SEX}, ways, Thresholds.of(K))


def told_of(people: list[Person], edges: tuple[int, ...], more: list[Person], others: tuple[int, ...]) -> set[object]:
    """What the auditor finds that two releases tell."""
    one, other = age(*edges), age(*others)
    before, after = release(people, one), release([*people, *more], other)
    needs = {**before.needs, **after.needs}
    found = broken_between(before.tables, after.tables, moved([one], [other]), needs, grown=bool(more))
    return {weak.key for weak in (*found, *too_close(before.tables, after.tables))}


# --- examples ---

ADULTS = [(year, sex) for year in range(20, 40) for sex in "fm" if year not in (28, 29)]
TWO = [(28, "f"), (29, "m")]


def test_the_few_between_two_edges_are_found_by_differences():
    """20 … 29 less 20 … 27 are two people. Each release alone is safe, and no cell is in both."""
    before, after = release([*ADULTS, *TWO], age(20, 30)), release([*ADULTS, *TWO], age(20, 28))
    assert not too_close(before.tables, after.tables)
    assert not broken_together(before.tables, after.tables, {**before.needs, **after.needs})

    assert key(("age", "28..30")) in told_of([*ADULTS, *TWO], (20, 30), [], (20, 28))
    assert not told_of([*ADULTS, *TWO * 3], (20, 30), [], (20, 28)) & {key(("age", "28..30"))}, "six are enough"


def test_nobody_is_protected_by_others_who_came_elsewhere():
    elders = [(44, sex) for sex in "fm"] * 20

    assert key(("age", "28..30")) in told_of([*ADULTS, *TWO, *elders], (20, 30, 40), elders, (20, 28, 40))
    assert not told_of(ADULTS * 2, (20, 30, 40), elders, (20, 25, 40)), "everybody between the edges is many"


def test_a_group_that_was_hidden_may_have_grown():
    old = [(44, "f"), (44, "m"), (45, "f")]
    assert release([*ADULTS * 2, *old], age(20, 30, 40)).needs[key(("age", "40.."))] == K

    assert not told_of([*ADULTS * 2, *old], (20, 30, 40), [(45, sex) for sex in "fm"] * 20, (20, 25, 40))


def aged(edge: int, *counts: int, noise: int = 0) -> Table:
    rows = zip(age(20, edge).codes(), counts, strict=True)
    return Table(
        variable="age",
        totals=(sum(counts),),
        rows=tuple(Row(code=code, counts=(count,)) for code, count in rows),
        threshold=K,
        noise=noise,
    )


@pytest.mark.parametrize(("noise", "told"), [((0, 0), True), ((0, 7), False), ((7, 0), False), ((7, 7), False)])
def test_noise_on_one_side_leaves_doubt_enough(noise, told):
    before, after = aged(30, 15, 40, 45, noise=noise[0]), aged(28, 15, 37, 48, noise=noise[1])
    atoms = moved([age(20, 30)], [age(20, 28)])

    assert bool(broken_between([before], [after], atoms, {})) == told


def test_the_same_bins_and_bounds_between_whole_numbers_are_no_move():
    assert moved([age(18, 65)], [age(18, 65)]) == {}
    assert set(moved([age(17.5)], [age(18)])["age"].values()) == {("..18",), ("18..",)}


def test_too_few_for_bins_are_all_of_them():
    uncut = Variable(id="age", name="age", kind=Kind.NUMBER, categories=(Category(code=ANSWERED),))
    assert moved([uncut], [age(18)])["age"][ANSWERED] == ("..18", "18..")


def test_combinations_with_a_bin_and_what_decides_about_it_are_told_of_atoms():
    one, other = (join([years, SEX]) for years in (age(20), age(30)))
    asked = Dependency(fine="age", coarse="sex", under={"..30": ("f",), "30..": ("f",), STATUSES[1]: ("m",)})
    variables = [age(20), one, SEX, age(30), other]

    atoms = moved([age(20), one, SEX], [age(30), other, SEX])
    known = list(dependencies_of([asked, *dependencies([age(30), SEX, other])], atoms, variables))

    assert atoms["age*sex"]["20..&f"] == ("20..30&f", "30..&f")
    by_pair = {(each.fine, each.coarse): each.under for each in known}
    assert by_pair["age", "sex"] == {"..20": ("f",), "20..30": ("f",), "30..": ("f",), STATUSES[1]: ("m",)}
    assert by_pair["age*sex", "age"]["20..30&f"] == ("20..30",)
    assert len(known) == 3


# --- any two ---


def judge(people: list[Person], edges: tuple[int, ...], more: list[Person], others: tuple[int, ...]) -> None:
    """Reckons with single years, which say more than any bins, and with nothing else that the auditor knows."""
    years, later = age(*edges), age(*others)
    links, shown = [], []
    for time, variable, audited in (
        ("then", years, release(people, years)),
        ("now", later, release([*people, *more], later)),
    ):
        held = {one.code: {year for year in YEARS if inside(year, one)} for one in variable.categories}
        for table in audited.tables:
            pools = {**table.pooled_rows, **table.pooled_groups}
            for cell, count in cells(table):
                said = {name: set(pools.get(code, (code,))) for name, code in cell}
                which = {year for code in said.get("age", held) for year in held.get(code, ())}
                shown.append((own := key((time, str(cell))), count))
                links.append((own, tuple(singles(time, which, said.get("sex", set("fm"))))))
    finest = sorted({0, *edges, *others, len(YEARS)})
    small = {}
    for time, found in (("then", people), ("now", [*people, *more]), ("came", more)):
        for (low, high), sexes in product(combinations(finest, 2), ("f", "m", "fm")):
            if 0 < sum(low <= year < high and sex in sexes for year, sex in found) < K:
                links.append(
                    (name := key((time, f"{low} {high} {sexes}")), tuple(singles(time, range(low, high), sexes)))
                )
                small[name] = finest.index(high) - finest.index(low) == 1
    for name, (lower, upper) in bounds(System.seen(shown, links), small).items():
        assert upper >= K, f"whoever knows both knows that {name} are few"
        assert upper - lower >= K or not small[name], name


TIMES = {"then": ("then",), "came": ("came",), "now": ("then", "came")}


def singles(time: str, years: Iterable[int], sexes: Iterable[str]) -> Iterator[Key]:
    """Single years by sex: those of now are those of then and who came since."""
    for when, year, sex in product(TIMES[time], years, sexes):
        if sex in "fm":
            yield key((when, str(year)), ("sex", sex))


PEOPLE = st.lists(st.tuples(st.sampled_from(YEARS), st.sampled_from("fm")), min_size=30, max_size=120)
EDGES = st.lists(st.sampled_from(range(5, 36, 3)), min_size=1, max_size=3, unique=True).map(lambda x: tuple(sorted(x)))


@settings(max_examples=12, deadline=None)
@given(PEOPLE, EDGES, EDGES)
def test_no_small_group_follows_from_two_releases_of_the_same_responses(people, edges, others):
    if told_of(people, edges, [], others):
        event("refused")
    else:
        event("passed")
        judge(people, edges, [], others)


@settings(max_examples=12, deadline=None)
@given(PEOPLE, EDGES, st.lists(st.tuples(st.sampled_from(range(30, 40)), st.sampled_from("fm")), min_size=5), EDGES)
def test_nor_where_responses_have_come_between_them(people, edges, more, others):
    try:
        told = told_of(people, edges, more, others)
    except ContradictionError:
        told = {"contradiction"}
    if told:
        event("refused")
    else:
        event("passed")
        judge(people, edges, more, others)
