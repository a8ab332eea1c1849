"""The command line: the same releases, with exit codes."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.db.installation import Installation
from consult.processes.models import Process
from consult.results.models import Release
from tests.results.surveying import Survey


@pytest.fixture
def survey(database, settings, keys, now):
    found = Survey(database, settings, keys, now)
    found.answer_at_random(200)
    return found


@pytest.fixture
def run(survey, settings, keys, monkeypatch):
    monkeypatch.setattr("consult.cli.open_installation", lambda _: Installation(settings, keys, survey.database))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_from_freezing_to_publishing(run, survey):
    frozen = run("releases", "freeze", survey.slug, "--title", "Spring", "--by", "sex")
    assert (frozen.exit_code, frozen.output) == (0, f"1 {survey.release().hash}\n")
    assert run("releases", "publish", survey.slug, 1).exit_code == 0

    (told,) = json.loads(run("releases", "list", survey.slug, "--format", "json").output)
    assert (told["number"], told["title"], told["state"]) == (1, "Spring", "published")
    assert run("releases", "verify", survey.slug).output == "1: intact, safe, recomputed\n"


def test_refusals_are_named(run, survey):
    run("releases", "freeze", survey.slug)
    run("releases", "publish", survey.slug, 1)
    survey.answer([{"country": "GB", "sex": "female"}] * 2)

    again = run("releases", "freeze", survey.slug)

    assert again.exit_code == 2
    assert "“country = GB” was" in again.stderr
    assert run("releases", "publish", survey.slug, 1).exit_code == 2
    assert run("releases", "freeze", "nowhere").exit_code == 1
    assert run("releases", "publish", survey.slug, 9).exit_code == 1


def test_a_damaged_release_fails_verification(run, survey):
    run("releases", "freeze", survey.slug)
    with survey.database.transaction() as session:
        release = session.get_one(Release, (survey.process_id, 1))
        release.content = release.content + b" "

    found = run("releases", "verify", survey.slug)

    assert (found.exit_code, found.output) == (1, "1: DAMAGED, BROKEN, data have changed since\n")


def test_refresh(run):
    assert run("results", "refresh").exit_code == 0


def test_a_release_is_planned_looked_at_frozen_and_compared(run, survey, settings, keys):
    job = run("releases", "plan", survey.slug, "--title", "Spring", "--by", "sex").output.strip()
    again = run("releases", "plan", survey.slug)
    assert (again.exit_code, again.stdout.strip()) == (2, job)
    survey.work()
    assert run("jobs", "follow", job).exit_code == 0
    (told,) = json.loads(run("jobs", "list", survey.slug, "--format", "json").output)
    assert (told["job"], told["task"], told["state"]) == (job, "results.draft", "done")

    shown = list(csv.DictReader(io.StringIO(run("releases", "preview", survey.slug, job, "--format", "csv").output)))
    assert {row["question"] for row in shown} >= {"country", "sex", "topics"}
    assert not [row for row in shown if row["count"] and 0 < int(row["count"]) < 10]
    assert f"{job}  Spring  draft" in run("releases", "list", survey.slug).output
    frozen = run("releases", "freeze", survey.slug, "--draft", job)
    assert (frozen.exit_code, frozen.output) == (0, f"1 {survey.release().hash}\n")
    assert run("releases", "freeze", survey.slug, "--draft", job).exit_code == 1

    survey.answer_at_random(300)
    assert run("releases", "freeze", survey.slug, "--by", "country_of_residence").exit_code == 0
    changes = json.loads(run("releases", "compare", survey.slug, 1, 2, "--format", "json").output)
    assert {change["what"] for change in changes} == {"changed", "new", "gone"}
    assert run("releases", "compare", survey.slug, 1, 1).output == ""
    checked = json.loads(run("releases", "verify", survey.slug, "--format", "json").output)
    assert [(one["number"], one["hash"]) for one in checked] == [(2, "intact"), (1, "intact")]


def test_a_release_is_withdrawn_with_a_note_in_every_locale(run, survey):
    with survey.database.transaction() as session:
        session.get_one(Process, survey.process_id).locales = ["en", "fr"]
    notes = ("--note", "en=A country was counted twice.", "--note", "fr=Un pays était compté deux fois.")
    run("releases", "freeze", survey.slug)
    assert run("releases", "withdraw", survey.slug, 1, *notes).exit_code == 2
    run("releases", "publish", survey.slug, 1)
    assert run("releases", "withdraw", survey.slug, 1, *notes[:2]).exit_code == 2

    assert run("releases", "withdraw", survey.slug, 1, *notes).exit_code == 0

    (told,) = json.loads(run("releases", "list", survey.slug, "--format", "json").output)
    assert told["state"] == "withdrawn"
    assert dict(survey.release().note or {}) == {"en": notes[1][3:], "fr": notes[3][3:]}
    assert run("export", "release", survey.slug, 1, "--out", "x.csv").exit_code == 1


def test_a_job_is_cancelled(run, survey):
    job = run("releases", "plan", survey.slug).output.strip()
    assert run("jobs", "cancel", job).exit_code == 0
    assert run("jobs", "cancel", job).exit_code == 1
    assert run("jobs", "follow", job).exit_code == 3
