"""What a questionnaire consists of, for those who decide whether it can be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from consult.core.errors import Place, Problem
from consult.core.exchange.xlsform import Summary
from consult.core.exchange.xlsform.summary import summarise
from consult.core.questionnaire import document, lint
from consult.core.questionnaire.definition import Questionnaire
from consult.core.text import LocalisedText
from consult.questionnaires.models import Revision

_COUNTED = {"questionnaire.incomplete", "xlsform.language.incomplete", "xlsform.column.media"}
"""Warnings that say what is counted elsewhere: texts in `Completeness`, files with the sounds and pictures."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of a questionnaire's texts exist in a locale."""

    locale: str
    texts: int
    total: int

    @property
    def share(self) -> float:
        """The share of 1 that exists; rounded down where it is shown, so that only all is 100 %."""
        return int(100 * self.texts / self.total) / 100 if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Overview:
    """A draft in numbers, with what hinders its publication and what is odd about it."""

    summary: Summary
    completeness: tuple[Completeness, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    """What the import left out, then what `lint` finds; texts that are missing are in `completeness`."""
    by_group: bool = False
    """Whether the import named groups and questions, and not the cells of sheets."""


def overview(revision: Revision) -> Overview:
    """The overview of a draft."""
    questionnaire = document.decode(revision.document)
    found = lint.lint(questionnaire)
    # Said by imports of types and matrices that are asked now.
    imported = tuple(problem for problem in problems(revision) if not problem.code.startswith("xlsform.later"))
    known = {(problem.code, problem.place.row) for problem in imported}
    odd = tuple(problem for problem in found.warnings if (problem.code, problem.place.row) not in known)
    told = tuple(problem for problem in (*imported, *odd) if problem.code not in _COUNTED)
    by_group = any(problem.code.startswith("lss.") for problem in imported)
    return Overview(summarise(questionnaire), completeness(questionnaire), found.errors, told, by_group)


def problems(revision: Revision) -> tuple[Problem, ...]:
    """What the import of a draft left out or found odd."""
    return tuple(_problem(stored) for stored in revision.warnings)


def _problem(stored: dict[str, object]) -> Problem:
    place = msgspec.convert({name: stored[name] for name in ("sheet", "row", "column")}, Place)
    return Problem(str(stored["code"]), msgspec.convert(stored["params"], dict[str, str | int | float]), place)


def completeness(questionnaire: Questionnaire) -> tuple[Completeness, ...]:
    """For each locale, how many of the texts there are exist in it."""
    texts = [text for text in _texts(questionnaire) if text]
    return tuple(
        Completeness(locale, sum(locale in text for text in texts), len(texts)) for locale in questionnaire.locales
    )


def _texts(part: object) -> Iterator[LocalisedText]:
    if isinstance(part, LocalisedText):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _texts(inner)
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _texts(getattr(part, name))
