"""What marks opinion groups in a release: worked out from what it shows."""

from __future__ import annotations

import pytest

from consult.core.aggregation.tables import Category, Contributions, Dataset, Kind, Row, Table, Variable
from consult.core.text import LocalisedText
from consult.results import opinions
from consult.results.presentation import Reader

READER = Reader("en", str)
VOTES = ("agree", "pass", "disagree")


def text(words):
    return LocalisedText({"en": words})


def asked(name, *codes, label=""):
    categories = tuple(Category(code=code) for code in codes)
    return Variable(id=name, name=name, kind=Kind.SINGLE, label=text(label), categories=categories)


def table(name, codes, counts, by="", groups=("",), **given):
    rows = tuple(Row(code=code, counts=tuple(line)) for code, line in zip(codes, counts, strict=True))
    totals = tuple(sum(n or 0 for n in column) for column in zip(*counts, strict=True))
    return Table(variable=name, by=by, groups=groups, totals=totals, rows=rows, threshold=10, **given)


def dataset(*statements):
    """Two groups of 60 and 40, and for each statement how many of them agree, pass and disagree."""
    names = [f"statement_{number}" for number in range(len(statements))]
    return Dataset(
        activity="a",
        slug="draft",
        title=text("Draft policy"),
        unit="person",
        source="en",
        editions=((1, "0" * 64),),
        responses=100,
        variables=(
            asked("opinion_group", "A", "B"),
            *(asked(name, *VOTES, label=name.title()) for name in names),
        ),
        tables=(
            table("opinion_group", ("A", "B"), ((60,), (40,))),
            *(
                table(name, VOTES, counts, "opinion_group", ("A", "B"))
                for name, counts in zip(names, statements, strict=True)
            ),
        ),
        contributions=Contributions(of="participants"),
    )


class Content:
    def __init__(self, *datasets):
        self.datasets = datasets


APART = ((50, 5), (5, 5), (5, 30))
"""Most of A agree, most of B disagree."""
TOGETHER = ((50, 35), (5, 0), (5, 5))
HIDDEN = ((50, None), (5, None), (5, 30))


def found(*statements):
    return list(opinions.every(Content(dataset(*statements)), READER))


def test_what_a_group_holds_in_particular_is_said_with_its_share():
    (one,) = found(APART, TOGETHER)

    assert [group.heading for group in one.groups] == ["Group A: 60 participants", "Group B: 40 participants"]
    a, b = ([mark.sentence for mark in group.marks] for group in one.groups)
    assert a == ["Agrees (83%): Statement_0"]
    assert b == ["Disagrees (75%): Statement_0"]


def test_common_ground_is_what_most_of_every_group_agree_to():
    (one,) = found(APART, TOGETHER)

    assert [(shared.label, shared.shares) for shared in one.common] == [("Statement_1", ("83%", "88%", "0.71"))]


def test_the_consensus_is_the_product_of_the_shares_of_the_groups():
    assert opinions.consensus(dataset(TOGETHER)) == {"statement_0": round(51 / 62 * 36 / 42, 2)}


def test_what_is_hidden_is_left_out_and_this_is_said():
    (one,) = found(APART, HIDDEN)

    assert not one.common
    assert "1" in one.left_out
    assert opinions.consensus(dataset(HIDDEN)) == {}


@pytest.mark.parametrize("statements", [(), (HIDDEN,)])
def test_groups_without_a_statement_that_is_shown_are_marked_by_nothing(statements):
    (one,) = found(*statements)

    assert [group.marks for group in one.groups] == [(), ()]
