"""Votes come from two layouts of files into one matrix; what is wrong is told with its place."""

from __future__ import annotations

import pytest

from consult.core.errors import Refused
from consult.core.opinion.reading import read_groups, read_moderated, read_votes
from consult.core.opinion.votes import Vote, by_votes, collect, count, treated
from tests.core.opinion.conversing import matrix, votes


def test_the_latest_vote_counts_whatever_order_they_come_in():
    found = collect([Vote("b", "9", 1, 30), Vote("a", "10", 0, 5), Vote("b", "9", -1, 20), Vote("a", "9", 1, 7)])

    assert (found.participants, found.statements) == (("a", "b"), ("9", "10"))  # numbers by their value
    assert found.cells.tolist() == matrix("+0", "+.").tolist()


def test_of_votes_at_the_same_time_the_last_counts():
    assert collect([Vote("a", "1", 1, 0), Vote("a", "1", -1, 0)]).cells.tolist() == [[-1]]


@pytest.mark.parametrize(
    "content",
    [
        "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n7,,0,0,2,1,1,1,-1\n8,,,0,1,0,0,,0\n",
        "participant;0;1\n8;;0\n7;1;-1\n",
        "timestamp,datetime,comment-id,voter-id,vote\n3,x,1,7,-1\n2,x,0,7,1\n9,x,1,8,0\n8,x,1,8,1\n",
        "vote,voter-id,comment-id\n-1,7,1\n1,7,0\n1,8,1\n0,8,1\n",
    ],
)
def test_both_layouts_are_read(content):
    found = read_votes(content.encode(), "votes.csv")

    assert (found.participants, found.statements) == (("7", "8"), ("0", "1"))
    assert found.cells.tolist() == matrix("+-", ".0").tolist()


def test_statements_that_were_moderated_out_are_left_out_or_passed_by_everybody():
    found = votes("+-.", ".+0")

    assert treated(found, {"1"}, "exclude").cells.tolist() == matrix("+.", ".0").tolist()
    assert treated(found, {"1"}, "exclude").statements == ("0", "2")
    assert treated(found, {"1"}, "zero").cells.tolist() == matrix("+0.", ".00").tolist()


def test_votes_are_counted_by_statement():
    counts = count(matrix("+-.", ".+0", "+00"))

    assert [counts.agree.tolist(), counts.disagree.tolist(), counts.passed.tolist()] == [
        [2, 1, 0],
        [0, 1, 0],
        [0, 1, 2],
    ]
    assert counts.seen.tolist() == [2, 3, 2]


def test_the_order_of_rows_depends_on_their_votes_alone():
    rows = ["+-0", "0+.", "...", "--+"]
    ordered = matrix(*rows)[by_votes(matrix(*rows))].tolist()
    assert matrix(*rows[::-1])[by_votes(matrix(*rows[::-1]))].tolist() == ordered


REFUSALS = [
    ("a,b\n1,2\n", "opinion.layout", 1, ""),
    ("", "opinion.layout", 1, ""),
    ("participant,0\n", "opinion.empty", None, ""),
    ("participant,0\n1,\n", "opinion.empty", None, ""),
    ("participant,0,1\n1,1,0\n2,,2\n", "opinion.vote", 3, "1"),
    ("participant,0\n1,1\n1,1\n", "opinion.twice", 3, "participant"),
    ("participant,0,0\n1,1,1\n", "opinion.twice", 1, ""),
    ("participant,0\n,1\n", "opinion.identifier", 2, "participant"),
    ("participant,0\n1,1,1\n", "csv.cells", 2, ""),
    ("voter-id,vote\n1,1\n", "xlsform.column.missing", 1, ""),
    ("voter-id,comment-id,vote\n1,1,yes\n", "opinion.vote", 2, "vote"),
    ("voter-id,comment-id,vote\n1,,1\n", "opinion.identifier", 2, "comment-id"),
    ("voter-id,comment-id,vote\n,1,1\n", "opinion.identifier", 2, "voter-id"),
    ("timestamp,voter-id,comment-id,vote\nnoon,1,1,1\n", "opinion.time", 2, "timestamp"),
]


@pytest.mark.parametrize(("content", "code", "row", "column"), REFUSALS)
def test_what_is_no_file_of_votes_is_refused_with_its_place(content, code, row, column):
    with pytest.raises(Refused) as refused:
        read_votes(content.encode(), "v.csv")
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.row, problem.place.column) == (code, row, column)


def test_moderation_is_read():
    assert read_moderated(b"comment-id,moderated\n1,-1\n2,0\n3,1\n", "c.csv") == {"1"}
    with pytest.raises(Refused, match=r"opinion\.moderated"):
        read_moderated(b"comment-id,moderated\n1,out\n", "c.csv")


def test_groups_are_read():
    assert read_groups(b"participant,group\na,0\nb,\nc,12\n", "g.csv", ["a", "b", "c"]) == {"a": 0, "c": 12}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("participant,group\nx,0\n", "opinion.group.unknown"),
        ("participant,group\na,left\n", "opinion.group"),
        ("participant,group\na,0\na,1\n", "opinion.twice"),
        ("participant,group\na,\n", "opinion.empty"),
        ("participant\na\n", "xlsform.column.missing"),
    ],
)
def test_what_is_no_grouping_is_refused(content, code):
    with pytest.raises(Refused, match=code):
        read_groups(content.encode(), "g.csv", ["a"])
