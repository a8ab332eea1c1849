"""French documents have everything that their English originals have, in the same order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

FRENCH = sorted(ROOT.joinpath("docs", "fr").glob("*.md"))
BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^# .*|  +# .*")
PART = re.compile(r"^(?:#+ |\||- |\d+\. )", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]*)#([^)]+)\)")


def parts(text: str) -> list[str]:
    """Headings with their level, rows of tables and items of lists, in their order, without the words."""
    return PART.findall(BLOCK.sub("", text))


def blocks(text: str) -> list[list[str]]:
    """The lines of blocks of code, comments without their words."""
    return [[COMMENT.sub("#", line) for line in block.split("\n")] for block in BLOCK.findall(text)]


def addresses(document: Path) -> set[str]:
    """The headings of a document as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_french_documents():
    assert {path.name for path in FRENCH} >= {"operate.md", "privacy.md", "translators.md"}


@pytest.mark.parametrize("document", FRENCH, ids=lambda path: path.name)
def test_a_french_document_has_what_its_original_has(document):
    french = document.read_text(encoding="utf-8")
    english = document.parents[1].joinpath(document.name).read_text(encoding="utf-8")

    assert f"In English: [{document.name}](../{document.name})" in french
    assert parts(french) == parts(english)
    assert blocks(french) == blocks(english)


@pytest.mark.parametrize("document", FRENCH, ids=lambda path: path.name)
def test_what_a_french_document_links_to_has_that_heading(document):
    for path, heading in LINK.findall(document.read_text(encoding="utf-8")):
        assert heading in addresses(document.parent / (path or document.name))
