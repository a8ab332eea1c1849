"""What was prepared and said at an event in a row of a table."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType
from consult.core.text import LocalisedText
from consult.events.models.held import GuideBlock, Note
from consult.events.models.planned import Occasion
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from tests.factories.events import HELD
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire


def make_block(session: Session, activity: Activity, title: str = "Leaving", **given: object) -> GuideBlock:
    """A block of the guide in the first locale of the event."""
    source = activity.locales[0]
    row = {
        "title": LocalisedText({source: title}),
        "questions": LocalisedText({source: "Why did you leave?\nWho decided?"}),
        "probes": LocalisedText({source: "The family?"}),
        "minutes": 20,
        "position": 1,
    }
    made = GuideBlock(activity_id=activity.id, **{**row, **given})
    session.add(made)
    session.flush()
    return made


def make_note(session: Session, occasion: Occasion, body: str = "Papers take a year.", **given: object) -> Note:
    """A note of what was said on an occasion."""
    row = {"id": uuid.uuid4(), "said": "note", "locale": "en", "day": HELD.date()}
    made = Note(activity_id=occasion.activity_id, occasion_id=occasion.id, body=body, **{**row, **given})
    session.add(made)
    session.flush()
    return made


def make_screening(session: Session, activity: Activity) -> tuple[Edition, str]:
    """What is asked at sign-up: whether somebody is a woman or a man; and the id of the question."""
    locales = tuple(activity.locales)
    question = make_question("sex", QuestionType.SELECT_ONE, locales=locales, choices="sexes")
    labels = {"woman": "Woman", "man": "Man"}
    sexes = tuple(
        Choice(name=name, label=LocalisedText(dict.fromkeys(locales, label))) for name, label in labels.items()
    )
    lists = (ChoiceList(name="sexes", choices=sexes),)
    questionnaire = make_questionnaire(question, locales=locales, lists=lists)
    return make_edition(session, activity, questionnaire), question.id
