"""What two releases tell together, when each alone is safe."""

from __future__ import annotations

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
