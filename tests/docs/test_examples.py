"""Worked examples of the documents are run: the files in `docs/examples/`, the commands, and every digit they print.

In a document, a block that begins with ```csv answers.csv is that file of `docs/examples/`, and in a block that begins
with ```console each line `$ consult …` is a command, followed by what it prints. The commands of one document are run
in their order, in a copy of that folder, so one can use what another has written.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main
from tests.architecture.sources import ROOT

EXAMPLES = ROOT / "docs" / "examples"
FILE = re.compile(r"^```csv (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ consult "


def documents() -> list[Path]:
    return [path for path in sorted(ROOT.joinpath("docs").rglob("*.md")) if "```console\n$ consult" in path.read_text()]


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a document with what it says that they print."""
    parts = [part for block in CONSOLE.findall(text) for part in block.split(PROMPT)[1:]]
    return [(line, printed.strip("\n")) for line, _, printed in (part.partition("\n") for part in parts)]


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_files_that_a_document_shows_are_those_of_its_examples(document):
    shown = FILE.findall(document.read_text(encoding="utf-8"))

    assert {name: EXAMPLES.joinpath(name).read_text(encoding="utf-8") for name, _ in shown} == dict(shown)


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_commands_print_what_a_document_says(document, tmp_path, monkeypatch):
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")

    for line, printed in commands(document.read_text(encoding="utf-8")):
        result = CliRunner().invoke(main, shlex.split(line))
        assert (result.exit_code, result.output.strip("\n")) == (0, printed), line


def test_there_are_examples():
    assert ROOT / "docs" / "for-statisticians.md" in documents()
