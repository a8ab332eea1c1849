"""The command line for weights, on plain files and without an installation."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main

DATA = """id,sex,age,income,country,stratum,village,drawn
a,f,18-29,100,GH,x,1,0.5
b,m,18-29,200,NA,x,1,0.5
c,f,30-44,,GH,x,2,0.5
d,m,30-44,400,NA,y,3,0.25
e,f,30-44,150,GH,y,3,0.25
f,f,45+,1e2,GH,y,4,0.25
"""
MARGINS = """variable,category,total
sex,f,60
sex,m,40
age,18-29,30
age,30-44,40
age,45+,30
"""


class Desk:
    """A folder with files, and the command."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.write("data.csv", DATA)
        self.write("margins.csv", MARGINS)

    def write(self, name, text):
        self.folder.joinpath(name).write_bytes(text.encode())

    def run(self, *words):
        files = {path.name: str(path) for path in self.folder.iterdir()} | {"w.csv": str(self.folder / "w.csv")}
        return CliRunner().invoke(main, ["weights", *(files.get(word, word) for word in words)])

    def rake(self, *words):
        return self.run("rake", "data.csv", "--margins", "margins.csv", "--out", "w.csv", *words)

    def estimate(self, *words):
        return self.run("estimate", "data.csv", "--weights", "w.csv", *words)

    def weights(self):
        with self.folder.joinpath("w.csv").open(encoding="utf-8") as file:
            return list(csv.reader(file))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr("consult.cli.open_installation", lambda _: pytest.fail("needs an installation"))
    return Desk(tmp_path)


def refused(result):
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr


def test_weights_are_written_with_an_identifier_or_the_row(desk):
    assert desk.rake().exit_code == 0
    by_row = desk.weights()
    assert desk.rake("--id", "id").exit_code == 0
    by_id = desk.weights()

    assert [row[0] for row in by_row] == ["row", "1", "2", "3", "4", "5", "6"]
    assert [row[0] for row in by_id] == ["id", "a", "b", "c", "d", "e", "f"]
    assert [row[1] for row in by_row] == [row[1] for row in by_id]
    assert sum(float(weight) for _, weight in by_id[1:]) == pytest.approx(100)


def test_the_report_says_how_it_went_and_who_was_reached(desk):
    report = json.loads(desk.rake("--format", "json").stdout)

    assert (report["respondents"], report["trimmed"], report["sum"]) == (6, 0, pytest.approx(100))
    assert report["deviation"] <= 1e-10
    assert report["n_eff_kish"] == pytest.approx(6 / report["deff_kish"])
    first = report["categories"][0]
    assert (first["variable"], first["category"], first["n"], first["total"]) == ("sex", "f", 4, 60)
    assert (first["raw_share"], first["margin_share"]) == pytest.approx((4 / 6, 0.6))
    assert "greatest_rate: 0.075 (age: 30-44)" in desk.rake().stdout


def test_trimmed_weights_miss_the_margins_and_both_commands_say_so(desk):
    report = json.loads(desk.rake("--upper", "25", "--format", "json").stdout)
    assert max(float(weight) for _, weight in desk.weights()[1:]) == 25

    found = desk.estimate("--var", "income", "--margins", "margins.csv")

    assert report["trimmed"] == 1
    assert [each["weighted"] for each in report["categories"] if each["category"] == "45+"] == [25]
    assert found.exit_code == 0
    assert "“45+” of “age” is 16.667 % off its total" in found.stderr


def test_estimates_have_the_fields_that_are_promised(desk):
    desk.rake()
    (found,) = json.loads(desk.estimate("--var", "income", "--margins", "margins.csv", "--format", "json").stdout)

    assert list(found) == ["by", "category", "n", "estimate", "se", "ci", "deff", "n_eff", "raw"]
    assert (found["by"], found["category"], found["n"], found["raw"]) == (None, None, 5, 190)
    assert found["ci"][0] < found["estimate"] < found["ci"][1]
    assert found["n_eff"] == pytest.approx(5 / found["deff"])


def test_a_margin_can_cross_variables(desk):
    desk.write("margins.csv", "variable,category,total\nsex:stratum,f:x,10\nsex:stratum,f:y,20\n"
               "sex:stratum,m:x,30\nsex:stratum,m:y,40\n")  # fmt: skip
    desk.rake()

    assert [float(weight) for _, weight in desk.weights()[1:]] == pytest.approx([5, 30, 5, 40, 10, 10])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--var", "income"], [(None, None, 5)]),
        (["--var", "country"], [(None, "GH", 6), (None, "NA", 6)]),  # NA is Namibia
        (["--var", "country", "--by", "sex"], [("f", "GH", 4), ("f", "NA", 4), ("m", "GH", 2), ("m", "NA", 2)]),
        (["--var", "village", "--statistic", "share"], [(None, each, 6) for each in "1234"]),
        (["--var", "income", "--statistic", "total", "--by", "sex"], [("f", None, 3), ("m", None, 2)]),
        (["--var", "sex", "--statistic", "total"], [(None, "f", 6), (None, "m", 6)]),
        (["--var", "income", "--statistic", "quantile:0.5"], [(None, None, 5)]),
        (["--var", "income", "--strata", "stratum", "--cluster", "village", "--fpc", "drawn"], [(None, None, 5)]),
    ],
)
def test_what_can_be_estimated(desk, words, expected):
    desk.rake("--id", "id")
    found = json.loads(desk.estimate(*words, "--format", "json").stdout)

    assert [(row["by"], row["category"], row["n"]) for row in found] == expected


def test_numbers_written_by_r_are_numbers(desk):
    desk.write("data.csv", DATA.replace("c,f,30-44,,", "c,f,30-44,NA,"))
    desk.rake()

    assert json.loads(desk.estimate("--var", "income", "--format", "json").stdout)[0]["n"] == 5


def test_the_order_of_weights_does_not_matter_where_they_have_an_identifier(desk):
    desk.rake("--id", "id")
    before = desk.estimate("--var", "income").stdout
    head, *rows = desk.folder.joinpath("w.csv").read_text().splitlines()
    desk.write("w.csv", "\n".join([head, *reversed(rows)]))

    assert desk.estimate("--var", "income").stdout == before


def test_csv_is_safe_in_a_spreadsheet(desk):
    desk.write("data.csv", DATA.replace("GH", "=GH"))
    desk.rake()
    lines = list(csv.DictReader(desk.estimate("--var", "country", "--format", "csv").stdout.splitlines()))

    assert [line["category"] for line in lines] == ["'=GH", "NA"]
    assert float(lines[0]["estimate"]) + float(lines[1]["estimate"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "words", "said"),
    [
        (("f,f,45+", "f,,45+"), [], "“sex” is empty for some respondents (1)."),
        (
            ("f,f,45+", "f,f,30-44"),
            [],
            "Nobody in the data is in the category “45+” of “age”, whose total is 30. Merge it,",
        ),
        (("a,f,", "a,x,"), [], "The category “x” of “sex” has no total in the margins; respondents in it: 1."),
        (("", ""), ["--base-weight", "nope"], "data.csv, row 1: The column “nope” is missing."),
        (("", ""), ["--base-weight", "income"], "data.csv, row 4, income: This cell is empty."),
        (("", ""), ["--base-weight", "sex"], "data.csv, row 2, sex: “f” is not a number."),
        (("0.25\n", "0\n"), ["--base-weight", "drawn"], "data.csv, row 5, drawn: “0” is too low"),
        (("", ""), ["--id", "sex"], "data.csv, row 1, sex: The identifier “f” stands in several rows (4)."),
        (("id,", "row,"), [], "There is a column “row”. Say with --id row"),
        (("", ""), ["--upper", "16"], "No weights between 0 and 16 have the right sum: their mean must be 16.666667."),
    ],
)
def test_data_that_cannot_be_weighted_are_refused_with_the_place(desk, change, words, said):
    desk.write("data.csv", DATA.replace(*change) if change[0] else DATA)

    assert said in refused(desk.rake(*words))
    assert not desk.folder.joinpath("w.csv").exists()


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        (MARGINS.replace("45+,30", "45+,30.5"), "The totals of “age” add up to 100.5, those of “sex” to 100."),
        (MARGINS.replace("total", "sum"), "margins.csv, row 1: The column “total” is missing."),
        (MARGINS.replace("m,40", "m,forty"), "margins.csv, row 3, total: “forty” is not a number."),
        (MARGINS.replace("m,40", "m,-40"), "margins.csv, row 3, total: “-40” is too low"),
        (MARGINS + "sex,f,60\n", "The category “f” of “sex” stands in the margins more than once."),
        (MARGINS.replace("sex", "gender"), "The column “gender” is missing."),
        ("variable,category,total\n", "There is no table in this file."),
    ],
)
def test_margins_that_cannot_be_met_are_refused(desk, margins, said):
    desk.write("margins.csv", margins)

    assert said in refused(desk.rake())


def test_a_category_without_persons_is_passed_over(desk):
    desk.write("margins.csv", MARGINS + "age,0-17,0\n")

    assert desk.rake().exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--var", "nope"], "The column “nope” is missing."),
        (["--var", "sex", "--statistic", "quantile:0.5"], "data.csv, row 2, sex: “f” is not a number."),
        (["--var", "sex", "--statistic", "quantile:1"], "with Q between 0 and 1"),
        (["--var", "sex", "--statistic", "mode"], "one of mean|share|total|quantile:Q"),
        (["--var", "income", "--strata", "age"], "The stratum “45+” has a single cluster or respondent"),
        (
            ["--var", "income", "--fpc", "drawn"],
            "The size of the population varies within the stratum “all”, from 0.25",
        ),
    ],
)
def test_what_cannot_be_estimated_is_refused(desk, words, said):
    desk.rake()

    assert said in refused(desk.estimate(*words))


def test_weights_belong_to_their_data(desk):
    desk.rake("--id", "id")
    desk.write("data.csv", "\n".join(DATA.splitlines()[:4]))
    assert "There are weights of nobody in the data: 3, the first with “d” in “id”." in refused(
        desk.estimate("--var", "income")
    )
    desk.write("data.csv", DATA + "g,f,45+,1,GH,y,4,0.25\n")
    assert "There are respondents without a weight: 1, the first with “g” in “id”." in refused(
        desk.estimate("--var", "income")
    )


def test_many_problems_are_not_told_one_by_one(desk):
    desk.write("data.csv", DATA + "".join(f"{number},f,45+,x,GH,y,4,0.25\n" for number in range(50)))
    said = refused(desk.rake("--base-weight", "income")).splitlines()
    desk.rake()
    many = refused(desk.estimate("--var", "income", "--statistic", "quantile:0.5")).splitlines()

    assert len(said) == 1
    assert len(many) == 21
    assert "not shown here: 30" in many[-1]


def test_a_file_that_cannot_be_written_is_another_failure(desk):
    found = desk.run("rake", "data.csv", "--margins", "margins.csv", "--out", str(desk.folder / "none" / "w.csv"))

    assert found.exit_code == 1
    assert "No such file" in found.stderr


def test_an_answer_that_nobody_gave(desk):
    desk.write("data.csv", re.sub(r"(GH|NA)", "", DATA))
    desk.rake()

    assert "There is no answer in the column “country”" in refused(desk.estimate("--var", "country"))
