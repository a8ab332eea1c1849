"""Orders, place by place: what everybody knows of them, and mean ranks from what is shown."""

from __future__ import annotations

import random

import msgspec
import pytest

from consult.core.aggregation.attack import System, bounds
from consult.core.aggregation.audit import exposed, protect
from consult.core.aggregation.dependencies import sums
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.orders import dependencies, mean_ranks
from consult.core.aggregation.tables import Category, Kind, Row, Table, Variable, key, order_of, place_of
from tests.core.aggregation.recount import crossed, one_way
from tests.core.aggregation.test_disclosure import single

K = 10
CODES = ("jobs", "rights", "return")
ORDER = Variable(id="q", name="q", kind=Kind.RANK, categories=tuple(Category(code=code) for code in CODES))
PLACES = (ORDER, *(msgspec.structs.replace(ORDER, id=place_of("q", place), place=place) for place in (2, 3)))
SEX = single("sex", "f", "m")


def records(orders, rng):
    """One respondent for each order given (none: skipped), with a sex."""
    for order in orders:
        answer = {"sex": rng.choice("fm")}
        for place in range(3):
            answer["q" if not place else place_of("q", place + 1)] = order[place] if order else None
        yield answer


def full(orders, rng):
    found = list(records(orders, rng))
    known = (*PLACES, SEX)
    tables = [one_way(found, one) for one in known] + [crossed(found, one, SEX) for one in PLACES]
    return {one.id: one for one in known}, tables, tuple(dependencies(known))


def drawn(rng, count):
    """Orders of which some are much more usual than others."""
    weights = [rng.random() ** 3 for _ in CODES]
    for _ in range(count):
        left = dict(zip(CODES, weights, strict=True))
        order = []
        while left:
            order.append(rng.choices([*left], [one + 0.001 for one in left.values()])[0])
            del left[order[-1]]
        yield None if rng.random() < 0.1 else tuple(order)


def test_places_are_called_after_their_question():
    assert order_of(place_of("q1", 2)) == ("q1", "#2")
    assert order_of("q1") == ("q1", "")


def test_a_hidden_count_follows_from_the_other_places_and_the_auditor_knows():
    rng = random.Random(1)
    _known, tables, depends = full([("jobs", "rights", "return")] * 40 + [("rights", "jobs", "return")] * 3, rng)
    first, second, third = tables[:3]
    hidden = Table(
        variable="q",
        totals=(43,),
        rows=tuple(
            Row(code=row.code, counts=(None if row.counts[0] in (3, 40) else row.counts[0],)) for row in first.rows
        ),
        threshold=K,
    )

    alone = bounds(System.of([hidden]), [key(("q", "rights"))])
    together = bounds(System.of([hidden, second, third], links=sums(depends, [hidden, second, third])), alone)

    assert alone[key(("q", "rights"))] == (0, 43)
    assert together[key(("q", "rights"))] == (3, 3)
    assert exposed([hidden, second, third], {key(("q", "rights")): K}, depends=depends)


@pytest.mark.parametrize("seed", range(12))
def test_protected_places_leave_every_small_count_in_doubt(seed):
    rng = random.Random(seed)
    known, tables, depends = full(list(drawn(rng, rng.choice([60, 150, 400]))), rng)

    audited = protect(known, tables, Thresholds.of(K), depends=depends)

    assert not exposed(audited.tables, audited.needs, depends=depends)
    small = {
        key((table.variable, row.code))
        for table in tables
        if not table.by
        for row in table.rows
        if 0 < (row.counts[0] or 0) < K
    }
    shown = {
        (table.variable, row.code): row.counts[0] for table in audited.tables if not table.by for row in table.rows
    }
    assert all(shown.get(cell[0]) is None for cell in small)


def test_a_mean_rank_is_made_of_the_counts_of_all_places():
    places = [
        Table(variable="q", totals=(20,), threshold=K, rows=(Row(code="a", counts=(12,)), Row(code="b", counts=(8,)))),
        Table(
            variable="q#2", totals=(20,), threshold=K, rows=(Row(code="a", counts=(8,)), Row(code="b", counts=(12,)))
        ),
    ]
    assert mean_ranks(places) == {("a", ""): 1.4, ("b", ""): 1.6}
    hidden = msgspec.structs.replace(places[1], rows=(Row(code="a", counts=(None,)), Row(code="b", counts=(12,))))
    assert mean_ranks([places[0], hidden]) == {("b", ""): 1.6}
    few = [msgspec.structs.replace(table, threshold=30) for table in places]
    assert mean_ranks(few) == {}
