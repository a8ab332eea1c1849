"""Tables broken down by several things at a time: together they hide what each of them hides."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.aggregation import joint
from consult.core.aggregation.attack import System, bounds
from consult.core.aggregation.audit import protect
from consult.core.aggregation.dependencies import Dependency, sums
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import Coordinate, Table, Variable, key
from tests.core.aggregation.attacker import Attacker
from tests.core.aggregation.made import single
from tests.core.aggregation.recount import Record, crossed, one_way, outcome

SEX, REGION, VOTE = single("sex", "f", "m"), single("region", "africa", "asia"), single("vote", "yes", "no")
BOTH = joint.join([SEX, REGION])


def together(records: list[Record]) -> list[Record]:
    """The records with the combination that each has."""
    return [
        {**record, BOTH.id: joint.code_of([str(outcome(record, SEX)), str(outcome(record, REGION))])}
        for record in records
    ]


def tables_of(records: list[Record]) -> tuple[dict[str, Variable], list[Table], tuple[Dependency, ...]]:
    """The variables, all tables, and what is known of the combinations."""
    combined = together(records)
    known = {variable.id: variable for variable in (SEX, REGION, VOTE, BOTH)}
    tables = [one_way(combined, variable) for variable in known.values()]
    tables += [crossed(combined, row, by) for row, by in ((SEX, REGION), (VOTE, BOTH), (VOTE, SEX))]
    return known, tables, tuple(joint.dependencies(known.values()))


def test_a_joint_variable_has_every_combination():
    assert BOTH.id == "sex*region"
    assert [category.code for category in BOTH.categories][:3] == ["f&africa", "f&asia", "f&:skipped"]
    assert len(BOTH.categories) == 4 * 4


@pytest.mark.parametrize(
    ("one", "other"), [(("a&b", "c"), ("a", "b&c")), (("a&", "b"), ("a", "&b")), (("&",), ("&&",))]
)
def test_no_two_combinations_have_one_code(one, other):
    assert joint.code_of(one) != joint.code_of(other)


def test_what_two_parts_are_by_one_another_the_joint_variable_says_too():
    """Given the cells of sex by region, none of the joint variable is hidden from whoever reckons."""
    records = [{"sex": "f", "region": "asia", "vote": "yes"}] * 30 + [{"sex": "m", "region": "africa"}] * 20
    _known, tables, depends = tables_of(records)
    shown = [table for table in tables if BOTH.id not in (table.variable, table.by)]

    found = bounds(System.of(shown, links=sums(depends, shown)), [key((BOTH.id, "f&asia"))])

    assert found[key((BOTH.id, "f&asia"))] == (30, 30)


def test_of_three_parts_any_two_are_settled():
    three = joint.join([SEX, REGION, VOTE])
    pairs = {(one.fine, one.coarse): one.under for one in joint.dependencies([SEX, REGION, VOTE, BOTH, three])}

    assert set(pairs) == {
        *(("sex*region", name) for name in ("sex", "region")),
        *(("sex*region*vote", name) for name in ("sex", "region", "vote", "sex*region")),
    }
    assert pairs["sex*region*vote", "sex*region"]["f&asia&no"] == ("f&asia",)


class Counting(Attacker):
    """Knows which combination each respondent's answers make."""

    def matches(self, profile: dict[str, object], place: Coordinate) -> bool:
        if place[0] != BOTH.id:
            return super().matches(profile, place)
        code = joint.code_of([str(profile["sex"]), str(profile["region"])])
        return code in self.pools.get(place, {place[1]})


@st.composite
def voters(draw: st.DrawFn) -> list[Record]:
    clump = st.tuples(
        st.sampled_from(["f", "m", None]),
        st.sampled_from(["africa", "asia", None]),
        st.sampled_from(["yes", "no", None]),
        st.integers(1, 14),
    )
    return [
        {"sex": sex, "region": region, "vote": vote}
        for sex, region, vote, size in draw(st.lists(clump, min_size=1, max_size=14))
        for _ in range(size)
    ]


@settings(max_examples=80, deadline=None)
@given(voters(), st.sampled_from([3, 5]))
def test_no_attacker_bounds_a_small_cell_by_what_stands_together(records, k):
    known, tables, depends = tables_of(records)

    audited = protect(known, tables, Thresholds.of(k), depends=depends)

    attacker = Counting([SEX, REGION, VOTE], list(audited.tables))
    for cell, need in audited.needs.items():
        assert attacker.width(cell) >= need, (cell, audited.tables)


def test_a_joint_variable_shows_what_the_table_of_its_parts_shows():
    """Given five women in Asia, they stay unknown as a combination too, and whoever is shown makes up the others."""
    records: list[Record] = [{"sex": "f", "region": "asia"}] * 5
    for sex, region in (("f", "africa"), ("m", "asia"), ("m", "africa")):
        records += [{"sex": sex, "region": region}] * 40
    known, tables, depends = tables_of([*records, *[{"sex": "f", "region": None, "vote": "yes"}] * 30])

    audited = protect(known, tables, Thresholds.of(10), depends=depends)

    shown = {(table.variable, table.by): table for table in audited.tables}
    hidden = {row.code for row in shown[BOTH.id, ""].rows if row.counts == (None,)}
    assert hidden == {"f&africa", "f&asia", "m&africa", "m&asia"}
    assert shown["vote", BOTH.id].groups[-1] == "f&africa+f&asia+m&africa+m&asia", "they stand together"
