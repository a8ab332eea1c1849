"""What is said on the command line about answers to earlier editions."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import NamedTuple, TextIO

import click

from consult.core.questionnaire.changes import Decisions
from consult.questionnaires.service import Impact


class Said(NamedTuple):
    """What was said about earlier answers, by names of questions."""

    codes: Sequence[tuple[str, str, str]]
    """Question, old code, new code; none: kept apart."""
    meaning: Sequence[str]
    renamed: Sequence[tuple[str, str, str]]
    """New name, `=`, old name."""

    def of(self, impact: Impact) -> tuple[Decisions, dict[str, str]]:
        """The same by ids; a name that is nowhere stands for itself, and is refused as unknown."""
        added = {asked.question.name: asked.question.id for asked in impact.changes.added}
        removed = {asked.question.name: asked.question.id for asked in impact.changes.removed}
        same = {added.get(new, new): removed.get(old, old) for new, _, old in self.renamed}
        ids = {question.name: same.get(question.id, question.id) for question in impact.questionnaire.questions()}
        codes: dict[tuple[str, str], tuple[str, ...]] = {}
        for name, old, new in self.codes:
            place = ids.get(name, name), old
            codes[place] = (*codes.get(place, ()), *([new] if new else []))
        return Decisions(codes, frozenset(ids.get(name, name) for name in self.meaning)), same


def rows(file: TextIO) -> list[tuple[str, str, str]]:
    """The rows of a map file: question, old code, new code."""
    reader = csv.DictReader(file)
    if {"question", "old", "new"} - set(reader.fieldnames or ()):
        raise click.ClickException("The map needs the columns question, old and new.")
    return [tuple((row[name] or "").strip() for name in ("question", "old", "new")) for row in reader]  # type: ignore[misc]  # three of three
