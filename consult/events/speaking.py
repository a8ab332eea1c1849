"""Who said something, as notes have it: a role, or a class of the profile. Nobody is named."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import QuestionType
from consult.core.text import LocalisedText
from consult.events.models.planned import Target
from consult.events.words import SPEAKERS
from consult.processes.models import Activity
from consult.questionnaires import queries as questionnaires

MOST: Final = 20
"""Categories of a question that are offered; a list of countries would name somebody."""


class Class(NamedTuple):
    """A category of a question that is asked at sign-up."""

    question: str
    """Its id."""
    choice: str
    label: LocalisedText
    """Of the question."""
    said: LocalisedText
    """Of the category."""


def key(question: str, choice: str) -> str:
    """What a note keeps of a class."""
    return f"{question}={choice}"


def classes(session: Session, activity_id: uuid.UUID) -> Mapping[str, Class]:
    """The classes to which what was said can be put down, by what notes keep of them.

    Those of the questions of the profile grid; without a grid, of every choice of one among few.
    """
    edition = questionnaires.latest_edition(session, activity_id)
    if edition is None:
        return {}
    cells = session.scalars(select(Target.cell).where(Target.activity_id == activity_id))
    grid = {question for cell in cells for question in cell}
    return {
        key(one.question, one.choice): one for one in _offered(edition.document) if not grid or one.question in grid
    }


def _offered(written: bytes) -> Iterator[Class]:
    screening = document.decode(written)
    lists = screening.lists()
    for question in screening.questions():
        choices = lists[question.choices].choices if question.choices in lists else ()
        if question.type is QuestionType.SELECT_ONE and not question.contact and len(choices) <= MOST:
            for choice in choices:
                yield Class(question.id, choice.name, question.label, choice.label)


def speakers(session: Session, activity: Activity, locale: str, words: Callable[[str], str]) -> dict[str, str]:
    """The names of roles and classes for a reader, by what notes keep of them."""
    source = activity.locales[0]
    found = {str(role): words(label) for role, label in SPEAKERS.items()}
    for name, one in classes(session, activity.id).items():
        found[name] = f"{one.label.resolve(locale, source).text}: {one.said.resolve(locale, source).text}"
    return found
