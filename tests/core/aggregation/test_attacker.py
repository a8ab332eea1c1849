"""What is hidden stays hidden from an attacker of our own on random microdata, who learns no more than the auditor."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.aggregation.attack import System, bounds
from consult.core.aggregation.audit import Audited, protect
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import (
    NOT_RELEVANT,
    Row,
    Table,
    key,
)
from tests.core.aggregation.attacker import Attacker
from tests.core.aggregation.made import multiple, single
from tests.core.aggregation.recount import Record, crossed, one_way

VARIABLES = [single("q", "a", "b", "c"), multiple("m", "x", "y"), single("g", "A", "B", "C")]


@st.composite
def microdata(draw: st.DrawFn) -> list[Record]:
    """Records in clumps, so that small, large and empty cells all occur."""
    answers = st.sampled_from(["a", "b", "c", None, NOT_RELEVANT])
    choices = st.sampled_from([["x"], ["y"], ["x", "y"], None, NOT_RELEVANT])
    groups = st.sampled_from(["A", "A", "B", "C", None])
    clumps = draw(st.lists(st.tuples(answers, choices, groups, st.integers(1, 12)), min_size=1, max_size=12))
    return [
        {name: value for name, value in zip("qmg", values, strict=True) if value != NOT_RELEVANT}
        for *values, size in clumps
        for _ in range(size)
    ]


def protect_all(records: list[Record], k: int) -> Audited:
    group = VARIABLES[2]
    tables = [*(one_way(records, v) for v in VARIABLES), *(crossed(records, v, group) for v in VARIABLES[:2])]
    return protect({variable.id: variable for variable in VARIABLES}, tables, Thresholds.of(k))


@settings(max_examples=120, deadline=None)
@given(microdata(), st.sampled_from([3, 5]))
def test_no_attacker_bounds_a_small_cell_closer_than_the_threshold(records, k):
    audited = protect_all(records, k)
    attacker = Attacker(VARIABLES, list(audited.tables))

    for cell, need in audited.needs.items():
        assert attacker.width(cell) >= need, (cell, audited.tables)


@settings(max_examples=60, deadline=None)
@given(microdata(), st.data())
def test_the_auditor_knows_all_that_the_attacker_knows_of_one_table(records, data):
    """With cells hidden at random, both see the same intervals."""
    full = crossed(records, VARIABLES[0], VARIABLES[2])
    places = [(i, j) for i in range(len(full.rows)) for j in range(len(full.groups))]
    secret = set(data.draw(st.lists(st.sampled_from(places), max_size=8)))
    rows = tuple(
        Row(code=row.code, counts=tuple(None if (i, j) in secret else n for j, n in enumerate(row.counts)))
        for i, row in enumerate(full.rows)
    )
    tables = [
        one_way(records, VARIABLES[0]),
        one_way(records, VARIABLES[2]),
        Table(variable="q", by="g", groups=full.groups, totals=full.totals, rows=rows),
    ]
    wanted = [key(("q", full.rows[i].code), ("g", full.groups[j])) for i, j in secret]
    attacker = Attacker([VARIABLES[0], VARIABLES[2]], tables)

    for cell, interval in bounds(System.of(tables), wanted).items():
        assert attacker.width(cell) == interval.upper - interval.lower
