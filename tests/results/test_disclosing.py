"""The command line: protect a table, attack what was written, and say what is wrong with a file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main

SMALL = """region,sex,count
North,F,3
North,M,40
North,_total,43
South,F,25
South,M,30
South,_total,55
West,F,90
West,M,80
West,_total,170
_total,F,118
_total,M,150
_total,_total,268
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["disclosure", *map(str, words)])


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(name).read_text(encoding="utf-8").splitlines()))


def test_protect_writes_what_attack_cannot_break(run):
    write("table.csv", SMALL)

    done = run("protect", "table.csv", "--threshold", 10, "--out", "safe.csv", "--report", "why.json")

    assert (done.exit_code, done.output) == (0, "4 of 12 cells are hidden.\n")
    safe = rows("safe.csv")
    assert [tuple(row) for row in safe[:1]] == [("region", "sex", "count", "status")]
    hidden = [(row["region"], row["sex"]) for row in safe if row["status"] == "suppressed"]
    assert hidden == [("North", "F"), ("North", "M"), ("South", "F"), ("South", "M")]
    assert all((row["count"] == "") == (row["status"] == "suppressed") for row in safe)
    assert json.loads(run("attack", "safe.csv", "--format", "json").output) == [
        {"region": "North", "sex": "F", "lower": 0, "upper": 28},
        {"region": "North", "sex": "M", "lower": 15, "upper": 43},
        {"region": "South", "sex": "F", "lower": 0, "upper": 28},
        {"region": "South", "sex": "M", "lower": 27, "upper": 55},
    ]
    why = json.loads(Path("why.json").read_text(encoding="utf-8"))
    assert [(one["cell"], one["count"], one["why"]) for one in why["hidden"]][:2] == [
        ("region = North, sex = F", 3, "primary"),
        ("region = North, sex = M", 40, "complementary"),
    ]


def test_attack_tells_in_three_ways(run):
    write("safe.csv", "answer,count,status\nyes,,suppressed\nno,,suppressed\nnever,7,published\n_total,12,published\n")

    assert run("attack", "safe.csv").output == "answer = yes: 0 … 5\nanswer = no: 0 … 5\n"
    assert run("attack", "safe.csv", "--format", "csv").output == "answer,lower,upper\nyes,0,5\nno,0,5\n"


def test_attack_says_where_nothing_bounds_a_cell(run):
    write("safe.csv", "answer,count,status\nyes,,suppressed\nno,7,published\n_total,,suppressed\n")

    assert run("attack", "safe.csv").output == "answer = yes: 0 … ∞\n_total: 7 … ∞\n"
    assert json.loads(run("attack", "safe.csv", "--format", "json").output)[0]["upper"] is None


def test_attack_uses_everything_published_together(run):
    write("safe.csv", "region,sex,count\nN,F,\nN,M,\nN,_total,20\nS,F,\nS,M,\nS,_total,30\n_total,F,25\n_total,M,25\n")
    assert "no row for “_total”" in run("attack", "safe.csv").stderr
    with Path("safe.csv").open("a", encoding="utf-8") as file:
        file.write("_total,_total,50\n")
    assert "region = N, sex = M: 0 … 20" in run("attack", "safe.csv").output

    write(
        "more.csv",
        "sex,region,count\nF,N,8\nF,S,17\nF,_total,\nM,N,\nM,S,\nM,_total,\n_total,N,\n_total,S,\n_total,_total,\n",
    )
    told = json.loads(run("attack", "safe.csv", "more.csv", "--format", "json").output)
    assert told == [
        {"region": "N", "sex": "M", "lower": 12, "upper": 12},
        {"region": "S", "sex": "M", "lower": 13, "upper": 13},
    ]


def test_linked_tables_are_protected_together(run):
    write("table.csv", SMALL)
    write("regions.csv", "region,count\nNorth,43\nSouth,55\nWest,170\n_total,268\n")

    assert run("protect", "table.csv", "regions.csv", "--out", "a.csv").exit_code == 2
    done = run("protect", "table.csv", "regions.csv", "--out", "a.csv", "--out", "b.csv")

    assert done.exit_code == 0
    assert {row["status"] for row in rows("b.csv")} == {"published"}
    told = json.loads(run("attack", "a.csv", "b.csv", "--format", "json").output)
    assert all(row["upper"] - row["lower"] >= 10 for row in told)


def test_what_cannot_be_protected_is_named(run):
    write("table.csv", "answer,count\nyes,4\nno,3\n_total,7\n")

    refused = run("protect", "table.csv", "--out", "safe.csv")

    assert refused.exit_code == 2
    assert "“_total” cannot be protected" in refused.stderr
    assert not Path("safe.csv").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("answer,n\nyes,4\n", ["row 1", "There is no column “count”"]),
        ("count\n4\n", ["no column with categories"]),
        ("a,a,count\nx,y,4\n", ["Two columns are called “a”"]),
        ("upper,count\nx,4\n_total,4\n", ["“upper” is what a bound is called"]),
        ("a,b,count\nx,,4\n", ["row 2, b", "no category of “b”"]),
        ("a,count\nx,4\nx,4\n_total,8\n", ["row 3", "“a = x” stands in row 2 already"]),
        ("a,count\nx,4\ny,-1\n_total,3\n", ["row 3, count", "“-1” is no count"]),
        ("a,count\nx,4.5\n_total,4.5\n", ["“4.5” is no count"]),
        ("a,count\nx,4\ny,\n_total,4\n", ["row 3, count", "There is no count"]),
        ("a,count\nx,4\ny,3\n", ["“a” has no margin"]),
        (SMALL.replace("South,F,25\n", ""), ["no row for “region = South, sex = F”", "missing in all: 1"]),
        (SMALL.replace("North,F,3\n", "North,F,4\n"), ["“region = North” is 43, but its parts make 44"]),
        ("", ["no table in this file"]),
    ],
)
def test_files_that_are_wrong_say_where_and_what_to_do(run, text, told):
    refused = run("protect", write("table.csv", text), "--out", "safe.csv")

    assert refused.exit_code == 1
    assert [part for part in told if part not in refused.stderr] == []


def test_tables_of_other_people_are_not_taken_together(run):
    write("a.csv", "region,count\nN,20\nS,30\n_total,50\n")
    write("b.csv", "sex,count\nF,20\nM,31\n_total,51\n")

    refused = run("protect", "a.csv", "b.csv", "--out", "x.csv", "--out", "y.csv")

    assert refused.exit_code == 1
    assert "“_total” is 51 here and 50 in another table" in refused.stderr


@pytest.mark.parametrize(
    "text",
    [
        "a,count,status\nx,5,suppressed\ny,,suppressed\n_total,9,published\n",  # shows what it hides
        "a,b,count\nx,u,\nx,v,\nx,_total,9\ny,u,\ny,v,\ny,_total,2\n_total,u,4\n_total,v,4\n_total,_total,11\n",
    ],
)
def test_what_cannot_be_true_is_not_attacked(run, text):
    assert run("attack", write("safe.csv", text)).exit_code == 1


@pytest.mark.parametrize("columns", ["größe;l’âge", "status of stay;Count", "a b;=1+1"])
def test_columns_may_have_any_name_and_order(run, columns):
    first, second = columns.split(";")
    write("table.csv", SMALL.replace(",", ";").replace("region;sex;count", f"{columns};count"))

    assert run("protect", "table.csv", "--out", "safe.csv").exit_code == 0
    assert rows("safe.csv")[0] == {first: "North", second: "F", "count": "", "status": "suppressed"}


def test_cell_keys_change_a_little_and_the_same_way_again(run):
    write("table.csv", SMALL)
    write("secret", "0123456789abcdef")
    words = ("protect", "table.csv", "--method", "cell-key", "--out", "safe.csv")

    assert run(*words).exit_code == 2
    assert run(*words, "--key", "secret", "--report", "why.json").output == "0 of 12 cells are hidden.\n"

    first = rows("safe.csv")
    pairs = [(int(row["count"]), int(row["count_before"])) for row in _beside(first)]
    assert all(abs(shown - true) <= 5 and shown not in (1, 2) for shown, true in pairs)
    assert any(shown != true for shown, true in pairs)
    assert {row["status"] for row in first} == {"perturbed"}
    run(*words, "--key", "secret")
    assert rows("safe.csv") == first
    assert run("attack", "safe.csv").exit_code == 1
    assert run(*words, "--key", "secret", "--variance", "20").exit_code == 1


def _beside(safe):
    return [
        row | {"count_before": true["count"]}
        for row, true in zip(safe, csv.DictReader(io.StringIO(SMALL)), strict=True)
    ]


def test_cell_keys_can_come_with_the_table(run):
    write("table.csv", "a,count,cell_key\nx,7,11\ny,9,4000000000\n_total,16,4000000011\n")

    assert run("protect", "table.csv", "--method", "cell-key", "--out", "safe.csv").exit_code == 0
    assert [row["a"] for row in rows("safe.csv")] == ["x", "y", "_total"]
    write("table.csv", "a,count,cell_key\nx,7,11\ny,9,\n_total,16,12\n")
    refused = run("protect", "table.csv", "--method", "cell-key", "--out", "safe.csv")
    assert (refused.exit_code, "“” is no cell key" in refused.stderr) == (1, True)
