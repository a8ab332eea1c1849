"""`consult consultations text` compares files and makes one the draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.config import Keys, Settings
from consult.consultations import queries
from consult.consultations.text_commands import consultations
from consult.db.installation import Installation
from consult.db.session import Database
from tests.factories.consultations import make_consultation
from tests.factories.processes import make_activity

FIXTURES = Path(__file__).parents[2] / "docs" / "fixtures"


def run(*arguments: str, obj: object = None) -> tuple[int, str]:
    result = CliRunner().invoke(consultations, ["text", *arguments], obj=obj)
    return result.exit_code, result.output


def test_two_files_are_compared() -> None:
    files = [str(FIXTURES / f"migration-policy-{number}.md") for number in (1, 2)]
    code, output = run("compare", *files, "--format", "json")
    rows = json.loads(output)
    assert code == 0
    assert [row["text"][:20] for row in rows if row["change"] == "deleted"] == [
        "By the authority ves",
        "(iii) humanitarian a",
    ]
    (merged,) = [row for row in rows if row["text"].startswith("(a) The Assistant")]
    assert merged["change"] == "merged" and len(merged["from"]) == 3
    assert "moved: Sec. 2. Expansion of Lawful Pathways" in run("compare", *files)[1]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "policy.pdf"
    wrong.write_bytes(b"%PDF")
    code, output = run("compare", str(wrong), str(wrong))
    assert code == 2 and "[drafting.file.unknown]" in output


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_is_published(database: Database, settings: Settings, keys: Keys) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
        other = make_activity(session, activity.process).slug
    installation = Installation(settings, keys, database)
    file = str(FIXTURES / "migration-policy-1.md")
    code, output = run("import", file, "--activity", activity.slug, "--publish", obj=lambda: installation)
    with database.reading() as session:
        version = queries.latest_version(session, activity.id)
        assert version is not None and code == 0 and f"version 1: {version.hash}" in output
    assert run("import", file, "--activity", activity.slug, "--publish", obj=lambda: installation)[0] == 2
    assert run("import", file, "--activity", other, obj=lambda: installation)[0] == 1
