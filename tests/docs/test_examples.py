"""Worked examples of the documents are run: commands and Python, and every digit that they print.

In a document, a block that begins with ```csv answers.csv is that file of `docs/examples/`, or what a command has
written. In a block that begins with ```console each line `$ consult …` is a command, followed by what it prints; one
that begins with ```pycon is a session of Python. What stands in one document is run in its order, in a copy of that
folder, so one example can use what another has made.
"""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main
from tests.architecture.sources import ROOT

EXAMPLES = ROOT / "docs" / "examples"
STATISTICIANS = ROOT / "docs" / "for-statisticians.md"
FILE = re.compile(r"^```csv (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```(console|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
PROMPT = "$ consult "


def documents() -> list[Path]:
    return [path for path in sorted(ROOT.joinpath("docs").rglob("*.md")) if EXAMPLE.search(path.read_text())]


def commands(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a block with what it says that they print."""
    for part in block.split(PROMPT)[1:]:
        line, _, printed = part.partition("\n")
        yield line, printed.strip("\n")


def sections(text: str) -> dict[str, str]:
    """The parts of a document by the address of their heading."""
    _, *parts = HEADING.split(text)
    addresses = (re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in parts[::2])
    return dict(zip(addresses, parts[1::2], strict=True))


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_examples_come_to_what_a_document_says(document, tmp_path, monkeypatch):
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")
    text = document.read_text(encoding="utf-8")
    known: dict[str, object] = {}

    for example in EXAMPLE.finditer(text):
        kind, block = example.groups()
        if kind == "console":
            for line, printed in commands(block):
                result = CliRunner().invoke(main, shlex.split(line))
                assert (result.exit_code, result.output.strip("\n")) == (0, printed), line
        else:
            session = doctest.DocTestParser().get_doctest(
                block, known, document.name, str(document), text[: example.start()].count("\n") + 1
            )
            found: list[str] = []
            doctest.DocTestRunner(verbose=False).run(session, out=found.append, clear_globs=False)
            assert found == []
            known = session.globs

    shown = FILE.findall(text)
    assert {name: Path(name).read_text(encoding="utf-8") for name, _ in shown} == dict(shown)


def test_every_formula_has_an_example():
    text = STATISTICIANS.read_text(encoding="utf-8")
    known = sections(text)
    rows = re.findall(r"^\| (.+?) \| \[.+?\]\(#(.+?)\) \| (.+?) \|$", known["formulas"], re.MULTILINE)

    assert len(rows) > 20
    assert [formula for formula, section, _ in rows if not EXAMPLE.search(known.get(section, ""))] == []
    assert {int(number) for number in re.findall(r"\[(\d+)\]", known["formulas"])} <= set(
        map(int, re.findall(r"^(\d+)\. ", known["sources"], re.MULTILINE))
    )
