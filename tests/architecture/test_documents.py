"""What the documents say is what the code does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from consult.cli import main
from consult.config import Settings
from tests.architecture.sources import ROOT, name

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.joinpath("docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(#[^)]*)?\)")
FILE = re.compile(r"`((?:tests|docs|consult|translations)/[\w./-]+)`")
COMMAND = re.compile(r"`consult ([^`]+)`|^consult (.+)$", re.MULTILINE)
TARGET = re.compile(r"`make ([a-z]+)")


def test_operators_find_every_setting_with_its_default() -> None:
    text = ROOT.joinpath("docs", "operate.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        default = ", ".join(setting.default) if isinstance(setting.default, tuple) else str(setting.default)
        shown = f"`{default}`" if default else "–"
        assert f"| `CONSULT_{setting.name.upper()}` | {shown} | {setting.metadata['help']} |" in text


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in ROOT.joinpath("docs", "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_what_a_document_points_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = {document.parent / target for target, _ in LINK.findall(text)}
    assert sorted(str(path) for path in linked if not path.exists()) == []
    assert [path for path in FILE.findall(text) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "Makefile"], ids=name)
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8").replace("$(BIN)/consult", "\nconsult")
    assert [line for line in _commands(text) if not _exists(line)] == []


def test_every_target_of_make_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", ROOT.joinpath("Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        assert set(TARGET.findall(document.read_text(encoding="utf-8"))) <= targets, name(document)


def _commands(text: str) -> Iterator[str]:
    for quoted, line in COMMAND.findall(text):
        yield quoted or line


def _exists(line: str) -> bool:
    """Whether the commands of a line are there, and the options that it names."""
    command: click.Command = main
    words = line.split()
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        if words[0] == "…":
            return True
        found = command.commands.get(words.pop(0))
        if found is None:
            return False
        command = found
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "--version"}
    return all(word.strip("[]") in options for word in words if word.strip("[").startswith("--"))
