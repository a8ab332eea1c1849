"""`consult lss` says what a survey of LimeSurvey contains and what is lost of it, and makes it a draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.config import Keys, Settings
from consult.core.questionnaire import document
from consult.db.installation import Installation
from consult.db.session import Database
from consult.questionnaires import queries
from consult.questionnaires.commands import lss
from tests.core.exchange.lss.making import Asked, Page
from tests.core.exchange.lss.making import lss as survey
from tests.factories.processes import make_activity, make_process


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "survey.lss"
    asked = [Asked("a", "N"), Asked("b", "S", relevance="a > 1"), Asked("c", "S", relevance="rand(1, 2) == 1")]
    found.write_bytes(survey(Page(asked, title="About you")))
    return found


def check(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(lss, ["check", str(path), *options])
    return result.exit_code, result.output


def test_a_survey_is_summarised_as_json_with_all_that_is_lost(path: Path) -> None:
    code, output = check(path, "--format", "json")
    found = json.loads(output)
    assert code == 0
    assert (found["title"], found["languages"], found["questions"], found["relevant"]) == ("Test", ["en"], 3, 1)
    assert found["file"]["distinct_questions"] == 3
    assert found["file"]["question_types"] == {"N": 1, "S": 2}
    assert found["warnings"] == [
        {
            "sheet": "About you",
            "row": None,
            "column": "c · relevance",
            "code": "lss.expression.lost",
            "message": "“rand(1, 2) == 1” was left out: “rand()” has no counterpart here. Write the condition anew "
            "before you publish.",
        }
    ]


def test_a_survey_is_summarised_as_text(path: Path) -> None:
    code, output = check(path)
    assert code == 0
    assert "questions: 3\n" in output
    assert "distinct_questions 3" in output
    assert "About you, c · relevance: “rand(1, 2) == 1” was left out" in output


def test_a_file_that_is_no_survey_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.lss"
    path.write_bytes(b"<html/>")
    code, output = check(path, "--format", "json")
    assert code == 1
    assert [problem["code"] for problem in json.loads(output)["problems"]] == ["lss.file.not_a_survey"]
    assert check(path)[1].startswith("file: This is no survey of LimeSurvey")


def test_a_survey_becomes_a_draft(database: Database, settings: Settings, keys: Keys, path: Path) -> None:
    with database.transaction() as session:
        activity = make_activity(session, make_process(session, slug="labour"), slug="survey")
    installation = Installation(settings, keys, database)
    arguments = ["import", str(path), "--process", "labour", "--activity", "survey"]
    result = CliRunner().invoke(lss, arguments, obj=lambda: installation)
    assert result.exit_code == 0, result.output
    assert "draft 1 of survey" in result.output
    published = CliRunner().invoke(lss, [*arguments, "--publish"], obj=lambda: installation)
    assert "edition 1 of survey, SHA-256 " in published.output
    with database.reading() as session:
        draft = queries.draft(session, activity.id)
        assert draft is not None
        assert [each["code"] for each in draft.warnings] == ["lss.expression.lost"]
        names = [question.name for question in document.decode(draft.document).questions()]
        assert names == ["a", "b", "c"]
    path.write_bytes(b"<html/>")
    refused = CliRunner().invoke(lss, arguments, obj=lambda: installation)
    assert (refused.exit_code, "lss.file.not_a_survey" in refused.output) == (1, True)
