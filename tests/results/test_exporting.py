"""The command line of statisticians: tables, files of releases, single records; formats and exit codes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from consult.audit.models import Entry
from consult.cli import main
from consult.db.installation import Installation
from consult.processes.models import Activity
from consult.results.content import content_of
from consult.results.exports import FORMATS
from tests.results.surveying import Survey


@pytest.fixture
def survey(sqlite, settings, keys, now):
    found = Survey(sqlite, settings, keys, now)
    found.answer_at_random(300)
    return found


@pytest.fixture
def run(survey, settings, keys, monkeypatch, tmp_path):
    monkeypatch.setattr("consult.cli.open_installation", lambda _: Installation(settings, keys, survey.database))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def released(survey):
    survey.publish(survey.freeze())
    return survey


@pytest.fixture
def activity(survey):
    with survey.database.reading() as session:
        return session.get_one(Activity, survey.activity_id).slug


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


# --- tables ---


def test_a_table_is_that_of_the_release(run, released):
    found = run("tables", released.slug, "--question", "sex", "--format", "csv")

    assert found.exit_code == 0
    (dataset,) = content_of(released.release().content).datasets
    table = next(one for one in dataset.one_way() if one.variable == released.ids["sex"])
    shown = {row["category"]: row["count"] for row in rows(found.output)}
    assert shown == {row.code: "" if row.counts[0] is None else str(row.counts[0]) for row in table.rows}


def test_a_table_is_broken_down_by_a_concept(run, released):
    found = json.loads(run("tables", released.slug, "--question", "topics", "--by", "sex", "--format", "json").output)

    assert {row["by"] for row in found} == {"sex"}
    assert {row["question"] for row in found} == {"topics"}
    assert {row["status"] for row in found} <= {"published", "suppressed"}
    assert all((row["count"] is None) is (row["status"] == "suppressed") for row in found)


def test_a_table_can_be_read_in_a_terminal(run, released):
    text = run("tables", released.slug, "--question", "sex", "--locale", "fr").output

    assert "sex en français" in text
    assert "male (fr)" in text
    assert "Nombre" in text or "Effectif" in text


def test_the_list_of_tables_says_what_can_be_asked_for(run, released):
    found = json.loads(run("tables", released.slug, "--list", "--format", "json").output)

    assert {"activity", "question", "by", "concept", "label"} == set(found[0])
    assert ("topics", "sex") in {(row["question"], row["by"]) for row in found}
    assert run("tables", released.slug, "--list").output.startswith("activity")
    assert len(rows(run("tables", released.slug, "--list", "--format", "csv").output)) == len(found)


def test_summaries_of_numbers_are_in_the_table(run, released):
    found = rows(run("tables", released.slug, "--question", "age", "--format", "csv").output)

    assert next(row["category_label"] for row in found if row["status"] == "summary") == "Mean"
    assert all(row["value"] for row in found if row["status"] == "summary")


def test_there_are_no_tables_of_what_is_not_published(run, survey):
    assert run("tables", survey.slug).exit_code == 1
    survey.freeze()
    assert run("tables", survey.slug).exit_code == 1
    assert run("tables", survey.slug, "--release", "1").exit_code == 1
    assert run("tables", "nowhere").exit_code == 1
    survey.publish(1)
    assert run("tables", survey.slug, "--question", "nothing").exit_code == 1
    assert run("tables", survey.slug, "--format", "xml").exit_code == 2


# --- files of a release ---


@pytest.mark.parametrize("extension", FORMATS)
def test_a_release_is_written_in_every_format(run, released, tmp_path, extension):
    done = run("export", "release", released.slug, 1, "--out", f"r.{extension}")

    assert (done.exit_code, done.output) == (0, "")
    assert (tmp_path / f"r.{extension}").stat().st_size > 1000
    assert not list(tmp_path.glob(".r.*"))


def test_archives_of_pictures_are_known_by_their_whole_ending(run, released, tmp_path):
    run("export", "release", released.slug, 1, "--out", "r.svg.zip")

    with zipfile.ZipFile(tmp_path / "r.svg.zip") as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".svg"}


def test_a_release_goes_to_standard_output(run, released):
    done = run("export", "release", released.slug, 1, "--out", "-", "--format", "csv", "--locale", "ar")

    assert done.stdout_bytes.startswith("\ufeffactivity,question".encode())
    assert "male (ar)" in done.output


def test_what_cannot_be_exported_is_told_by_the_exit_code(run, released, tmp_path):
    assert run("export", "release", released.slug, 9, "--out", "x.csv").exit_code == 1
    assert run("export", "release", "nowhere", 1, "--out", "x.csv").exit_code == 1
    assert run("export", "release", released.slug, 1, "--out", "x.exe").exit_code == 2
    assert run("export", "release", released.slug, 1, "--out", "no/folder/x.csv").exit_code == 1
    assert not list(tmp_path.glob("x.*"))


# --- single records ---


def test_records_are_written_with_their_report(run, survey, activity, tmp_path):
    done = run("export", "microdata", survey.slug, activity, "--out", "records.zip", "--format", "json")

    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["records"] == 300
    assert report["after"]["at_risk"] == 0
    with zipfile.ZipFile(tmp_path / "records.zip") as archive:
        assert {"data.csv", "data.sav", "data.dta", "read.R"} <= set(archive.namelist())
    with survey.database.reading() as session:
        (entry,) = session.scalars(select(Entry).where(Entry.action == "results.microdata_fetch"))
        assert entry.subject == f"{survey.slug}/{activity}"


def test_the_report_can_be_had_alone(run, survey, activity, tmp_path):
    done = run("export", "microdata", survey.slug, activity, "--key", "sex", "--variable", "sex")

    assert "Records: 300" in done.output
    assert not list(tmp_path.glob("*.zip"))


def test_records_at_risk_are_refused_unless_somebody_answers_for_them(run, survey, activity, tmp_path):
    words = ("export", "microdata", survey.slug, activity, "--out", "r.zip", "--keep-rare", "--file-format", "csv")
    keys = ("--key", "country", "--key", "sex", "--key", "age", "--exact", "age")

    refused = run(*words, *keys)

    assert refused.exit_code == 2
    assert "--accept-risk" in refused.stderr
    assert not (tmp_path / "r.zip").exists()
    assert run(*words, *keys, "--accept-risk").exit_code == 0
    with zipfile.ZipFile(tmp_path / "r.zip") as archive:
        assert "data.csv" in archive.namelist()
        assert "data.sav" not in archive.namelist()


def test_what_there_is_no_record_of_is_told_by_the_exit_code(run, survey, activity):
    assert run("export", "microdata", survey.slug, "nothing").exit_code == 1
    assert run("export", "microdata", "nowhere", activity).exit_code == 1
    assert run("export", "microdata", survey.slug, activity, "--key", "nothing").exit_code == 2
    assert run("export", "microdata", survey.slug, activity, "--exact", "sex").exit_code == 2
    assert run("export", "microdata", survey.slug, activity, "--out", "no/folder/r.zip").exit_code == 2
    assert run("export", "--help").exit_code == run("export", "microdata", "--help").exit_code == 0
