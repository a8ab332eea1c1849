"""`consult opinions`: groups from a file, and why a file is refused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.core.opinion.analysis import VERSION

HEADER = "participant," + ",".join(map(str, range(8)))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [f"{at}," + ",".join(["1", "-1"][at % 2] for _ in range(7)) + ",1" for at in range(24)]
    tmp_path.joinpath("votes.csv").write_text("\n".join([HEADER, *rows]))
    tmp_path.joinpath("comments.csv").write_text("comment-id,moderated\n0,-1\n1,1\n")
    tmp_path.joinpath("groups.csv").write_text("participant,group\n0,1\n1,0\n2,\n")
    return lambda *words: CliRunner().invoke(main, ["opinions", *words])


def test_groups_are_printed_as_json(run):
    result = run("votes.csv", "--comments", "comments.csv", "--format", "json")
    found = json.loads(result.output)

    assert result.exit_code == 0
    assert found.keys() == {
        "participants", "groups", "statements", "majority", "silhouette", "stability", "version",
    }  # fmt: skip
    assert found["participants"][0].keys() == {"participant", "x", "y", "group"}
    assert [person["group"] for person in found["participants"][:4]] in ([0, 1, 0, 1], [1, 0, 1, 0])
    assert [(group["group"], group["size"], len(group["represents"])) for group in found["groups"]] == [
        (0, 12, 5),
        (1, 12, 5),
    ]
    assert {mark["statement"] for group in found["groups"] for mark in group["represents"]} <= set("123456")
    first, *others, last = found["statements"]
    assert (first["statement"], first["moderated_out"], first["priority"]) == ("0", True, None)
    assert (last["agree"], last["disagree"], last["pass"]) == (24, 0, 0)
    assert last["consensus"] == (13 / 14) ** 2
    assert all(statement["priority"] > 0 for statement in others)
    assert found["stability"]["mean"] == 1
    assert found["version"] == VERSION


def test_a_grouping_is_taken_as_it_is(run):
    found = json.loads(run("votes.csv", "--groups", "groups.csv", "--format", "json").output)

    assert [(group["group"], group["size"]) for group in found["groups"]] == [(0, 1), (1, 1)]
    assert [person["group"] for person in found["participants"][:3]] == [1, 0, None]
    assert found["stability"] == {"runs": 0, "mean": None, "low": None}


def test_groups_that_are_too_small_are_not_shown(run):
    assert run("votes.csv", "--threshold", "13").output.startswith("no distinct groups\n")


def test_a_file_that_holds_something_else_is_refused_with_row_and_column(run, tmp_path):
    tmp_path.joinpath("bad.csv").write_text(f"{HEADER}\n0,1,1,1,1,1,1,1,1\n1,1,1,maybe,1,1,1,1,1\n")
    result = run("bad.csv")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "bad.csv, row 3, 2: “maybe” is not a vote. Write 1 for agree, -1 for disagree, 0 for pass. [opinion.vote]\n"
    )
    assert run("votes.csv", "--groups", "groups.csv", "--k", "2").exit_code == 2
