"""The profile grid: of whom there should be how many on each occasion."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import QuestionType
from consult.core.text import LocalisedText
from consult.questionnaires import queries as questionnaires


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the screening of which profiles are made."""

    id: str
    label: LocalisedText
    choices: Mapping[str, LocalisedText]
    """Labels by code."""


def asked(session: Session, activity_id: uuid.UUID) -> list[Asked]:
    """The questions of the published screening that have one answer among a list of choices."""
    edition = questionnaires.latest_edition(session, activity_id)
    if edition is None:
        return []
    read = document.decode(edition.document)
    lists = read.lists()
    return [
        Asked(question.id, question.label, {choice.name: choice.label for choice in lists[question.choices].choices})
        for question in read.questions()
        if question.type is QuestionType.SELECT_ONE and question.choices in lists and not question.contact
    ]
