"""The command line: the same releases, with exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.db.installation import Installation
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

    assert (found.exit_code, found.output) == (1, "1: DAMAGED, BROKEN, responses have changed since\n")


def test_refresh(run):
    assert run("results", "refresh").exit_code == 0
