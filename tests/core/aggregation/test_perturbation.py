"""Releases with noise: nothing small is known closely, the same people always look the same."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import pytest

from consult.core.aggregation.attack import System, bounds
from consult.core.aggregation.audit import Audited, exposed
from consult.core.aggregation.cellkey import RANGE, Noise
from consult.core.aggregation.cells import cells, sums
from consult.core.aggregation.compare import broken_together, too_close
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.perturbation import perturb
from consult.core.aggregation.tables import (
    EVERYBODY,
    NOT_RELEVANT,
    SKIPPED,
    UNTOLD,
    Key,
    Kind,
    Row,
    Span,
    Summary,
    Table,
    Told,
    Variable,
    key,
)
from tests.core.aggregation.made import multiple, single
from tests.core.aggregation.recount import Record, crossed, one_way

K = 10
LAND = single("land", "A", "B", "C", "D")
COLOUR = single("colour", "red", "blue", "grey")
TOPICS = multiple("topics", "x", "y")
STATUS = msgspec.structs.replace(single("status", "regular", "irregular"), sensitive=True)


def people(rng: random.Random, count: int) -> list[Record]:
    """Respondents with a record key; land D is rare, grey rarer, and there only one of the lands is irregular."""
    return [
        {
            "record_key": rng.randrange(RANGE),
            "land": rng.choices("ABCD", (50, 30, 15, 2))[0],
            "colour": rng.choices(("red", "blue", "grey", None), (60, 30, 3, 4))[0],
            "topics": rng.choice((["x"], ["y"], ["x", "y"], None)),
            "status": rng.choices(("regular", "irregular"), (80, 20))[0],
        }
        for _ in range(count)
    ]


def table_of(found: Sequence[Record], row: Variable, by: Variable | None) -> Table:
    return one_way(found, row) if by is None else crossed(found, row, by)


def summed(found: Sequence[Record], row: Variable, by: Variable | None) -> Table:
    """Sums of record keys in the place of counts, one respondent after the other."""
    total: Table | None = None
    for record in found:
        alone, weight = table_of([record], row, by), record["record_key"]
        assert isinstance(weight, int)
        total = _plus(total, alone, weight)
    assert total is not None
    return total


def _plus(total: Table | None, one: Table, weight: int) -> Table:
    def line(before: tuple[int | None, ...], counts: tuple[int | None, ...]) -> tuple[int, ...]:
        old = before or (0,) * len(counts)
        return tuple((a or 0) + (b or 0) * weight for a, b in zip(old, counts, strict=True))

    old = {row.code: row for row in total.rows} if total else {}
    empty = Row(code="", counts=())
    return msgspec.structs.replace(
        one,
        totals=line(total.totals if total else (), one.totals),
        rows=tuple(
            Row(
                code=row.code,
                counts=line(old.get(row.code, empty).counts, row.counts),
                unselected=line(old.get(row.code, empty).unselected, row.unselected),
            )
            for row in one.rows
        ),
    )


PAIRS = [(LAND, None), (COLOUR, None), (TOPICS, None), (COLOUR, LAND), (TOPICS, LAND)]


def release(
    found: Sequence[Record], pairs: Sequence[tuple[Variable, Variable | None]] = PAIRS, told: Told = UNTOLD, k: int = K
) -> Audited:
    variables = {variable.id: variable for pair in pairs for variable in pair if variable}
    tables = [table_of(found, *pair) for pair in pairs]
    return perturb(variables, tables, [summed(found, *pair) for pair in pairs], Thresholds.of(k), told)


def shown(audited: Audited) -> dict[Key, int]:
    return {cell: n for table in audited.tables for cell, n in cells(table) if n is not None}


def test_the_same_cell_has_the_same_noise_in_every_table():
    audited = release(people(random.Random(1), 400))

    for table in audited.tables:
        for cell, count in cells(table):
            assert count is None or count == shown(audited)[cell]
    assert {table.noise for table in audited.tables} == {15}


def test_counts_are_near_and_zeros_are_zeros():
    found = people(random.Random(2), 400)
    audited = release(found)

    full: dict[Key, int | None] = {}
    for pair in PAIRS:
        for cell, n in cells(table_of(found, *pair)):
            full.setdefault(cell, n)
    for cell, count in shown(audited).items():
        if cell in full:
            assert abs(count - (full[cell] or 0)) <= 15
            assert count not in (1, 2)
            assert full[cell] or not count
    assert shown(audited) != {cell: full[cell] for cell in shown(audited) if cell in full}


def test_totals_are_changed_by_themselves():
    audited = release(people(random.Random(3), 400))

    assert any(
        shown(audited)[whole] != sum(shown(audited).get(part, 0) for part in parts)
        for table in audited.tables
        for whole, parts in sums(table)
        if whole in shown(audited)
    )


def test_whether_groups_stand_together_follows_from_what_is_shown():
    found = people(random.Random(4), 400)
    by_land = release(found).tables[3]

    assert by_land.pooled_groups  # land D is too small to be sure of
    sizes = dict(zip(by_land.groups, by_land.totals, strict=True))
    assert all(size is not None and size - Noise.of(K).bound >= K for size in sizes.values())
    assert all(group in by_land.pooled_groups or group in ("A", "B", "C") for group in sizes)


def test_on_a_sensitive_question_no_group_seems_to_be_all_alike():
    rng = random.Random(5)
    found = people(rng, 600)
    found = [{**one, "status": "regular"} if one["land"] == "B" else one for one in found]
    pairs = [(LAND, None), (STATUS, None), (STATUS, LAND)]

    by_land = release(found, pairs).tables[2]

    assert by_land.noise == 30
    (pool,) = by_land.pooled_groups.values()
    assert "B" in pool
    for place, _ in enumerate(by_land.groups):
        assert sum(bool(row.counts[place]) for row in by_land.rows if row.code in ("regular", "irregular")) == 2


def test_a_sensitive_question_that_all_answer_alike_is_withheld():
    found = [{**one, "status": "regular"} for one in people(random.Random(6), 300)]

    assert [table.withheld for table in release(found, [(LAND, None), (STATUS, None), (STATUS, LAND)]).tables] == [
        False,
        True,
        True,
    ]


def test_whose_category_all_lies_in_one_group_of_a_sensitive_question_is_not_told():
    found = [
        {**one, "status": "irregular" if one["colour"] == "red" else "regular"} for one in people(random.Random(7), 900)
    ]

    audited = release(found, [(COLOUR, None), (STATUS, None), (COLOUR, STATUS)])

    assert audited.tables[2].withheld


def test_fewer_responses_than_the_threshold_make_no_table():
    assert all(table.withheld for table in release(people(random.Random(8), 9)).tables)


def test_means_are_rounded_until_a_few_answers_make_no_difference():
    age = Variable(id="age", name="age", kind=Kind.NUMBER)
    table = Table(
        variable="age",
        totals=(400,),
        rows=(
            Row(code=":answered", counts=(390,)),
            Row(code=SKIPPED, counts=(10,)),
            Row(code=NOT_RELEVANT, counts=(0,)),
        ),
        summary=Summary(mean=41.37, deviation=12.6, quartiles=(30.0, 40.0, 50.0)),
    )
    few = msgspec.structs.replace(
        table,
        totals=(30,),
        rows=(
            Row(code=":answered", counts=(12,)),
            Row(code=SKIPPED, counts=(18,)),
            Row(code=NOT_RELEVANT, counts=(0,)),
        ),
    )

    def summary(full: Table) -> Summary | None:
        zero = msgspec.structs.replace(
            full, totals=(0,), rows=tuple(Row(code=row.code, counts=(0,)) for row in full.rows)
        )
        return perturb({"age": age}, [full], [zero], Thresholds.of(K)).tables[0].summary

    assert summary(table) == Summary(mean=41.5, deviation=12.5, quartiles=(30.0, 40.0, 50.0))
    assert summary(few) is None


def test_a_group_that_seems_empty_need_not_be():
    """Two in land D, shown as none: the table leaves it out, and the attacker must not take the rest for everybody."""
    found = [one for one in people(random.Random(9), 300) if one["land"] != "D"]
    few = [{**one, "land": "D", "record_key": 0} for one in people(random.Random(10), 2)]

    audited = release([*found, *few])

    (by_land,) = [table for table in audited.tables if (table.variable, table.by) == ("colour", "land")]
    assert shown(audited)[key(("land", "D"))] == 0
    assert not any("D" in group.split("+") for group in by_land.groups)
    system = System.of(audited.tables)
    assert any(key(("land", "D"), ("colour", "red")) in parts for _, parts in system.sums)
    assert bounds(system, [key(("land", "D"), ("colour", "red"))])[key(("land", "D"), ("colour", "red"))] == (0, 15)


# --- an attacker ---


@pytest.mark.parametrize("seed", range(6))
def test_no_small_cell_is_known_to_within_the_threshold(seed):
    rng = random.Random(seed)
    found = people(rng, 300)
    land = {code: sum(one["land"] == code for one in found) for code in "ABCD"}
    told = {key(("land", code)): Span(n // 10 * 10, n // 10 * 10 + 9) for code, n in land.items() if n >= K}

    audited = release(found, told=told)

    assert audited.needs
    assert not exposed(audited.tables, audited.needs, audited.told)
    learnt = bounds(System.of(audited.tables, audited.told), audited.needs)
    assert all(high - low >= need for (low, high), need in zip(learnt.values(), audited.needs.values(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_two_releases_that_differ_by_three_respondents_tell_nothing_small(seed):
    """The attacker knows both releases, the fieldwork page of both days, and that nobody has gone."""
    rng = random.Random(seed)
    first = people(rng, 300)
    second = [*first, *({**one, "land": "B", "colour": "grey"} for one in people(rng, 3))]
    releases = [release(first), release(second)]
    assert not too_close(releases[0].tables, releases[1].tables)
    assert not broken_together(releases[0].tables, releases[1].tables, releases[1].needs)

    learnt = both(first, second, *releases)

    small = {**releases[0].needs, **releases[1].needs}
    for cell in small:
        for day in ("1", "2"):
            low, high = learnt(key(*cell, (":day", day)))
            assert high - low >= K
    low, high = learnt(key(("land", "B"), ("colour", "grey"), (":day", "new")))
    assert low == 0
    assert high >= K - 1  # the page alone says when fewer than ten have come from B


def both(first: Sequence[Record], second: Sequence[Record], *releases: Audited):
    """What can be learnt when every cell of the second day is that of the first and what has come since."""
    told: dict[Key, Span] = {}
    links = []
    for day, audited, found in zip("12", releases, (first, second), strict=True):
        for cell, span in System.of(audited.tables).told.items():
            told[key(*cell, (":day", day))] = span
        for code in "ABC":
            n = sum(one["land"] == code for one in found)
            page = key(("land", code), (":day", day))
            told[page] = told[page].narrowed(Span(n // 10 * 10, n // 10 * 10 + 9))
    every = {cell for audited in releases for table in audited.tables for cell, _ in cells(table)} | {EVERYBODY}
    within = {one for audited in releases for table in audited.tables for one in sums(table)}
    for day in ("1", "2", "new"):
        links += [
            (key(*whole, (":day", day)), tuple(key(*part, (":day", day)) for part in parts)) for whole, parts in within
        ]
    links += [(key(*cell, (":day", "2")), (key(*cell, (":day", "1")), key(*cell, (":day", "new")))) for cell in every]
    system = System({}, links, told)
    return lambda cell: bounds(system, [cell])[cell]


def test_a_release_with_noise_does_not_give_away_what_an_exact_one_hides():
    margin = Table(
        variable="q",
        totals=(60,),
        rows=(Row(code="a", counts=(40,)), Row(code="b", counts=(None,)), Row(code="c", counts=(None,))),
        threshold=10,
    )
    secret = {key(("q", "b")): 10}

    def noised(b: int, c: int) -> Table:
        rows = (Row(code="a", counts=(41,)), Row(code="b", counts=(b,)), Row(code="c", counts=(c,)))
        return Table(variable="q", totals=(58,), rows=rows, threshold=10, noise=15)

    assert not broken_together([margin], [noised(5, 14)], secret)
    assert [weak.interval for weak in broken_together([margin], [noised(0, 33)], secret)] == [(0, 2)]
    assert [weak.interval for weak in broken_together([noised(0, 33)], [margin], secret)] == [(0, 2)]


def test_of_more_responses_counts_with_noise_are_bounds_in_one_direction():
    margin = Table(
        variable="q",
        totals=(60,),
        rows=(Row(code="a", counts=(30,)), Row(code="b", counts=(None,)), Row(code="c", counts=(None,))),
        threshold=10,
    )
    secret = {key(("q", "b")): 10}

    def noised(total: int, b: int) -> Table:
        rows = (Row(code="a", counts=(160,)), Row(code="b", counts=(b,)), Row(code="c", counts=(30,)))
        return Table(variable="q", totals=(total,), rows=rows, threshold=10, noise=5)

    assert [weak.interval for weak in broken_together([margin], [noised(200, 0)], secret, grown=True)] == [(0, 5)]
    assert not broken_together([margin], [noised(200, 40)], secret, grown=True)
    fewer = msgspec.structs.replace(noised(200, 9), totals=(50,))
    assert [weak.interval for weak in broken_together([fewer], [margin], secret, grown=True)] == [(4, 5)]
