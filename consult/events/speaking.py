"""Who said something, as notes have it: a role, or a class of the profile. Nobody is named."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.text import LocalisedText
from consult.events import grid, queries
from consult.events.words import SPEAKERS
from consult.processes.models import Activity

MOST: Final = 20
"""Categories of a question that are offered; a list of countries would name somebody."""


class Class(NamedTuple):
    """A category of a question that is asked at sign-up."""

    question: str
    """Its id."""
    choice: str
    asked: LocalisedText
    answered: LocalisedText


def classes(session: Session, activity_id: uuid.UUID) -> Mapping[str, Class]:
    """The classes to which what was said can be put down, by what notes keep of them.

    Those of the questions of the profile grid; without a grid, of every question with few choices.
    """
    targets = {question for target in queries.targets(session, activity_id) for question in target.cell}
    return {
        f"{question.id}={choice}": Class(question.id, choice, question.label, label)
        for question in grid.asked(session, activity_id)
        if len(question.choices) <= MOST and (not targets or question.id in targets)
        for choice, label in question.choices.items()
    }


def speakers(session: Session, activity: Activity, locale: str, words: Callable[[str], str]) -> dict[str, str]:
    """The names of roles and classes for a reader, by what notes keep of them."""
    source = activity.locales[0]
    found = {str(role): words(label) for role, label in SPEAKERS.items()}
    for name, one in classes(session, activity.id).items():
        found[name] = f"{one.asked.resolve(locale, source).text}: {one.answered.resolve(locale, source).text}"
    return found
