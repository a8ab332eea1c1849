"""The command line makes the first administrator and verifies the trail."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from consult.accounts.models import Institution
from consult.cli import main
from consult.db.session import Database


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `consult` on the test's database."""
    monkeypatch.setenv("CONSULT_DATA", str(tmp_path))
    monkeypatch.setenv("CONSULT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CONSULT_BASE_URL", "https://consult.example")

    def consult(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return consult


def create(run, institution: str, email: str, *more: str) -> Result:
    return run(
        "accounts", "create-administrator", "--institution", institution, "--country", "GH", "--email", email, *more
    )


def test_the_first_institution_runs_the_installation(run, database: Database) -> None:
    first = create(run, "Ministry", "a@example.org", "--name", "Ama")
    assert first.exit_code == 0 and first.output.startswith("https://consult.example/en/staff/link/")
    assert create(run, "Ministry", "b@example.org").exit_code == 0
    assert create(run, "Agency", "c@example.org", "--locale", "fr").output.startswith("https://consult.example/fr/")
    with database.reading() as session:
        found = session.scalars(select(Institution)).all()
    assert sorted((place.name.resolve("en").text, place.operates) for place in found) == [
        ("Agency", False),
        ("Ministry", True),
    ]
    listed = run("accounts", "list").output.splitlines()
    assert listed[0] == "a@example.org\tAma\tadministrator (Ministry)\tinvited" and len(listed) == 3


@pytest.mark.parametrize("arguments", [["--country", "XX"], ["--email", "nobody"], ["--locale", "xx"]])
def test_what_cannot_be_is_refused(run, database: Database, arguments: list[str]) -> None:
    assert create(run, "Ministry", "a@example.org", *arguments).exit_code == 2
    with database.reading() as session:
        assert session.scalars(select(Institution)).all() == []


def test_verify_prints_the_head_and_fails_on_the_first_misfit(run, database: Database) -> None:
    create(run, "Ministry", "a@example.org")
    head = run("audit", "verify").output.strip()
    assert head.startswith("3:")
    assert run("audit", "verify", "--head", head).exit_code == 0
    assert run("audit", "verify", "--head", "nonsense").exit_code == 2
    with database.transaction() as session:
        session.execute(text("UPDATE audit_entries SET subject = subject || 'x' WHERE number = 2"))
    failed = run("audit", "verify")
    assert failed.exit_code == 1 and "entry 2 does not fit" in failed.output
