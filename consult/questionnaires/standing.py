"""Which standing questions an activity asks: decided at the desk, written into the draft."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.questionnaire import document, standing
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.standing import AGES, Wanted
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import overview, queries, service
from consult.questionnaires.models import Revision


def asked(questionnaire: Questionnaire) -> Wanted:
    """What the draft asks; where it asks nothing yet, consent is proposed if some questions are sensitive."""
    found = standing.wanted(questionnaire)
    if found == Wanted():
        return Wanted(consent=any(question.sensitive for question in questionnaire.questions()))
    return found


def decide(session: Session, activity: Activity, wanted: Wanted, *, by: Actor | None, now: dt.datetime) -> Revision:
    """Make the draft ask these standing questions and no others; participants see them once it is published.

    Refuses `questionnaires.draft.missing` and `questionnaires.standing.age`.
    """
    lock(session, activity)
    draft = queries.draft(session, activity.id)
    if draft is None:
        raise Refused.because("questionnaires.draft.missing")
    if wanted.least_age and wanted.least_age not in AGES:
        limits: dict[str, str | int | float] = {"least": AGES[0], "most": AGES[-1]}
        raise Refused(Problem("questionnaires.standing.age", limits, Place(field="least_age")))
    made = standing.with_standing(document.decode(draft.document), wanted)
    warnings = overview.problems(draft)
    return service.save_draft(
        session, activity, made, origin=draft.origin, warnings=warnings, decided=True, by=by, now=now
    )


def asks_consent(session: Session, activity: Activity) -> bool:
    """Whether the edition that people answer asks for consent to special categories of data."""
    edition = queries.latest_edition(session, activity.id)
    return edition is not None and standing.wanted(document.decode(edition.document)).consent
