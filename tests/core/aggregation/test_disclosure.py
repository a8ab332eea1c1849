"""What is hidden stays hidden: small tables by hand."""

from __future__ import annotations

import random

import msgspec
import pytest

from consult.core.aggregation.attack import ContradictionError, System, bounds, broken
from consult.core.aggregation.audit import exposed, protect
from consult.core.aggregation.completion import LARGEST, along_rectangles, complete
from consult.core.aggregation.disclosure import Thresholds, protect_crossed, protect_one_way
from consult.core.aggregation.tables import (
    NOT_RELEVANT,
    SKIPPED,
    Row,
    Span,
    Table,
    base,
    key,
)
from tests.core.aggregation.attacker import cross, margins
from tests.core.aggregation.made import multiple, single
from tests.core.aggregation.recount import Record, crossed, one_way


def line(**counts: int) -> Table:
    statuses = {"skipped": SKIPPED, "not_relevant": NOT_RELEVANT}
    rows = tuple(Row(code=statuses.get(name, name), counts=(count,)) for name, count in counts.items())
    return Table(variable="q", totals=(sum(counts.values()),), rows=rows)


def hidden(table: Table) -> set[str]:
    return {row.code for row in table.rows if row.counts[0] is None}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 40, "b": 10, "c": 0}, set()),  # nothing under the threshold; zeros are shown
        ({"a": 40, "b": 9, "c": 15}, {"b", "c"}),  # the smallest cell that is enough goes with it
        ({"a": 40, "b": 9, "c": 3}, {"b", "c"}),  # two small ones hide each other
        ({"a": 40, "b": 4, "c": 3}, {"a", "b", "c"}),  # together they hold 7, too few
        ({"a": 40, "b": 20, "skipped": 1}, {"b", SKIPPED}),  # a skipped question is an answer too
        ({"a": 40, "b": 20, "not_relevant": 2, "skipped": 30}, {"b", NOT_RELEVANT}),
    ],
)
def test_a_line_hides_enough_that_nothing_can_be_subtracted(counts, expected):
    assert hidden(protect_one_way(line(**counts), 10, sensitive=False).table) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, {"b", "d"}),
        ({"b": 10}, {"a", "d"}),  # b alone would leave d a doubt of one
        ({"b": 10, "a": 30}, {"a", "d"}),
        ({"b": 10, "a": 40}, None),
    ],
)
def test_what_was_told_before_leaves_no_doubt(told, expected):
    known = {key(("q", code)): Span(count, None) for code, count in told.items()}

    found = protect_one_way(line(a=40, b=10, d=1), 10, sensitive=False, told=known)

    assert (None if found.table.withheld else hidden(found.table)) == expected
    assert not broken(System.of([found.table], known), found.needs)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 272, "b": 11, "c": 7}, {"b": Span(10, 19)}),  # b tells of c but one
        ({"a": 272, "b": 19, "c": 9}, {"b": Span(10, 19)}),  # c cannot have given b anything
    ],
)
def test_what_the_page_of_the_same_day_says_is_known_from_above_too(counts, told):
    known = {key(("q", code)): span for code, span in told.items()}

    audited = protect({"q": single("q", *counts)}, [line(**counts)], Thresholds.of(10), known)

    assert hidden(audited.tables[0]) == {"a", "c"}
    assert not exposed(audited.tables, audited.needs, audited.told)


def test_a_table_that_is_withheld_hides_nothing_for_another():
    alike = msgspec.structs.replace(line(a=300), variable="alike")
    variables = {
        "q": single("q", *"abc"),
        "alike": msgspec.structs.replace(single("alike", "a", "b"), sensitive=True),
    }

    audited = protect(variables, [alike, line(a=272, b=19, c=9)], Thresholds.of(10), {key(("q", "b")): Span(10, 19)})

    assert [table.withheld for table in audited.tables] == [True, False]
    assert hidden(audited.tables[1]) == {"a", "c"}


def test_what_was_told_holds_until_it_cannot_be_true():
    known = {key(("q", code)): Span(10, 19) for code in "abc"}

    audited = protect({"q": single("q", *"abc")}, [line(a=40, b=12, c=9)], Thresholds.of(10), known)

    assert audited.told == {key(("q", "a")): (10, None), key(("q", "b")): (10, 19), key(("q", "c")): (9, None)}


def test_fewer_responses_than_the_threshold_make_no_table():
    assert protect_one_way(line(a=5, b=4), 10, sensitive=False).table.withheld


def test_a_lone_answer_beside_one_respondent_less_is_withheld():
    assert protect_one_way(line(a=9, b=0), 5, sensitive=False).table.rows[0].counts == (9,)
    assert protect_one_way(line(a=9, b=0), 5, sensitive=True).table.withheld


def test_the_base_is_shown_only_where_it_says_nothing_hidden():
    table = protect_one_way(line(a=40, b=20, skipped=1, not_relevant=30), 10, sensitive=False).table

    assert base(table).asked == 61
    assert base(table).answered is None
    assert base(table).skipped is None


def test_a_multi_choice_question_loses_who_did_not_choose_first():
    variable = multiple("m", "x", "y")
    records: list[Record] = [{"m": ["x"]}] * 40 + [{"m": ["x", "y"]}] * 20 + [{"m": None}] * 3

    table = protect_one_way(one_way(records, variable), 10, sensitive=False).table

    assert [(row.code, row.counts, row.unselected) for row in table.rows] == [
        ("x", (None,), (0,)),
        ("y", (20,), (None,)),
        (SKIPPED, (None,), ()),
        (NOT_RELEVANT, (0,), ()),
    ]


def test_groups_under_the_threshold_stand_together():
    sex, land = single("sex", "f", "m"), single("land", "A", "B", "C", "D")
    records: list[Record] = [
        {"sex": sex, "land": land}
        for (sex, land), n in {
            ("f", "A"): 30, ("m", "A"): 25, ("f", "B"): 4, ("m", "B"): 2, ("f", "C"): 8, ("m", "C"): 12,
            ("f", "D"): 60, ("m", "D"): 61,
        }.items()
        for _ in range(n)
    ]  # fmt: skip

    table = cross(records, sex, land, 10).table

    assert table.groups == ("A", "D", "B+C")
    assert table.pooled_groups == {"B+C": ("B", "C")}
    assert table.totals == (55, 121, 26)
    assert {row.code: row.counts for row in table.rows} == {
        "f": (30, 60, 12),
        "m": (25, 61, 14),
        SKIPPED: (0, 0, 0),
        NOT_RELEVANT: (0, 0, 0),
    }


def test_a_group_that_is_all_alike_is_not_shown_on_a_sensitive_question():
    status, land = single("status", "regular", "irregular"), single("land", "A", "B", "C")
    cells = {
        ("regular", "A"): 40,
        ("irregular", "B"): 30,
        ("regular", "B"): 25,
        ("irregular", "C"): 45,
        ("regular", "C"): 50,
    }
    records: list[Record] = [{"status": s, "land": g} for (s, g), n in cells.items() for _ in range(n)]

    open_table = cross(records, status, land, 10).table
    careful = cross(records, status, land, 20, sensitive=True)

    assert open_table.row("regular").counts[0] == 40
    assert careful.table.row("regular").counts[0] is None
    assert careful.table.row("irregular").counts[0] is None
    assert not broken(System.of([*margins(records, status, land, 20), careful.table]), careful.needs)


def test_what_cannot_be_protected_is_withheld():
    assert complete([[9, 0], [0, 9]], {(0, 0)}, 10) is None


def test_a_category_that_is_all_in_one_sensitive_group_is_not_shown():
    land, status = single("land", "A", "B", "C"), single("status", "regular", "irregular")
    counts = {("A", "irregular"): 40, ("B", "regular"): 50, ("B", "irregular"): 45, ("C", "regular"): 60}
    counts[("C", "irregular")] = 35
    records: list[Record] = [{"land": g, "status": s} for (g, s), n in counts.items() for _ in range(n)]
    rows, groups = margins(records, land, status, 20)

    found = protect_crossed(crossed(records, land, status), rows, groups, 20, sensitive=True, by_sensitive=True)

    assert found.table.pooled_rows == {"A+B": ("A", "B")}
    assert found.table.row("A+B").counts == (50, 85)


@pytest.mark.parametrize("seed", range(8))
def test_the_search_hides_no_more_than_rectangles_and_protects_more_tables(seed):
    rng = random.Random(seed)
    matrix = [[rng.choice((rng.randint(1, 9), rng.randint(0, 40), 60)) for _ in range(5)] for _ in range(6)]
    primary = {(i, j) for i in range(6) for j in range(5) if 0 < matrix[i][j] < 10}

    found, rectangles = complete(matrix, primary, 10), along_rectangles(matrix, primary, 10)

    assert found is not None
    assert rectangles is None or len(found) <= len(rectangles)
    assert primary <= found
    assert all(matrix[i][j] for i, j in found)  # zeros stay shown


def test_very_large_tables_are_completed_along_rectangles():
    side = 18
    matrix = [[60] * side for _ in range(side)]
    matrix[3][4] = 2
    assert side * side > LARGEST

    assert complete(matrix, {(3, 4)}, 10) == along_rectangles(matrix, {(3, 4)}, 10)


def test_tables_that_contradict_each_other_are_noticed():
    first, second = line(a=40, b=12), line(a=40, b=13)

    with pytest.raises(ContradictionError):
        bounds(System.of([first, second]), [key(("q", "a"))])


def test_the_auditor_names_what_can_be_worked_out():
    careless = Table(variable="q", totals=(50,), rows=(Row(code="a", counts=(47,)), Row(code="b", counts=(None,))))

    assert [tuple(found) for found in broken(System.of([careless]), {key(("q", "b")): 10})] == [
        (key(("q", "b")), (3, 3), 10)
    ]


def test_rows_that_are_hidden_everywhere_become_one():
    sex, land = single("sex", "f", "m"), single("land", "A", "B", "C")
    counts = {("f", "A"): 40, ("m", "A"): 50, ("f", "B"): 30, ("m", "B"): 35, ("f", "C"): 20, ("m", "C"): 25}
    skipped = {"A": 4, "B": 5, "C": 3}
    records: list[Record] = [{"sex": s, "land": g} for (s, g), n in counts.items() for _ in range(n)]
    records += [{"sex": None, "land": g} for g, n in skipped.items() for _ in range(n)]

    found = cross(records, sex, land, 10)

    assert found.table.pooled_rows == {f"f+{SKIPPED}": ("f", SKIPPED)}
    assert found.table.row(f"f+{SKIPPED}").counts == (44, 35, 23)
    assert found.table.row("m").counts == (50, 35, 25)
    assert found.table.hidden() == 0
