"""What two releases tell together, when each alone is safe."""

from __future__ import annotations

import msgspec
import pytest

from consult.core.aggregation.compare import broken_together, too_close
from consult.core.aggregation.tables import Key, Row, Table, key

SIZES = {"A": 40, "B": 20, "C": 60, "D": 32, "E": 24, "B+C": 80}
HIDDEN = (None, None)


def lands(**counts: int) -> Table:
    rows = tuple(Row(code=code, counts=(count,)) for code, count in counts.items())
    return Table(variable="land", totals=(sum(counts.values()),), rows=rows, threshold=10)


def sexes(f: int, m: int) -> Table:
    return Table(
        variable="sex", totals=(f + m,), rows=(Row(code="f", counts=(f,)), Row(code="m", counts=(m,))), threshold=10
    )


def crossed(groups: dict[str, tuple[int | None, int | None]]) -> Table:
    """Women and men by land; groups named `B+C` stand together."""
    return Table(
        variable="sex",
        by="land",
        groups=tuple(groups),
        totals=tuple(SIZES[group] for group in groups),
        rows=(
            Row(code="f", counts=tuple(pair[0] for pair in groups.values())),
            Row(code="m", counts=tuple(pair[1] for pair in groups.values())),
        ),
        pooled_groups={group: tuple(group.split("+")) for group in groups if "+" in group},
        threshold=10,
    )


def cell(sex: str, land: str) -> Key:
    return key(("sex", sex), ("land", land))


def test_a_category_that_stood_with_others_is_compared_with_their_sum():
    earlier = crossed({"A": (20, 20), "B+C": (40, 40)})
    later = crossed({"A": (20, 20), "B": (10, 10), "C": (33, 30)})

    assert [(close.key, close.earlier, close.later) for close in too_close([earlier], [later])] == [
        (key(("sex", "f")), 60, 63),
        (cell("f", "B+C"), 40, 43),
    ]


def test_a_hidden_cell_must_not_follow_from_one_in_which_it_stands_with_others():
    margins = [lands(A=40, B=20, C=60, D=32, E=24), sexes(81, 95)]
    earlier = [*margins, crossed({"A": (20, 20), "B": HIDDEN, "C": (32, 28), "D": HIDDEN, "E": HIDDEN})]
    later = [*margins, crossed({"A": (20, 20), "B+C": (40, 40), "D": HIDDEN, "E": HIDDEN})]
    secret = {cell("f", "B"): 10}

    assert not broken_together(earlier, earlier, secret)
    assert not broken_together(later, later, secret)
    assert [weak.interval for weak in broken_together(earlier, later, secret)] == [(8, 8)]


def test_as_many_responses_but_others_are_not_one_system():
    assert broken_together([lands(A=40, B=20, C=60)], [lands(A=60, B=20, C=40)], {key(("land", "B")): 10}) == []


def by_land(threshold: int = 10, **counts: tuple[int, int]) -> Table:
    """How many women and men there are of each land."""
    return Table(
        variable="sex",
        by="land",
        groups=tuple(counts),
        totals=tuple(map(sum, counts.values())),
        rows=(
            Row(code="f", counts=tuple(pair[0] for pair in counts.values())),
            Row(code="m", counts=tuple(pair[1] for pair in counts.values())),
        ),
        threshold=threshold,
    )


BEFORE = {"A": (30, 20), "B": (40, 30), "C": (20, 30)}


@pytest.mark.parametrize(
    ("later", "alike"),
    [
        ({}, set()),
        ({"A": (45, 35), "B": (60, 45)}, set()),
        ({"A": (75, 65)}, {"f A", "m A", "A"}),
        ({"A": (75, 40), "B": (40, 50)}, {"f A", "m B"}),
        ({"A": (75, 20), "B": (70, 45)}, {"f A", "m B"}),
        ({"A": (75, 65), "B": (20, 10)}, {"A", "B", "f A", "f B", "m A", "m B"}),
    ],
    ids=["same", "both", "one-group", "one-row-each", "all-of-a-group", "one-came-one-went"],
)
def test_what_came_in_between_must_not_be_all_alike(later, alike):
    after = {**BEFORE, **later}

    found = too_close([by_land(**BEFORE)], [by_land(**after)], alike={"land"})

    told = {" ".join(code for name, code in sorted(one.key, reverse=True)) for one in found if one.alike}
    assert told == alike
    assert not too_close([by_land(**BEFORE)], [by_land(**after)])


def test_who_is_hidden_counts_among_those_who_came_where_they_are_many():
    before, after = [lands(A=40, B=60, C=50), lands(A=80, B=60, C=50)]
    hidden = msgspec.structs.replace(
        after,
        totals=(220,),
        rows=(after.rows[0], *(msgspec.structs.replace(row, counts=(None,)) for row in after.rows[1:])),
    )

    assert [one.key for one in too_close([before], [after], alike={"land"})] == [key(("land", "A"))]
    assert not too_close([before], [hidden], alike={"land"})
