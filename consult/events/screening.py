"""The questions asked at sign-up: which answers are counted, and which lie sealed with the contact data."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from consult.core.questionnaire.answers import Answer, Answers, decode
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.steps import Compiled
from consult.events.vault import Person


def counts(compiled: Compiled, cells: Collection[str]) -> frozenset[str]:
    """The questions whose answers are counted: of one choice, and named in the profile grid (`cells`) or of a concept
    by which results compare."""
    asked = (question for question in compiled.pages[0].asked if question.type is QuestionType.SELECT_ONE)
    return frozenset(question.id for question in asked if question.concept or question.id in cells)


def divided(answers: Mapping[str, Answer], counted: Collection[str]) -> tuple[dict[str, str], dict[str, object]]:
    """What of the answers is counted, by question; and the rest."""
    given = {name: answer for name, answer in answers.items() if answer is not None}
    profile = {name: answer for name, answer in given.items() if name in counted and isinstance(answer, str)}
    return profile, {name: answer for name, answer in given.items() if name not in profile}


def together(profile: Mapping[str, str], person: Person) -> Answers:
    """Both again, as the questionnaire knows them."""
    return decode(msgspec.json.encode({**person.answers, **profile}).decode())
